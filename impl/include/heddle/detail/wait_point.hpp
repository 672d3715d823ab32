// Where threads that hold a lock wait for its state to change: the waiting part of a condition variable.
#pragma once

#include <cstddef>

#include <heddle/detail/late_wakes.hpp>
#include <heddle/detail/lock_access.hpp>
#include <heddle/detail/wait_list.hpp>
#include <heddle/lock.hpp>
#include <heddle/rlock.hpp>

namespace heddle::detail {

/// Threads wait here for a condition over data that one lock protects. One that was notified may find the condition
/// false again, because another thread came first, so callers re-check it; a notify after the wait began is never lost.
/// Requires: every member is called with that lock held.
template <Platform P>
class WaitPoint {
  public:
    using Waiter = typename WaitList<P>::Waiter;

    explicit WaitPoint(const char* name) : waiters_(name) {}

    /// Gives `lock` up, all its levels, waits for a notify and takes `lock` again as it was.
    /// Returns: whether a notify was for this call, which is decided under the lock, also when the deadline has passed.
    template <class AnyLock>
    bool wait(AnyLock& lock, Deadline deadline) {
        Waiter self;
        return wait(self, lock, deadline);
    }

    /// The same for a caller that may have to interrupt `self`.
    template <class AnyLock>
    bool wait(Waiter& self, AnyLock& lock, Deadline deadline) {
        waiters_.add(self);
        const auto level = LockAccess::release_whole(lock);
        const bool slept = self.sleep(deadline);
        LockAccess::take_back(lock, level, slept);
        if (self.chosen_for() == notified) return true;
        waiters_.remove(self);
        return false;
    }

    /// Wakes the thread that has waited longest. Returns: whether there was one.
    bool notify_one() {
        if (waiters_.empty()) return false;
        if (const auto sleeper = waiters_.choose_first(notified)) P::wake_one(*sleeper);
        return true;
    }

    /// The same, but that thread is woken when `wakes` ends.
    template <std::size_t room>
    void notify_one(LateWakes<P, room>& wakes) {
        if (waiters_.empty()) return;
        if (const auto sleeper = waiters_.choose_first(notified)) wakes.add(*sleeper);
    }

    /// Wakes every waiting thread.
    void notify_all() {
        while (notify_one()) {
        }
    }

  private:
    static constexpr FutexWord notified = 1;

    WaitList<P> waiters_;
};

}  // namespace heddle::detail
