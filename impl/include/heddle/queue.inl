// The bodies of queue.hpp.
#pragma once

#include <heddle/queue.hpp>

namespace heddle {

template <Platform P, class T, QueueDiscipline<T> Discipline>
template <class U>
requires std::constructible_from<T, U&&>
inline void BasicQueue<P, T, Discipline>::put(U&& item, bool block, const std::optional<Seconds>& timeout) {
    Wakes wakes;
    lock_unless(Fill::all, block && !timeout);
    const std::scoped_lock guard(std::adopt_lock, lock_);
    refuse_after_shutdown();
    if (is_full()) wait_for_room(block, timeout);
    else if (is_bounded() && block) detail::refuse_nan_and_negative(timeout);
    touched_.write();
    try {
        items_.push(std::forward<U>(item));
    } catch (...) {
        not_full_.notify_one();  // this call may have used up the notify that announced the room
        throw;
    }
    unfinished_.write(unfinished_.read() + 1);
    tell_fill(size());
    not_empty_.notify_one(wakes);
}

template <Platform P, class T, QueueDiscipline<T> Discipline>
inline T BasicQueue<P, T, Discipline>::get(bool block, const std::optional<Seconds>& timeout) {
    Wakes wakes;
    lock_unless(Fill::none, block && !timeout);
    const std::scoped_lock guard(std::adopt_lock, lock_);
    if (size() == 0) wait_for_item(block, timeout);
    else if (block) detail::refuse_nan_and_negative(timeout);
    touched_.write();
    tell_fill(size() - 1);
    not_full_.notify_one(wakes);  // the woken putter finds the room when this call gives the lock back
    try {
        return items_.pop();
    } catch (...) {
        tell_fill(size());
        not_empty_.notify_one();  // this call may have used up the notify that announced the item
        throw;
    }
}

template <Platform P, class T, QueueDiscipline<T> Discipline>
inline void BasicQueue<P, T, Discipline>::task_done() {
    const std::scoped_lock guard(lock_);
    if (unfinished_.read() == 0) throw ValueError("task_done() called too many times");
    finish_tasks(1);
}

template <Platform P, class T, QueueDiscipline<T> Discipline>
inline void BasicQueue<P, T, Discipline>::join() {
    const std::scoped_lock guard(lock_);
    while (unfinished_.read() != 0) all_done_.wait(lock_, Deadline::never());
}

template <Platform P, class T, QueueDiscipline<T> Discipline>
inline void BasicQueue<P, T, Discipline>::shutdown(bool immediate) {
    const std::scoped_lock guard(lock_);
    is_shutdown_.write(true);
    if (immediate) drop_all();
    not_empty_.notify_all();
    not_full_.notify_all();
}

template <Platform P, class T, QueueDiscipline<T> Discipline>
inline void BasicQueue<P, T, Discipline>::set_maxsize(std::ptrdiff_t maxsize) {
    const std::scoped_lock guard(lock_);
    maxsize_.write(maxsize);
    tell_fill(size());
    not_full_.notify_all();
}

// A thread that would have to wait spins first until it would not. Then it lets the others go on as long as they do, until
// there is most to do for it: every item would change hands on its own otherwise, and the lock with it. If they stop,
// because they wait for this thread, so does it. One that has spun in vain takes the lock and sleeps.
template <Platform P, class T, QueueDiscipline<T> Discipline>
inline void BasicQueue<P, T, Discipline>::lock_unless(FutexWord fill, bool may_wait) {
    if (!may_wait || !fill_.spin_while(fill)) return lock_.lock();
    fill_.settle(fill == Fill::none ? Fill::all : Fill::none);
    detail::LockAccess::lock_after_wait(lock_, false);  // who has told is about to release it
}

template <Platform P, class T, QueueDiscipline<T> Discipline>
void BasicQueue<P, T, Discipline>::wait_for_room(bool block, const std::optional<Seconds>& timeout) {
    const auto usable = [this] { return shut_down() || !is_full(); };
    if (!wait_until(usable, not_full_, block, timeout)) throw Full();
    refuse_after_shutdown();
}

template <Platform P, class T, QueueDiscipline<T> Discipline>
void BasicQueue<P, T, Discipline>::wait_for_item(bool block, const std::optional<Seconds>& timeout) {
    refuse_after_shutdown();
    const auto usable = [this] { return shut_down() || size() != 0; };
    if (!wait_until(usable, not_empty_, block, timeout)) throw Empty();
    if (size() == 0) throw ShutDown();
}

// Requires: it is not `usable` yet. Returns: whether that came true in time. The arguments are checked in Python's order: `block`
// first, then the sign of the time-out, then its size.
template <Platform P, class T, QueueDiscipline<T> Discipline>
template <class Usable>
inline bool BasicQueue<P, T, Discipline>::wait_until(Usable usable, detail::WaitPoint<P>& point, bool block,
                                                     const std::optional<Seconds>& timeout) {
    if (!block) return false;
    detail::refuse_nan_and_negative(timeout);
    const Deadline deadline = detail::deadline_after<P>(timeout);
    while (point.wait(lock_, deadline)) {
        if (usable()) return true;
    }
    return usable();  // what arrived just in time is not refused
}

template <Platform P, class T, QueueDiscipline<T> Discipline>
inline void BasicQueue<P, T, Discipline>::finish_tasks(std::uint64_t count) {
    const std::uint64_t left = unfinished_.read() - count;
    unfinished_.write(left);
    if (left == 0) all_done_.notify_all();
}

// Python's tasks may be marked done before they are got, so more can be queued than are unfinished.
template <Platform P, class T, QueueDiscipline<T> Discipline>
inline void BasicQueue<P, T, Discipline>::drop_all() {
    const std::uint64_t dropped = size();
    const std::uint64_t counted = dropped < unfinished_.read() ? dropped : unfinished_.read();
    touched_.write();
    items_.clear();
    tell_fill(0);
    finish_tasks(counted);
}

}  // namespace heddle
