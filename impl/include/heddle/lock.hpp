// Lock: a non-recursive, unowned binary lock.
#pragma once

#include <atomic>
#include <chrono>

#include <heddle/errors.hpp>
#include <heddle/platform/platform.hpp>
#include <heddle/platform/std_platform.hpp>
#include <heddle/timeout.hpp>

namespace heddle {

/// A lock that any thread may release, as in Python; it has no owner and is not recursive.
/// Meets Lockable and TimedLockable, so std::scoped_lock, std::unique_lock and std::condition_variable_any work.
/// It may be destroyed in any state, but not during a call by another thread.
/// Source: Python 3.13 threading.Lock; the three-state futex mutex of Drepper, "Futexes Are Tricky" (mutex2).
template <Platform P>
class BasicLock {
  public:
    BasicLock() = default;
    BasicLock(const BasicLock&) = delete;
    BasicLock& operator=(const BasicLock&) = delete;

    /// Takes the lock; waits for it if `blocking`, for at most `timeout` (no_timeout: for ever; zero: one try).
    /// Requires: nothing. A caller that already holds it waits for another thread to release it.
    /// Returns: whether the lock was taken; on false nothing has changed.
    /// Errors: throws ValueError if `timeout` is NaN, is negative and not no_timeout, or is given although not
    /// `blocking`; OverflowError above timeout_max. The arguments are checked first, whatever the state.
    /// Visibility: the release() that made it free happens-before a return of true; false orders nothing.
    /// Source: Python 3.13 Lock.acquire.
    bool acquire(bool blocking = true, Seconds timeout = no_timeout) {
        detail::refuse_nan(timeout);
        if (!blocking) {
            if (timeout != no_timeout) throw ValueError("can't specify a timeout for a non-blocking call");
            return try_lock();
        }
        if (timeout == no_timeout) {
            lock();
            return true;
        }
        if (timeout.count() < 0.0) throw ValueError("timeout value must be a non-negative number");
        return acquire_before(detail::deadline_after<P>(timeout));
    }

    /// Frees the lock and lets exactly one waiting thread proceed. Any thread may call it.
    /// Requires: nothing. Returns: nothing.
    /// Errors: throws RuntimeError if the lock is not held; then nothing has changed.
    /// Visibility: happens-before the next successful acquire. Source: Python 3.13 Lock.release.
    void release() {
        // Release: synchronizes-with the acquire in try_lock and lock_contended. On a lock that is not held the
        // exchange writes back the value that it found.
        const FutexWord before = state_.exchange(unlocked, std::memory_order_release);
        if (before != locked_quietly) release_unusual(before);
    }

    /// Whether somebody holds the lock at some instant during the call.
    /// Requires: nothing. Returns: that. Errors: none. Visibility: none. Source: Python 3.13 Lock.locked.
    [[nodiscard]] bool locked() const noexcept {
        // Relaxed: the answer is a snapshot that promises no ordering.
        return state_.load(std::memory_order_relaxed) != unlocked;
    }

    /// acquire() under the name that std::scoped_lock expects.
    void lock() {
        if (!try_lock()) lock_contended(Deadline::never());
    }

    /// acquire(false) under the name that std::unique_lock expects.
    [[nodiscard]] bool try_lock() noexcept {
        FutexWord expected = unlocked;
        // Acquire on success: synchronizes-with the release in release(). Relaxed on failure: nothing was taken.
        return state_.compare_exchange_strong(expected, locked_quietly, std::memory_order_acquire,
                                              std::memory_order_relaxed);
    }

    /// release() under the name that std::scoped_lock expects.
    void unlock() { release(); }

    /// Takes the lock, waiting at most `timeout`; zero and negative ones mean one try.
    /// Requires: nothing. Returns: whether it was taken. Errors: as acquire(true, timeout), a negative one excepted.
    /// Visibility: as acquire. Source: C++20 TimedLockable.
    template <class Rep, class Period>
    [[nodiscard]] bool try_lock_for(const std::chrono::duration<Rep, Period>& timeout) {
        return acquire_before(detail::deadline_after<P>(Seconds(timeout)));
    }

    /// Takes the lock, waiting until `when` on its clock at the latest. Otherwise as try_lock_for.
    template <class Clock, class Duration>
    [[nodiscard]] bool try_lock_until(const std::chrono::time_point<Clock, Duration>& when) {
        return acquire_before(detail::deadline_until<P>(when));
    }

  private:
    // state_                set by                          cleared by
    // unlocked              release                         -
    // locked_quietly        try_lock                        release
    // contended             lock_contended, before it       release
    //                       sleeps and when it wins
    // `contended` may lag: it can outlive the last waiter, and then costs one wake that finds nobody.
    static constexpr FutexWord unlocked = 0;
    static constexpr FutexWord locked_quietly = 1;
    static constexpr FutexWord contended = 2;

    // The rare half of release(), out of line so that the common half stays a leaf.
    [[gnu::noinline]] void release_unusual(FutexWord before) {
        if (before == unlocked) throw RuntimeError("release unlocked lock");
        P::wake_one(state_);
    }

    bool acquire_before(Deadline deadline) { return try_lock() || lock_contended(deadline); }

    // A thread that has slept cannot know whether others still sleep, so it takes the lock as `contended`.
    // After the deadline the exchange is tried once more: a lock that became free in time is not refused.
    [[gnu::noinline]] bool lock_contended(Deadline deadline) {
        for (bool expired = false;;) {
            // Acquire: synchronizes-with the release in release().
            if (state_.exchange(contended, std::memory_order_acquire) == unlocked) return true;
            if (expired) return false;
            expired = P::wait(state_, contended, deadline) == WaitResult::timed_out;
        }
    }

    typename P::template atomic<FutexWord> state_{unlocked, "Lock.state"};
};

/// The Lock of programs.
using Lock = BasicLock<StdPlatform>;

static_assert(sizeof(Lock) == sizeof(FutexWord), "a lock is one word");

}  // namespace heddle
