// The bodies of barrier.hpp.
#pragma once

#include <heddle/barrier.hpp>

namespace heddle {

template <Platform P>
inline std::ptrdiff_t BasicBarrier<P>::wait(std::optional<Seconds> timeout) {
    refuse_in_action();
    const std::scoped_lock guard(lock_);
    if (broken()) throw BrokenBarrierError();
    const std::ptrdiff_t index = n_waiting();
    if (index + 1 == parties_) {
        trip();
        return index;
    }
    if (!timeout) timeout = timeout_;
    wait_for_others(detail::deadline_after<P>(timeout));
    return index;
}

template <Platform P>
inline void BasicBarrier<P>::reset() {
    refuse_in_action();
    const std::scoped_lock guard(lock_);
    let_go(broken_up);
    broken_.store(false, std::memory_order_relaxed);  // relaxed: see broken()
}

template <Platform P>
inline void BasicBarrier<P>::abort() {
    refuse_in_action();
    const std::scoped_lock guard(lock_);
    break_up();
}

template <Platform P>
inline void BasicBarrier<P>::trip() {
    try {
        act();
    } catch (...) {
        break_up();
        throw;
    }
    let_go(tripped);
}

template <Platform P>
inline void BasicBarrier<P>::act() {
    if (!action_) return;
    acting_.store(P::thread_id(), std::memory_order_relaxed);  // relaxed: see refuse_in_action()
    try {
        action_();
    } catch (...) {
        acting_.store(nobody, std::memory_order_relaxed);  // relaxed: see refuse_in_action()
        throw;
    }
    acting_.store(nobody, std::memory_order_relaxed);  // relaxed: see refuse_in_action()
}

template <Platform P>
inline void BasicBarrier<P>::wait_for_others(Deadline deadline) {
    typename detail::WaitList<P>::Waiter self;
    waiters_.add(self);
    waiting_.store(n_waiting() + 1, std::memory_order_relaxed);  // relaxed: see n_waiting()
    lock_.release();
    const bool slept = self.sleep(deadline, parties_ > 2 ? Backoff::yielding : Backoff::tight);
    detail::LockAccess::lock_after_wait(lock_, slept);
    if (self.chosen_for() == detail::WaitList<P>::not_chosen) break_up();  // its time has passed
    if (self.chosen_for() == broken_up) throw BrokenBarrierError();
}

}  // namespace heddle
