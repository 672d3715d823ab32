// heddle's primitives and what a C++ programmer would take instead, on the same work in the same run. Every benchmark is
// named WORK/WHO/..., and bench/table.py divides the peers' times by heddle's.
#include <benchmark/benchmark.h>

#include <barrier>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <semaphore>
#include <string>
#include <thread>
#include <utility>

#include <heddle/barrier.hpp>
#include <heddle/condition.hpp>
#include <heddle/event.hpp>
#include <heddle/queue.hpp>
#include <heddle/semaphore.hpp>
#include <heddle/simple_queue.hpp>
#include <heddle/thread.hpp>

namespace {

// ---- locks

template <class L>
void lock_and_unlock(benchmark::State& state) {
    static L lock;
    for (auto _ : state) {
        lock.lock();
        lock.unlock();
    }
}

template <class L>
void lock_again(benchmark::State& state) {
    static L lock;
    const std::scoped_lock outer(lock);
    for (auto _ : state) {
        lock.lock();
        lock.unlock();
    }
}

// A critical section of some tens of nanoseconds, and as much outside of it.
template <class L>
void contend(benchmark::State& state) {
    static L lock;
    static std::size_t shared = 0;
    std::size_t own = 0;
    for (auto _ : state) {
        {
            const std::scoped_lock guard(lock);
            for (int n = 0; n != 8; ++n) benchmark::DoNotOptimize(++shared);
        }
        for (int n = 0; n != 8; ++n) benchmark::DoNotOptimize(++own);
    }
}

// ---- waiting

struct HeddleTable {
    heddle::Lock lock;
    heddle::Condition<heddle::Lock> condition{lock};
    void wait() { condition.wait(); }
    void notify() { condition.notify(); }
};
struct StdTable {
    std::mutex lock;
    std::condition_variable condition;
    void wait() {
        std::unique_lock guard(lock, std::adopt_lock);
        condition.wait(guard);
        guard.release();
    }
    void notify() { condition.notify_one(); }
};

template <class Table>
void ping_pong(benchmark::State& state) {
    static Table table;
    static bool turn = false;
    const bool mine = state.thread_index() == 1;
    for (auto _ : state) {
        const std::scoped_lock guard(table.lock);
        while (turn != mine) table.wait();
        turn = !mine;
        table.notify();
    }
}

struct StdEvent {
    std::mutex mutex;
    std::condition_variable changed;
    bool flag = false;
    void set() {
        const std::scoped_lock guard(mutex);
        flag = true;
        changed.notify_all();
    }
    void wait() {
        std::unique_lock guard(mutex);
        changed.wait(guard, [this] { return flag; });
    }
};

template <class E>
void wait_for_a_set_event(benchmark::State& state) {
    static E event;
    event.set();
    for (auto _ : state) event.wait();
}

template <class S>
void take_and_give_a_permit(benchmark::State& state) {
    static S semaphore(1);
    for (auto _ : state) {
        semaphore.acquire();
        semaphore.release();
    }
}

template <class S>
void hand_a_permit_over(benchmark::State& state) {
    static S ping(0);
    static S pong(0);
    S& take = state.thread_index() == 0 ? pong : ping;
    S& give = state.thread_index() == 0 ? ping : pong;
    for (auto _ : state) {
        give.release();
        take.acquire();
    }
}

struct StdBarrier {
    explicit StdBarrier(std::ptrdiff_t parties) : barrier(parties) {}
    void wait() { barrier.arrive_and_wait(); }
    std::barrier<> barrier;
};

template <class B, int parties>
void meet(benchmark::State& state) {
    static B barrier(parties);
    for (auto _ : state) barrier.wait();
}

// ---- threads

void start_and_join_heddle(benchmark::State& state) {
    for (auto _ : state) {
        heddle::Thread thread([] {});
        thread.start();
        thread.join();
    }
}
void start_and_join_std(benchmark::State& state) {
    for (auto _ : state) std::jthread([] {});
}

// ---- queues

// What one writes by hand: a mutex, two condition variables and a deque.
template <class T>
class StdQueue {
  public:
    explicit StdQueue(std::ptrdiff_t maxsize) : maxsize_(maxsize) {}
    void put(T item) {
        {
            std::unique_lock guard(mutex_);
            not_full_.wait(guard, [this] { return maxsize_ <= 0 || std::cmp_less(items_.size(), maxsize_); });
            items_.push_back(std::move(item));
        }
        not_empty_.notify_one();
    }
    T get() {
        std::unique_lock guard(mutex_);
        not_empty_.wait(guard, [this] { return !items_.empty(); });
        T item = std::move(items_.front());
        items_.pop_front();
        guard.unlock();
        not_full_.notify_one();
        return item;
    }

  private:
    std::ptrdiff_t maxsize_;
    std::mutex mutex_;
    std::condition_variable not_empty_;
    std::condition_variable not_full_;
    std::deque<T> items_;
};

template <class T>
T item() {
    if constexpr (std::is_same_v<T, std::string>) return "an item that is longer than a small string";
    else return T{};
}

template <class Q, class T>
void put_and_get(benchmark::State& state) {
    static Q queue(0);
    for (auto _ : state) {
        queue.put(item<T>());
        benchmark::DoNotOptimize(queue.get());
    }
}

// Even threads put, odd threads get, equally many.
template <class Q, class T, int maxsize>
void pass_on(benchmark::State& state) {
    static Q queue(maxsize);
    if (state.thread_index() % 2 == 0)
        for (auto _ : state) queue.put(item<T>());
    else
        for (auto _ : state) benchmark::DoNotOptimize(queue.get());
}

using Int = int;
using String = std::string;
using HeddleInts = heddle::Queue<Int>;
using HeddleStrings = heddle::Queue<String>;
using StdInts = StdQueue<Int>;
using StdStrings = StdQueue<String>;

}  // namespace

BENCHMARK(lock_and_unlock<heddle::Lock>)->Name("lock and unlock/heddle");
BENCHMARK(lock_and_unlock<std::mutex>)->Name("lock and unlock/std");
BENCHMARK(lock_and_unlock<heddle::RLock>)->Name("recursive lock and unlock/heddle");
BENCHMARK(lock_and_unlock<std::recursive_mutex>)->Name("recursive lock and unlock/std");
BENCHMARK(lock_again<heddle::RLock>)->Name("recursive lock, nested/heddle");
BENCHMARK(lock_again<std::recursive_mutex>)->Name("recursive lock, nested/std");
#define HEDDLE_CONTEND(n)                                                                             \
    BENCHMARK(contend<heddle::Lock>)->Name("lock, " #n " threads/heddle")->Threads(n)->UseRealTime(); \
    BENCHMARK(contend<std::mutex>)->Name("lock, " #n " threads/std")->Threads(n)->UseRealTime()
HEDDLE_CONTEND(2);
HEDDLE_CONTEND(4);
HEDDLE_CONTEND(8);
BENCHMARK(ping_pong<HeddleTable>)->Name("condition, ping-pong/heddle")->Threads(2)->UseRealTime();
BENCHMARK(ping_pong<StdTable>)->Name("condition, ping-pong/std")->Threads(2)->UseRealTime();
BENCHMARK(wait_for_a_set_event<heddle::Event>)->Name("event, already set/heddle");
BENCHMARK(wait_for_a_set_event<StdEvent>)->Name("event, already set/std");
BENCHMARK(take_and_give_a_permit<heddle::Semaphore>)->Name("semaphore, one thread/heddle");
BENCHMARK(take_and_give_a_permit<std::counting_semaphore<>>)->Name("semaphore, one thread/std");
BENCHMARK(hand_a_permit_over<heddle::Semaphore>)->Name("semaphore, hand-over/heddle")->Threads(2)->UseRealTime();
BENCHMARK(hand_a_permit_over<std::counting_semaphore<>>)->Name("semaphore, hand-over/std")->Threads(2)->UseRealTime();
BENCHMARK(meet<heddle::Barrier, 2>)->Name("barrier of 2/heddle")->Threads(2)->UseRealTime();
BENCHMARK(meet<StdBarrier, 2>)->Name("barrier of 2/std")->Threads(2)->UseRealTime();
BENCHMARK(meet<heddle::Barrier, 4>)->Name("barrier of 4/heddle")->Threads(4)->UseRealTime();
BENCHMARK(meet<StdBarrier, 4>)->Name("barrier of 4/std")->Threads(4)->UseRealTime();
BENCHMARK(start_and_join_heddle)->Name("start and join a thread/heddle")->UseRealTime();
BENCHMARK(start_and_join_std)->Name("start and join a thread/std")->UseRealTime();
BENCHMARK(put_and_get<HeddleInts, Int>)->Name("queue, one thread, int/heddle");
BENCHMARK(put_and_get<StdInts, Int>)->Name("queue, one thread, int/std");
#define HEDDLE_PASS_ON(T, maxsize, n, text)                                                                      \
    BENCHMARK(pass_on<Heddle##T##s, T, maxsize>)->Name("queue, " text "/heddle")->Threads(2 * n)->UseRealTime(); \
    BENCHMARK(pass_on<Std##T##s, T, maxsize>)->Name("queue, " text "/std")->Threads(2 * n)->UseRealTime()
HEDDLE_PASS_ON(Int, 0, 1, "1x1, unbounded, int");
HEDDLE_PASS_ON(Int, 1024, 1, "1x1, maxsize 1024, int");
HEDDLE_PASS_ON(Int, 16, 1, "1x1, maxsize 16, int");
HEDDLE_PASS_ON(Int, 1, 1, "1x1, maxsize 1, int");
HEDDLE_PASS_ON(Int, 1, 2, "2x2, maxsize 1, int");
HEDDLE_PASS_ON(Int, 1024, 4, "4x4, maxsize 1024, int");
HEDDLE_PASS_ON(String, 1024, 1, "1x1, maxsize 1024, string");

BENCHMARK_MAIN();
