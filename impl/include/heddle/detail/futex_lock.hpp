// The lock underneath Lock: one word, three states.
#pragma once

#include <atomic>

#include <heddle/platform/platform.hpp>

namespace heddle::detail {

/// Source: Drepper, "Futexes Are Tricky" (mutex2).
template <Platform P>
class FutexLock {
  public:
    explicit FutexLock(const char* name) : state_(unlocked, name) {}

    [[nodiscard]] bool try_lock() noexcept {
        FutexWord expected = unlocked;
        // Acquire on success: synchronizes-with the release in unlock(). Relaxed on failure: nothing was taken.
        return state_.compare_exchange_strong(expected, locked_quietly, std::memory_order_acquire,
                                              std::memory_order_relaxed);
    }

    void lock() {
        if (!try_lock()) spin_and_lock();
    }

    /// lock() by a thread that was just notified, by one that is about to unlock: spinning is worth while. But not if the
    /// thread `slept`: then it may run where that one did, which has to wait for it.
    void lock_after_wait(bool slept) {
        if (slept) {
            (void)lock_before(Deadline::never());
        } else if (!try_lock()) {
            P::spin_while(state_, locked_quietly);
            lock();
        }
    }

    [[nodiscard]] bool lock_before(Deadline deadline) { return try_lock() || lock_contended(deadline); }

    /// Returns: whether it was locked; if not, nothing has changed.
    [[nodiscard]] bool unlock() {
        // Release: synchronizes-with the acquire in try_lock and lock_contended. On a lock that is not held the
        // exchange writes back the value that it found.
        const FutexWord before = state_.exchange(unlocked, std::memory_order_release);
        return before == locked_quietly || unlock_unusual(before);
    }

    [[nodiscard]] bool locked() const noexcept {
        // Relaxed: the answer is a snapshot that promises no ordering.
        return state_.load(std::memory_order_relaxed) != unlocked;
    }

  private:
    // state_                set by                          cleared by
    // unlocked              unlock                          -
    // locked_quietly        try_lock                        unlock
    // contended             lock_contended, before it       unlock
    //                       sleeps and when it wins
    // `contended` may lag: it can outlive the last waiter, and then costs one wake that finds nobody.
    static constexpr FutexWord unlocked = 0;
    static constexpr FutexWord locked_quietly = 1;
    static constexpr FutexWord contended = 2;

    // The rare half of unlock(), out of line so that the common half stays a leaf.
    [[gnu::noinline]] bool unlock_unusual(FutexWord before) {
        if (before == unlocked) return false;
        P::wake_one(state_);
        return true;
    }

    // A holder that is about to unlock does so before a sleep would begin.
    [[gnu::noinline]] void spin_and_lock() {
        P::spin_while(state_, locked_quietly, Backoff::growing);
        lock_contended(Deadline::never());
    }

    // A thread that has slept cannot know whether others still sleep, so it takes the lock as `contended`.
    // After the deadline the exchange is tried once more: a lock that became free in time is not refused.
    [[gnu::noinline]] bool lock_contended(Deadline deadline) {
        for (bool expired = false;;) {
            // Acquire: synchronizes-with the release in unlock().
            if (state_.exchange(contended, std::memory_order_acquire) == unlocked) return true;
            if (expired) return false;
            expired = P::wait(state_, contended, deadline) == WaitResult::timed_out;
        }
    }

    typename P::template atomic<FutexWord> state_;
};

template <Platform P>
struct LockCoreOf {
    using type = FutexLock<P>;
};
template <Platform P>
requires requires { typename P::lock_core; }
struct LockCoreOf<P> {
    using type = typename P::lock_core;
};

/// What Lock is made of; a Platform may bring its own, as one that checks what is built on locks does.
template <Platform P>
using LockCore = typename LockCoreOf<P>::type;

}  // namespace heddle::detail
