// Threads that wait for each other: parkers, event counts, semaphores, time-outs, requests to stop.
#include <atomic>
#include <barrier>
#include <cassert>
#include <chrono>
#include <condition_variable>
#include <future>
#include <latch>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include <heddle/unmodified.hpp>

namespace {

using namespace std::chrono_literals;
constexpr auto relaxed = std::memory_order_relaxed;
constexpr auto acquire = std::memory_order_acquire;
constexpr auto release = std::memory_order_release;
constexpr auto seq_cst = std::memory_order_seq_cst;

// ---- a token that lets one thread go on, before it waits or after

template <bool passes_the_mutex>
class Parker {
  public:
    void park() {
        std::unique_lock lock(mutex_);
        int none = empty;
        if (state_.compare_exchange_strong(none, parked)) condition_.wait(lock, [this] { return state_ == token; });
        state_ = empty;
    }
    void unpark() {
        if (state_.exchange(token) != parked) return;
        // Broken: whoever is about to wait has not yet given the mutex up, and is not heard.
        if (passes_the_mutex) const std::lock_guard passes(mutex_);
        condition_.notify_one();
    }

  private:
    static constexpr int empty = 0, token = 1, parked = 2;
    std::atomic<int> state_{empty};
    std::mutex mutex_;
    std::condition_variable condition_;
};

template <bool passes_the_mutex>
void unpark_a_thread() {
    Parker<passes_the_mutex> parker;
    int data = 0;
    std::thread other([&] { parker.park(), assert(data == 1); });
    data = 1;
    parker.unpark();
    other.join();
}
HEDDLE_TEST(ParkedThreadGoesOn) { unpark_a_thread<true>(); }
HEDDLE_BROKEN_TEST(ParkedThreadIsNotHeard, deadlock) { unpark_a_thread<false>(); }

// ---- an event count: who finds nothing says that he will wait, looks once more, and waits

template <std::memory_order announcing>
class EventCount {
  public:
    unsigned prepare() {
        waiters_.fetch_add(1, announcing);
        if (announcing == seq_cst) std::atomic_thread_fence(seq_cst);
        return epoch_.load(acquire);
    }
    void cancel() { waiters_.fetch_sub(1, relaxed); }
    void wait(unsigned epoch) {
        epoch_.wait(epoch, acquire);
        waiters_.fetch_sub(1, relaxed);
    }
    void notify() {
        if (announcing == seq_cst) std::atomic_thread_fence(seq_cst);
        if (waiters_.load(relaxed) == 0) return;
        epoch_.fetch_add(1, release);
        epoch_.notify_all();
    }

  private:
    std::atomic<unsigned> epoch_{0}, waiters_{0};
};

template <std::memory_order announcing>
void wait_for_an_item() {
    EventCount<announcing> event;
    std::atomic<int> item{0};
    std::thread consumer([&] {
        while (item.load(acquire) == 0) {
            const unsigned epoch = event.prepare();
            if (item.load(acquire) == 0) event.wait(epoch);
            else event.cancel();
        }
    });
    item.store(1, release);
    event.notify();
    consumer.join();
}
HEDDLE_TEST(EventCountWakes) { wait_for_an_item<seq_cst>(); }
HEDDLE_BROKEN_TEST(EventCountWithoutFencesSleeps, deadlock) { wait_for_an_item<std::memory_order_acq_rel>(); }

// ---- a semaphore of a mutex and a condition

template <bool wakes_for_each>
class Semaphore {
  public:
    void acquire() {
        std::unique_lock lock(mutex_);
        condition_.wait(lock, [this] { return count_ != 0; });
        --count_;
    }
    void release() {
        const std::lock_guard lock(mutex_);
        // Broken: the second one of two that wait is not woken by the second release.
        if (count_++ == 0 || wakes_for_each) condition_.notify_one();
    }

  private:
    std::mutex mutex_;
    std::condition_variable condition_;
    int count_ = 0;
};

template <bool wakes_for_each>
void release_two() {
    Semaphore<wakes_for_each> semaphore;
    std::thread first([&] { semaphore.acquire(); }), second([&] { semaphore.acquire(); });
    semaphore.release(), semaphore.release();
    first.join(), second.join();
}
HEDDLE_TEST(SemaphoreWakesForEachRelease) { release_two<true>(); }
HEDDLE_BROKEN_TEST(SemaphoreThatWakesForTheFirst, deadlock) { release_two<false>(); }

// ---- time-outs

struct Flag {
    std::mutex mutex;
    std::condition_variable condition;
    bool is_set = false;
    void set() {
        {
            const std::lock_guard lock(mutex);
            is_set = true;
        }
        condition.notify_one();
    }
};
HEDDLE_TEST(LoopOfTimedWaitsEnds) {
    Flag flag;
    std::thread other([&] { flag.set(); });
    {
        std::unique_lock lock(flag.mutex);
        while (!flag.is_set) flag.condition.wait_for(lock, 10ms);
    }
    other.join();
}
HEDDLE_BROKEN_TEST(TimedWaitIsTakenForAnAnswer, assertion) {
    Flag flag;
    std::thread other([&] { flag.set(); });
    {
        std::unique_lock lock(flag.mutex);
        flag.condition.wait_for(lock, 10ms, [&] { return flag.is_set; });
        assert(flag.is_set);
    }
    other.join();
}
HEDDLE_TEST(FutureIsPolled) {
    std::promise<int> promise;
    auto future = promise.get_future();
    std::thread keeper([&] { promise.set_value(1); });
    while (future.wait_for(1ms) != std::future_status::ready) {
    }
    assert(future.get() == 1);
    keeper.join();
}

// ---- requests to stop, latches, barriers

HEDDLE_TEST(ThreadThatPollsIsStopped) {
    std::atomic<bool> ended{false};
    {
        const std::jthread thread([&](const std::stop_token& token) {
            while (!token.stop_requested()) std::this_thread::sleep_for(1ms);
            ended = true;
        });
    }
    assert(ended);
}
HEDDLE_TEST(LatchLastsUntilAllHaveCome) {
    std::thread workers[2];
    int results[2] = {};
    {
        std::latch latch(2);
        for (int i = 0; i != 2; ++i)
            workers[i] = std::thread([&results, &latch, i] { results[i] = 1, latch.count_down(); });
        latch.wait();
        assert(results[0] == 1 && results[1] == 1);
        for (std::thread& worker : workers) worker.join();
    }
}
HEDDLE_TEST(BarrierHasTwoPhases) {
    int completed = 0;
    std::barrier barrier(2, [&]() noexcept { ++completed; });
    const auto pass = [&] { barrier.arrive_and_wait(), barrier.arrive_and_wait(); };
    std::thread other(pass);
    pass();
    other.join();
    assert(completed == 2);
}

// ---- a barrier that turns round with each phase, as people write it with std::atomic::wait

template <bool begins_anew_first>
class TurningBarrier {
  public:
    explicit TurningBarrier(int threads) : threads_(threads), left_(threads) {}
    void arrive_and_wait() {
        const int phase = phase_.load(relaxed);
        if (left_.fetch_sub(1, std::memory_order_acq_rel) != 1) return phase_.wait(phase, acquire);
        if (begins_anew_first) left_.store(threads_, relaxed);
        phase_.store(1 - phase, release);
        phase_.notify_all();
        // Broken: who has been let go may have come to the next phase already, and is not counted there.
        if (!begins_anew_first) left_.store(threads_, relaxed);
    }

  private:
    const int threads_;
    std::atomic<int> left_, phase_{0};
};

template <bool begins_anew_first>
void pass_two_phases(int threads) {
    TurningBarrier<begins_anew_first> barrier(threads);
    const auto pass = [&] { barrier.arrive_and_wait(), barrier.arrive_and_wait(); };
    std::vector<std::thread> others;
    for (int i = 1; i != threads; ++i) others.emplace_back(pass);
    pass();
    for (std::thread& other : others) other.join();
}
HEDDLE_TEST(TurningBarrierOfThree) { pass_two_phases<true>(3); }
HEDDLE_BROKEN_TEST(TurningBarrierThatBeginsAnewTooLate, deadlock) { pass_two_phases<false>(2); }

// ---- something that is made when it is first asked for

template <std::memory_order publishing>
class Lazy {
  public:
    ~Lazy() { delete made_.load(relaxed); }
    const std::string& get() {
        const std::string* made = made_.load(acquire);
        if (made != nullptr) return *made;
        const std::lock_guard lock(mutex_);
        made = made_.load(relaxed);
        if (made == nullptr) made_.store(made = new std::string("made when it was first asked for"), publishing);
        return *made;
    }

  private:
    std::atomic<const std::string*> made_{nullptr};
    std::mutex mutex_;
};

template <std::memory_order publishing>
void ask_in_two_threads() {
    Lazy<publishing> lazy;
    const auto ask = [&] { assert(lazy.get().front() == 'm'); };
    std::thread first(ask), second(ask);
    first.join(), second.join();
}
HEDDLE_TEST(LazyIsMadeOnce) { ask_in_two_threads<release>(); }
HEDDLE_BROKEN_TEST(LazyIsSeenBeforeItIsMade, data_race) { ask_in_two_threads<relaxed>(); }

}  // namespace
