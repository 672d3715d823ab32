// Threads that do not wait for ever: a semaphore that spins, sleeps and gives up, and timers that are cancelled.
#include <semaphore.h>

#include <atomic>
#include <cassert>
#include <chrono>
#include <condition_variable>
#include <ctime>
#include <functional>
#include <future>
#include <map>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>

#include <heddle/unmodified.hpp>

namespace {

using namespace std::chrono_literals;
constexpr auto relaxed = std::memory_order_relaxed;
constexpr auto acquire = std::memory_order_acquire;
constexpr auto release = std::memory_order_release;

// ---- moodycamel::LightweightSemaphore: a count in front of the system's semaphore, which is asked only by who must sleep

template <bool takes_a_late_permit>
class LightweightSemaphore {
  public:
    LightweightSemaphore() { sem_init(&sleepers_, 0, 0); }
    ~LightweightSemaphore() { sem_destroy(&sleepers_); }

    bool try_wait() {
        int count = count_.load(relaxed);
        while (count > 0)
            if (count_.compare_exchange_weak(count, count - 1, acquire, relaxed)) return true;
        return false;
    }
    bool wait_for_a_moment() {
        constexpr int most_spins = 1024;
        for (int spin = 0; spin != most_spins; ++spin) {
            int count = count_.load(relaxed);
            if (count > 0 && count_.compare_exchange_strong(count, count - 1, acquire, relaxed)) return true;
        }
        if (count_.fetch_sub(1, acquire) > 0 || sleeps_for_a_moment()) return true;
        if (!takes_a_late_permit) {
            // Broken: a signal that has come meanwhile was for this thread, and lets somebody go who has no permit.
            count_.fetch_add(1, relaxed);
            return false;
        }
        for (;;) {
            int count = count_.load(acquire);
            if (count >= 0 && sem_trywait(&sleepers_) == 0) return true;
            if (count < 0 && count_.compare_exchange_strong(count, count + 1, relaxed, relaxed)) return false;
        }
    }
    void signal() {
        if (count_.fetch_add(1, release) < 0) sem_post(&sleepers_);
    }

  private:
    bool sleeps_for_a_moment() {
        std::timespec until{};
        clock_gettime(CLOCK_REALTIME, &until);
        ++until.tv_sec;
        return sem_timedwait(&sleepers_, &until) == 0;
    }

    std::atomic<int> count_{0};
    sem_t sleepers_;
};

template <bool takes_a_late_permit>
void wait_for_a_signal() {
    LightweightSemaphore<takes_a_late_permit> semaphore;
    int data = 0;
    bool has_waited = false;
    std::thread waiter([&] {
        has_waited = semaphore.wait_for_a_moment();
        assert(!has_waited || data == 1);
    });
    data = 1;
    semaphore.signal();
    waiter.join();
    if (!has_waited) assert(semaphore.try_wait());
    assert(!semaphore.wait_for_a_moment());  // there was one permit
}
HEDDLE_TEST(SemaphoreThatSpinsHasOnePermit) { wait_for_a_signal<true>(); }
HEDDLE_BROKEN_TEST(SemaphoreThatSpinsLeavesAPermit, assertion) { wait_for_a_signal<false>(); }

template <bool takes_a_late_permit>
void two_wait_for_a_signal() {
    LightweightSemaphore<takes_a_late_permit> semaphore;
    std::atomic<int> went_on{0};
    const auto wait = [&] {
        if (semaphore.wait_for_a_moment()) went_on.fetch_add(1, relaxed);
    };
    std::thread first(wait), second(wait);
    semaphore.signal();
    first.join(), second.join();
    assert(went_on.load(relaxed) + (semaphore.try_wait() ? 1 : 0) == 1);
    assert(!semaphore.wait_for_a_moment());  // there was one permit
}
HEDDLE_TEST(SemaphoreThatSpinsServesOneOfTwo) { two_wait_for_a_signal<true>(); }
HEDDLE_BROKEN_TEST(SemaphoreThatSpinsServesTwo, assertion) { two_wait_for_a_signal<false>(); }

// ---- timers: whoever cancels one waits for a callback that runs

enum class TimerFault { none, cancels_at_once, calls_under_the_mutex, adds_unheard };

template <TimerFault fault>
class Timers {
  public:
    ~Timers() {
        {
            const std::lock_guard lock(mutex_);
            stops_ = true;
        }
        changed_.notify_all();
        thread_.join();
    }
    int add(std::chrono::milliseconds after, std::function<void()> callback) {
        const std::lock_guard lock(mutex_);
        timers_.emplace(Clock::now() + after, Timer{++last_, std::move(callback)});
        // Broken without: the thread sleeps on until it hears of another one.
        if (fault != TimerFault::adds_unheard) changed_.notify_all();
        return last_;
    }
    void cancel(int number) {
        std::unique_lock lock(mutex_);
        std::erase_if(timers_, [number](const auto& timer) { return timer.second.number == number; });
        // Broken without: its callback may still run, and use what it was made for.
        if (fault != TimerFault::cancels_at_once) changed_.wait(lock, [&] { return running_ != number; });
    }

  private:
    using Clock = std::chrono::steady_clock;
    struct Timer {
        int number;
        std::function<void()> callback;
    };

    void run() {
        std::unique_lock lock(mutex_);
        while (!stops_) {
            if (timers_.empty()) changed_.wait(lock);
            else if (const auto next = timers_.begin()->first; Clock::now() < next) changed_.wait_until(lock, next);
            else call_first(lock);
        }
    }
    void call_first(std::unique_lock<std::mutex>& lock) {
        const Timer timer = timers_.extract(timers_.begin()).mapped();
        running_ = timer.number;
        // Broken: who cancels may hold what the callback locks.
        if (fault != TimerFault::calls_under_the_mutex) lock.unlock();
        timer.callback();
        if (fault != TimerFault::calls_under_the_mutex) lock.lock();
        running_ = 0;
        changed_.notify_all();
    }

    std::mutex mutex_;
    std::condition_variable changed_;
    std::multimap<Clock::time_point, Timer> timers_;
    int last_ = 0;
    int running_ = 0;
    bool stops_ = false;
    std::thread thread_{[this] { run(); }};
};

template <TimerFault fault>
void cancel_a_timer() {
    Timers<fault> timers;
    auto count = std::make_unique<int>(0);
    const int timer = timers.add(1ms, [&count = *count] { ++count; });
    timers.cancel(timer);
    count.reset();
}
template <TimerFault fault>
void cancel_in_a_mutex() {
    Timers<fault> timers;
    std::mutex mutex;
    const int timer = timers.add(1ms, [&mutex] { const std::lock_guard lock(mutex); });
    {
        std::unique_lock lock(mutex);
        if (fault == TimerFault::none) lock.unlock();
        timers.cancel(timer);
    }
}
template <TimerFault fault>
void wait_for_a_timer() {
    Timers<fault> timers;
    std::promise<void> called;
    timers.add(1ms, [&] { called.set_value(); });
    called.get_future().wait();
}
HEDDLE_TEST(TimerIsCancelled) { cancel_a_timer<TimerFault::none>(); }
HEDDLE_TEST(TimerIsCancelledOutsideOfTheMutex) { cancel_in_a_mutex<TimerFault::none>(); }
HEDDLE_TEST(TimerCalls) { wait_for_a_timer<TimerFault::none>(); }
HEDDLE_BROKEN_TEST(TimerCallsWhenItIsCancelled, use_after_free) { cancel_a_timer<TimerFault::cancels_at_once>(); }
HEDDLE_BROKEN_TEST(TimerCallsUnderTheMutex, deadlock) { cancel_in_a_mutex<TimerFault::calls_under_the_mutex>(); }
HEDDLE_BROKEN_TEST(TimerThatIsNotHeardOf, deadlock) { wait_for_a_timer<TimerFault::adds_unheard>(); }

}  // namespace
