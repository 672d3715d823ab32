// The bodies of barrier.hpp.
#pragma once

#include <heddle/barrier.hpp>

namespace heddle {

template <Platform P>
inline std::ptrdiff_t BasicBarrier<P>::wait(std::optional<Seconds> timeout) {
    refuse_in_action();
    Wakes wakes;
    std::unique_lock guard(lock_);
    if (broken()) throw BrokenBarrierError();
    const std::ptrdiff_t index = n_waiting();
    if (index + 1 == parties_) {
        trip(wakes);
        return index;
    }
    if (!timeout) timeout = timeout_;
    wait_for_others(guard, detail::deadline_after<P>(timeout), wakes);
    return index;
}

template <Platform P>
inline void BasicBarrier<P>::reset() {
    refuse_in_action();
    Wakes wakes;
    const std::scoped_lock guard(lock_);
    let_go(broken_up, wakes);
    broken_.store(false, std::memory_order_relaxed);  // relaxed: see broken()
}

template <Platform P>
inline void BasicBarrier<P>::abort() {
    refuse_in_action();
    Wakes wakes;
    const std::scoped_lock guard(lock_);
    break_up(wakes);
}

template <Platform P>
inline void BasicBarrier<P>::trip(Wakes& wakes) {
    try {
        act();
    } catch (...) {
        break_up(wakes);
        throw;
    }
    let_go(tripped, wakes);
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

// Who was let go need not take the lock again: what it was let go for is in its own word, and the lock may be another's.
template <Platform P>
inline void BasicBarrier<P>::wait_for_others(std::unique_lock<BasicLock<P>>& guard, Deadline deadline, Wakes& wakes) {
    typename List::Waiter self;
    waiters_.add(self);
    waiting_.store(n_waiting() + 1, std::memory_order_relaxed);  // relaxed: see n_waiting()
    guard.unlock();
    self.sleep(deadline, parties_ > 2 ? Backoff::yielding : Backoff::tight);
    FutexWord outcome = self.outcome();
    if (outcome == List::not_chosen) {  // its time has passed
        guard.lock();
        if (self.chosen_for() == List::not_chosen) break_up(wakes);
        outcome = self.chosen_for();
    }
    if (outcome == broken_up) throw BrokenBarrierError();
}

}  // namespace heddle
