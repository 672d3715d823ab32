// A bounded queue and a pool of threads as anybody writes them, and the ways in which they usually go wrong.
#include <atomic>
#include <cassert>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include <heddle/unmodified.hpp>

namespace {

enum class QueueFault { none, one_condition, no_loop };

template <class T, QueueFault fault = QueueFault::none>
class BoundedQueue {
  public:
    explicit BoundedQueue(std::size_t capacity) : capacity_(capacity) {}

    void push(T item) {
        std::unique_lock lock(mutex_);
        wait(not_full_, lock, [this] { return items_.size() != capacity_; });
        items_.push_back(std::move(item));
        not_empty().notify_one();
    }

    T pop() {
        std::unique_lock lock(mutex_);
        wait(not_empty(), lock, [this] { return !items_.empty(); });
        assert(!items_.empty());
        T item = std::move(items_.front());
        items_.pop_front();
        not_full_.notify_one();
        return item;
    }

  private:
    /// Broken: with one condition for both, a notification for one side may wake the other one.
    std::condition_variable& not_empty() { return fault == QueueFault::one_condition ? not_full_ : not_empty_; }

    /// Broken: whoever is woken may find that another thread was faster.
    template <class Predicate>
    static void wait(std::condition_variable& condition, std::unique_lock<std::mutex>& lock, Predicate holds) {
        if (fault != QueueFault::no_loop) condition.wait(lock, holds);
        else if (!holds()) condition.wait(lock);
    }

    std::mutex mutex_;
    std::condition_variable not_full_, not_empty_;
    std::deque<T> items_;
    std::size_t capacity_;
};

template <QueueFault fault>
void two_on_each_side() {
    BoundedQueue<int, fault> queue(1);
    std::thread producers[] = {std::thread([&] { queue.push(1); }), std::thread([&] { queue.push(2); })};
    std::thread consumer([&] { queue.pop(); });
    queue.pop();
    for (std::thread& producer : producers) producer.join();
    consumer.join();
}

HEDDLE_TEST(BoundedQueueKeepsOrder) {
    BoundedQueue<int> queue(1);
    std::thread producer([&] { queue.push(1), queue.push(2); });
    assert(queue.pop() == 1);
    assert(queue.pop() == 2);
    producer.join();
}
HEDDLE_TEST(BoundedQueueServesTwoOnEachSide) { two_on_each_side<QueueFault::none>(); }
HEDDLE_BROKEN_TEST(BoundedQueueWithOneCondition, deadlock) { two_on_each_side<QueueFault::one_condition>(); }
HEDDLE_BROKEN_TEST(BoundedQueueThatDoesNotLookAgain, assertion) { two_on_each_side<QueueFault::no_loop>(); }

enum class PoolFault { none, stops_outside_the_mutex, leaves_tasks };

template <PoolFault fault = PoolFault::none>
class ThreadPool {
  public:
    explicit ThreadPool(std::size_t workers) {
        while (workers_.size() != workers) workers_.emplace_back([this] { work(); });
    }
    ~ThreadPool() {
        {
            // Broken: a worker that has just looked, and is about to sleep, does not hear of it.
            std::unique_lock lock(mutex_, std::defer_lock);
            if (fault != PoolFault::stops_outside_the_mutex) lock.lock();
            stops_ = true;
        }
        wake_.notify_all();
        for (std::thread& worker : workers_) worker.join();
    }

    template <class Function>
    auto submit(Function function) {
        auto task = std::make_shared<std::packaged_task<decltype(function())()>>(std::move(function));
        auto result = task->get_future();
        {
            const std::lock_guard lock(mutex_);
            tasks_.emplace_back([task] { (*task)(); });
        }
        wake_.notify_one();
        return result;
    }

  private:
    void work() {
        for (;;) {
            std::function<void()> task;
            {
                std::unique_lock lock(mutex_);
                wake_.wait(lock, [this] { return stops_ || !tasks_.empty(); });
                // Broken: what is still to be done is not done.
                if (tasks_.empty() || (fault == PoolFault::leaves_tasks && stops_)) return;
                task = std::move(tasks_.front());
                tasks_.pop_front();
            }
            task();
        }
    }

    std::mutex mutex_;
    std::condition_variable wake_;
    std::deque<std::function<void()>> tasks_;
    std::atomic<bool> stops_{false};
    std::vector<std::thread> workers_;
};

HEDDLE_TEST(PoolRunsTasksInTurn) {
    ThreadPool<> pool(1);
    auto first = pool.submit([] { return 1; });
    auto second = pool.submit([] { return 2; });
    assert(first.get() + second.get() == 3);
}
HEDDLE_TEST(PoolOfTwoRunsATask) {
    ThreadPool<> pool(2);
    assert(pool.submit([] { return 1; }).get() == 1);
}
HEDDLE_BROKEN_TEST(PoolThatStopsOutsideTheMutex, deadlock) {
    ThreadPool<PoolFault::stops_outside_the_mutex> pool(1);
    pool.submit([] {});
}
HEDDLE_BROKEN_TEST(PoolThatLeavesTasks, exception) {
    std::future<int> result;
    {
        ThreadPool<PoolFault::leaves_tasks> pool(1);
        result = pool.submit([] { return 1; });
    }
    result.get();
}

}  // namespace
