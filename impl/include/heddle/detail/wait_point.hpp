// Where threads that hold a lock wait for its state to change: the waiting part of a condition variable.
#pragma once

#include <heddle/detail/wait_list.hpp>
#include <heddle/lock.hpp>

namespace heddle::detail {

/// Threads wait here for a condition over data that one lock protects. One that was notified may find the condition
/// false again, because another thread came first, so callers re-check it; a notify after the wait began is never lost.
/// Requires: every member is called with that lock held.
template <Platform P>
class WaitPoint {
  public:
    explicit WaitPoint(const char* name) : waiters_(name) {}

    /// Gives `lock` up, waits for a notify and takes `lock` again.
    /// Returns: false if the deadline passed and no notify was for this call.
    bool wait(BasicLock<P>& lock, Deadline deadline) {
        typename WaitList<P>::Waiter self;
        waiters_.add(self);
        lock.release();
        self.sleep(deadline);
        lock.lock_soon();
        if (self.chosen_for() == notified) return true;
        waiters_.remove(self);
        return false;
    }

    /// Wakes the thread that has waited longest, if there is one.
    void notify_one() {
        if (!waiters_.empty()) waiters_.choose_first(notified);
    }

    /// Wakes every waiting thread.
    void notify_all() {
        while (!waiters_.empty()) waiters_.choose_first(notified);
    }

  private:
    static constexpr FutexWord notified = 1;

    WaitList<P> waiters_;
};

}  // namespace heddle::detail
