// Where threads that hold a lock wait for its state to change: the waiting part of a condition variable.
#pragma once

#include <atomic>
#include <cstdint>

#include <heddle/lock.hpp>

namespace heddle::detail {

/// Threads wait here for a condition over data that one lock protects. A wait may return without a notify, so
/// callers re-check their condition; a notify after the wait began is never lost.
/// Requires: every member is called with that lock held.
template <Platform P>
class WaitPoint {
  public:
    explicit WaitPoint(const char* name) : epoch_(0, name) {}

    /// Gives `lock` up, waits for a notify and takes `lock` again.
    /// Returns: false if the deadline passed; the caller re-checks its condition even then.
    bool wait(BasicLock<P>& lock, Deadline deadline) {
        // Relaxed: `lock` orders it. A notify between the release below and the sleep changes the epoch, and then
        // the sleep does not happen.
        const FutexWord before = epoch_.load(std::memory_order_relaxed);
        waiting_.write(waiting_.read() + 1);
        lock.release();
        const WaitResult result = P::wait(epoch_, before, deadline);
        lock.lock();
        waiting_.write(waiting_.read() - 1);
        return result != WaitResult::timed_out;
    }

    /// Wakes at least one of the waiting threads, if there is one.
    void notify_one() {
        if (advance()) P::wake_one(epoch_);
    }

    /// Wakes every waiting thread.
    void notify_all() {
        if (advance()) P::wake_all(epoch_);
    }

  private:
    bool advance() {
        if (waiting_.read() == 0) return false;
        // Relaxed: the lock orders it for the waiters; the sleep compares the word inside of the futex. It may
        // wrap around: a waiter would have to miss 2^32 notifies between its load and its sleep.
        epoch_.fetch_add(1, std::memory_order_relaxed);
        return true;
    }

    typename P::template atomic<FutexWord> epoch_;  // advanced by each notify that finds somebody waiting
    typename P::template plain<std::uint32_t> waiting_{0, "WaitPoint.waiting"};
};

}  // namespace heddle::detail
