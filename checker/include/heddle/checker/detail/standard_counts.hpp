// What threads of the standard library wait for together, under a checker: made of atomics and futexes, as it is in programs.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <utility>

#include <heddle/checker/checking_platform.hpp>
#include <heddle/checker/mutex.hpp>
#include <heddle/platform/deadline.hpp>

namespace heddle::checker::detail {

/// std::latch on platform `P`.
template <class P>
class CheckedLatch {
  public:
    explicit CheckedLatch(std::ptrdiff_t count, const char* name = "latch", Site site = Site::current())
        : left_(static_cast<FutexWord>(count), name, site) {}
    CheckedLatch(const CheckedLatch&) = delete;
    CheckedLatch& operator=(const CheckedLatch&) = delete;
    ~CheckedLatch() = default;

    void count_down(std::ptrdiff_t by = 1, Site site = Site::current()) {
        const auto count = static_cast<FutexWord>(by);
        // Release: synchronizes with the acquire in is_open().
        const FutexWord before = left_.fetch_sub(count, std::memory_order_release, site);
        if (before < count) CheckingPlatform::misuse("a latch is counted down below zero", site);
        if (before == count) P::wake_all(left_, site);
    }
    bool try_wait(Site site = Site::current()) const { return left(site) == 0; }
    void wait(Site site = Site::current()) const {
        while (const FutexWord seen = left(site)) P::wait(left_, seen, Deadline::never(), site);
    }
    void arrive_and_wait(std::ptrdiff_t by = 1, Site site = Site::current()) {
        count_down(by, site);
        wait(site);
    }

  private:
    // Acquire: synchronizes with the release in count_down().
    FutexWord left(Site site) const { return left_.load(std::memory_order_acquire, site); }

    typename P::template atomic<FutexWord> left_;
};

/// std::counting_semaphore on platform `P`.
template <class P, std::ptrdiff_t most>
class CheckedSemaphore {
  public:
    explicit CheckedSemaphore(std::ptrdiff_t count, const char* name = "counting_semaphore",
                              Site site = Site::current())
        : count_(static_cast<FutexWord>(count), name, site) {}
    CheckedSemaphore(const CheckedSemaphore&) = delete;
    CheckedSemaphore& operator=(const CheckedSemaphore&) = delete;
    ~CheckedSemaphore() = default;

    static constexpr std::ptrdiff_t max() noexcept { return most; }

    void release(std::ptrdiff_t count = 1, Site site = Site::current()) {
        const auto more = static_cast<FutexWord>(count);
        // Release: synchronizes with the acquire in try_acquire().
        const FutexWord before = count_.fetch_add(more, std::memory_order_release, site);
        if (static_cast<std::ptrdiff_t>(before) + count > most)
            CheckingPlatform::misuse("a semaphore is released more often than it may be", site);
        if (before == 0) P::wake_all(count_, site);
    }
    bool try_acquire(Site site = Site::current()) {
        for (FutexWord seen = 1; seen != 0;)
            // Acquire: synchronizes with the release in release(). Relaxed: nothing follows from a failure.
            if (count_.compare_exchange_strong(seen, seen - 1, std::memory_order_acquire, std::memory_order_relaxed,
                                               site))
                return true;
        return false;
    }
    void acquire(Site site = Site::current()) { acquire_before(Deadline::never(), site); }
    template <class Rep, class Period>
    bool try_acquire_for(std::chrono::duration<Rep, Period> timeout, Site site = Site::current()) {
        return acquire_before(Deadline::after(CheckingPlatform::now(), timeout), site);
    }
    template <class Clock, class Duration>
    bool try_acquire_until(const std::chrono::time_point<Clock, Duration>& when, Site site = Site::current()) {
        return acquire_before(deadline_at(when), site);
    }

  private:
    bool acquire_before(Deadline deadline, Site site) {
        while (!try_acquire(site))
            if (P::wait(count_, 0, deadline, site) == WaitResult::timed_out) return try_acquire(site);
        return true;
    }

    typename P::template atomic<FutexWord> count_;
};

/// std::barrier on platform `P`. Its word holds how many have still to arrive, and above that the number of the phase.
template <class P, class Completion>
class CheckedBarrier {
  public:
    explicit CheckedBarrier(std::ptrdiff_t count, const char* name = "barrier", Site site = Site::current())
        : CheckedBarrier(count, Completion(), name, site) {}
    CheckedBarrier(std::ptrdiff_t count, Completion completion, const char* name = "barrier",
                   Site site = Site::current())
        : word_(static_cast<FutexWord>(count), name, site),
          expected_(static_cast<FutexWord>(count), "expected", site),
          completion_(std::move(completion)) {}
    CheckedBarrier(const CheckedBarrier&) = delete;
    CheckedBarrier& operator=(const CheckedBarrier&) = delete;
    ~CheckedBarrier() = default;

    /// The phase in which a thread has arrived.
    class arrival_token {
        friend CheckedBarrier;
        explicit arrival_token(FutexWord phase) : phase_(phase) {}
        FutexWord phase_;
    };

    [[nodiscard]] arrival_token arrive(std::ptrdiff_t by = 1, Site site = Site::current()) {
        const auto count = static_cast<FutexWord>(by);
        // Acquire and release: each arrival synchronizes with the later ones, and so with the completion.
        const FutexWord before = word_.fetch_sub(count, std::memory_order_acq_rel, site);
        if (left(before) < count) CheckingPlatform::misuse("more threads arrive at a barrier than it expects", site);
        if (left(before) == count) complete(phase(before), site);
        return arrival_token(phase(before));
    }
    void wait(arrival_token&& token, Site site = Site::current()) const {
        for (;;) {
            // Acquire: synchronizes with the release in complete().
            const FutexWord seen = word_.load(std::memory_order_acquire, site);
            if (phase(seen) != token.phase_) return;
            P::wait(word_, seen, Deadline::never(), site);
        }
    }
    void arrive_and_wait(Site site = Site::current()) { wait(arrive(1, site), site); }
    void arrive_and_drop(Site site = Site::current()) {
        // Relaxed: read after all have arrived, and arrive() follows.
        expected_.fetch_sub(1, std::memory_order_relaxed, site);
        static_cast<void>(arrive(1, site));
    }

  private:
    static constexpr FutexWord one_phase = 1U << 16;
    static constexpr FutexWord left(FutexWord word) { return word % one_phase; }
    static constexpr FutexWord phase(FutexWord word) { return word / one_phase; }

    void complete(FutexWord phase, Site site) {
        completion_();
        const FutexWord count = expected_.load(std::memory_order_relaxed, site);  // relaxed: all have arrived
        // Release: synchronizes with the acquire in wait().
        word_.store((phase + 1) * one_phase + count, std::memory_order_release, site);
        P::wake_all(word_, site);
    }

    typename P::template atomic<FutexWord> word_;
    typename P::template atomic<FutexWord> expected_;
    Completion completion_;
};

/// std::once_flag on platform `P`.
template <class P>
class CheckedOnceFlag {
  public:
    explicit CheckedOnceFlag(const char* name = "once_flag", Site site = Site::current())
        : word_(untried, name, site) {}
    CheckedOnceFlag(const CheckedOnceFlag&) = delete;
    CheckedOnceFlag& operator=(const CheckedOnceFlag&) = delete;
    ~CheckedOnceFlag() = default;

    template <class Function, class... Args>
    void call(Function&& function, Args&&... args) {
        for (;;) {
            FutexWord seen = untried;
            // Acquire, both: synchronizes with the releases in end().
            if (word_.compare_exchange_strong(seen, running, std::memory_order_acquire, std::memory_order_acquire))
                break;
            if (seen == done) return;
            P::wait(word_, running, Deadline::never());
        }
        try {
            std::invoke(std::forward<Function>(function), std::forward<Args>(args)...);
        } catch (...) {
            end(untried);
            throw;
        }
        end(done);
    }

  private:
    static constexpr FutexWord untried = 0;
    static constexpr FutexWord running = 1;  // one thread calls
    static constexpr FutexWord done = 2;

    void end(FutexWord word) {
        word_.store(word, std::memory_order_release);  // synchronizes with the acquire in call()
        P::wake_all(word_);
    }

    typename P::template atomic<FutexWord> word_;
};

}  // namespace heddle::checker::detail
