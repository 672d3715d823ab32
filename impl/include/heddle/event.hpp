// Event: a flag that threads wait for.
//
// ```cpp
// heddle::Event started;
// heddle::Thread worker([&] { started.set(); });
// worker.start();
// EXPECT_TRUE(started.wait());
// worker.join();
// ```
#pragma once

#include <atomic>
#include <optional>

#include <heddle/platform/platform.hpp>
#include <heddle/platform/std_platform.hpp>
#include <heddle/timeout.hpp>

namespace heddle {

/// A flag that any thread sets and clears, and that any number of threads wait for. A thread that waits when the flag is
/// set returns true, even if the flag is cleared before it runs.
/// It may be destroyed in any state, but not during a call by another thread. Source: Python 3.13 threading.Event.
template <Platform P>
class BasicEvent {
  public:
    BasicEvent() = default;
    BasicEvent(const BasicEvent&) = delete;
    BasicEvent& operator=(const BasicEvent&) = delete;

    /// Requires: nothing. Returns: whether the flag is set. Errors: none. Visibility: set() happens-before a return
    /// of true; false orders nothing. Source: Python 3.13 Event.is_set.
    [[nodiscard]] bool is_set() const noexcept {
        // Acquire: synchronizes-with the release in set().
        return is_set(word_.load(std::memory_order_acquire));
    }

    /// Sets the flag and wakes every thread that waits for it. Requires: nothing. Returns: nothing. Errors: none.
    /// Visibility: happens-before every wait() and is_set() that returns true because of it. Source: Python 3.13
    /// Event.set.
    void set() noexcept {
        // Release: synchronizes-with the acquires in is_set, wait and wait_while. A read-modify-write even if the flag looks
        // set: a load could miss a clear() that has come meanwhile, and this set would be lost.
        const FutexWord before = word_.fetch_or(flag, std::memory_order_release);
        if (!is_set(before)) P::wake_all(word_);
    }

    /// Clears the flag. Requires: nothing. Returns: nothing. Errors: none. Visibility: none. Source: Python 3.13
    /// Event.clear.
    void clear() noexcept {
        // Relaxed: it promises no order. As a read-modify-write it stays in the release sequence of the set() before, so
        // that a waiter that missed the flag itself still synchronizes with that.
        FutexWord word = word_.load(std::memory_order_relaxed);
        while (is_set(word) &&
               !word_.compare_exchange_weak(word, word + 1, std::memory_order_relaxed, std::memory_order_relaxed)) {
        }
    }

    /// Waits until the flag is set, for at most `timeout` (nullopt: for ever; zero and negative ones only look).
    /// Requires: nothing. Returns: true if the flag was set during the call, cleared again or not; false if the time has
    /// passed (docs/decisions/0004-semantics.md, D6: what was set in time is not refused).
    /// Errors: OverflowError above timeout_max, ValueError for NaN, both only if the flag is clear.
    /// Visibility: the set() happens-before a return of true. Source: Python 3.13 Event.wait.
    bool wait(const std::optional<Seconds>& timeout = std::nullopt) {
        // Acquire: synchronizes-with the release in set(). So do the loads below.
        const FutexWord first = word_.load(std::memory_order_acquire);
        if (is_set(first)) return true;
        return wait_while(first, detail::deadline_after<P>(timeout));
    }

  private:
    // word_: twice the number of times that the flag was cleared, plus one if it is set. So any change of a word that
    // was even when a wait began means that the flag was set since. (It wraps around after 2^31 clears: a waiter would
    // have to sleep through exactly so many.)
    static constexpr FutexWord flag = 1;
    static constexpr bool is_set(FutexWord word) { return (word & flag) != 0; }

    bool wait_while(FutexWord first, Deadline deadline) {
        P::spin_while(word_, first);
        for (bool expired = false; !expired;) {
            expired = P::wait(word_, first, deadline) == WaitResult::timed_out;
            // Acquire: synchronizes-with the release in set(), through the release sequence if the flag was cleared.
            if (word_.load(std::memory_order_acquire) != first) return true;
        }
        return false;
    }

    typename P::template atomic<FutexWord> word_{0, "Event.word"};
};

/// The Event of programs.
using Event = BasicEvent<StdPlatform>;

}  // namespace heddle
