// Queue: a multi-producer, multi-consumer FIFO queue with an optional bound.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <utility>

#include <heddle/detail/cache_line.hpp>
#include <heddle/detail/wait_point.hpp>
#include <heddle/errors.hpp>
#include <heddle/fifo.hpp>
#include <heddle/lock.hpp>
#include <heddle/timeout.hpp>

namespace heddle {

/// How a queue orders its items. `push` has the strong guarantee; `pop` requires a non-empty container.
template <class D, class T>
concept QueueDiscipline = requires(D d, const D cd, T item) {
    { d.push(std::move(item)) } -> std::same_as<void>;
    { d.pop() } -> std::same_as<T>;
    { cd.size() } -> std::convertible_to<std::size_t>;
    d.clear();
};

/// A queue that any number of threads put into and get from. Every operation takes effect at one instant while the
/// queue's lock is held (it is linearizable). Not re-entrant: a copy or move of T must not call the same queue.
/// It may be destroyed in any state, but not during a call by another thread.
/// Source: Python 3.13 queue.Queue.
template <Platform P, class T, QueueDiscipline<T> Discipline = Fifo<T>>
class BasicQueue {
  public:
    /// A queue that holds at most `maxsize` items; zero or less means any number.
    explicit BasicQueue(std::ptrdiff_t maxsize = 0) : maxsize_(maxsize, "Queue.maxsize") {}
    BasicQueue(const BasicQueue&) = delete;
    BasicQueue& operator=(const BasicQueue&) = delete;

    /// Adds `item`, waiting for room if the queue is bounded and `block`, for at most `timeout` (nullopt: for ever;
    /// zero: one try). On an unbounded queue it never waits and ignores both.
    /// Requires: nothing. Returns: nothing; the number of unfinished tasks has grown by one.
    /// Errors: throws ShutDown if the queue is, or while waiting becomes, shut down; Full if there is no room in
    /// time; ValueError if `timeout` is negative or NaN, even with room; OverflowError above timeout_max if it would
    /// have to wait; whatever copying or moving T throws. On every error nothing has changed and `item` is intact.
    /// Visibility: happens-before the get() that returns the item; the get() that made room happens-before it.
    /// Source: Python 3.13 queue.Queue.put.
    template <class U = T>
    requires std::constructible_from<T, U&&>
    void put(U&& item, bool block = true, const std::optional<Seconds>& timeout = std::nullopt) {
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
        not_empty_.notify_one();
    }

    /// Takes the next item, waiting for one if `block`, for at most `timeout` (nullopt: for ever; zero: one try).
    /// Requires: nothing. Returns: the item; the number of unfinished tasks is unchanged.
    /// Errors: throws ShutDown if the queue is empty and is, or while waiting becomes, shut down; Empty if no item
    /// comes in time; ValueError if `timeout` is negative or NaN, even with an item; OverflowError above timeout_max
    /// if it would have to wait; whatever moving T throws, and then the item is still queued.
    /// Visibility: the put() of the item happens-before the return. Source: Python 3.13 queue.Queue.get.
    T get(bool block = true, const std::optional<Seconds>& timeout = std::nullopt) {
        lock_unless(Fill::none, block && !timeout);
        const std::scoped_lock guard(std::adopt_lock, lock_);
        if (size() == 0) wait_for_item(block, timeout);
        else if (block) detail::refuse_nan_and_negative(timeout);
        touched_.write();
        tell_fill(size() - 1);
        not_full_.notify_one();  // the woken putter finds the room when this call gives the lock back
        try {
            return items_.pop();
        } catch (...) {
            tell_fill(size());
            not_empty_.notify_one();  // this call may have used up the notify that announced the item
            throw;
        }
    }

    /// put(item, false).
    template <class U = T>
    requires std::constructible_from<T, U&&>
    void put_nowait(U&& item) { put(std::forward<U>(item), false); }

    /// get(false).
    T get_nowait() { return get(false); }

    /// Says that one item taken from the queue is dealt with. When none is left, every join() returns.
    /// Requires: nothing; it need not follow a get. Returns: nothing.
    /// Errors: throws ValueError if there were fewer items than calls; then nothing has changed.
    /// Visibility: happens-before the join() that it lets return. Source: Python 3.13 queue.Queue.task_done.
    void task_done() {
        const std::scoped_lock guard(lock_);
        if (unfinished_.read() == 0) throw ValueError("task_done() called too many times");
        finish_tasks(1);
    }

    /// Waits until no task is unfinished. Tasks that are put before it has woken keep it waiting.
    /// Requires: nothing. Returns: nothing. Errors: none.
    /// Visibility: every task_done() counted so far happens-before the return. Source: Python 3.13 queue.Queue.join.
    void join() {
        const std::scoped_lock guard(lock_);
        while (unfinished_.read() != 0) all_done_.wait(lock_, Deadline::never());
    }

    /// Closes the queue for good and wakes every blocked put and get. Putters get ShutDown. Getters receive what is
    /// queued, then ShutDown; if `immediate`, what is queued is dropped and no longer counts as unfinished, while
    /// items already handed out still need task_done(). May be called again, also to go on to `immediate`.
    /// Requires: nothing. Returns: nothing. Errors: none.
    /// Visibility: happens-before every ShutDown that it causes. Source: Python 3.13 queue.Queue.shutdown.
    void shutdown(bool immediate = false) {
        const std::scoped_lock guard(lock_);
        is_shutdown_.write(true);
        if (immediate) drop_all();
        not_empty_.notify_all();
        not_full_.notify_all();
    }

    /// Whether shutdown() has been called. Requires: nothing. Errors: none. Visibility: none promised.
    [[nodiscard]] bool is_shutdown() const {
        const std::scoped_lock guard(lock_);
        return shut_down();
    }

    /// The number of queued items at some instant during the call. Errors: none. Visibility: none promised.
    [[nodiscard]] std::size_t qsize() const {
        const std::scoped_lock guard(lock_);
        return size();
    }

    /// Whether no item was queued at some instant during the call. Errors: none. Visibility: none promised.
    [[nodiscard]] bool empty() const { return qsize() == 0; }

    /// Whether a put would have had to wait at some instant during the call; false if unbounded.
    /// Errors: none. Visibility: none promised.
    [[nodiscard]] bool full() const {
        const std::scoped_lock guard(lock_);
        return is_bounded() && is_full();
    }

    /// The bound; zero or less means none.
    [[nodiscard]] std::ptrdiff_t maxsize() const {
        const std::scoped_lock guard(lock_);
        return maxsize_.read();
    }

    /// Changes the bound. Below the current size the queue is full until drained; putters that now have room are
    /// woken (docs/decisions/0004-semantics.md, D17: Python leaves them until the next get).
    /// Requires: nothing. Returns: nothing. Errors: none. Source: Python 3.13 queue.Queue.maxsize.
    void set_maxsize(std::ptrdiff_t maxsize) {
        const std::scoped_lock guard(lock_);
        maxsize_.write(maxsize);
        tell_fill(size());
        not_full_.notify_all();
    }

  private:
    // What fill_ tells: how many items there are.
    struct Fill {
        static constexpr FutexWord none = 0;
        static constexpr FutexWord all = ~FutexWord{0};  // as many as there is room for
    };

    // All private members require lock_, but for one.
    bool shut_down() const { return is_shutdown_.read(); }
    bool is_bounded() const { return maxsize_.read() > 0; }
    bool is_full() const { return is_full_with(size()); }
    bool is_full_with(std::size_t items) const {
        return is_bounded() && std::cmp_greater_equal(items, maxsize_.read());
    }
    std::size_t size() const {
        touched_.read();
        return items_.size();
    }

    // Takes lock_. A thread that would have to wait spins first until it would not. Then it lets the others go on as long
    // as they do, until there is most to do for it: every item would change hands on its own otherwise, and the lock with
    // it. If they stop, because they wait for this thread, so does it.
    void lock_unless(FutexWord fill, bool may_wait) {
        if (!may_wait || !fill_.spin_while(fill)) return lock_.lock();
        fill_.settle(fill == Fill::none ? Fill::all : Fill::none);
        detail::LockAccess::lock_after_wait(lock_, false);  // who has told is about to release it
    }

    void tell_fill(std::size_t items) { fill_.tell(is_full_with(items) ? Fill::all : static_cast<FutexWord>(items)); }

    void refuse_after_shutdown() const {
        if (shut_down()) throw ShutDown();
    }

    // Out of line, as wait_for_item, so that a call that need not wait stays short.
    [[gnu::noinline]] void wait_for_room(bool block, const std::optional<Seconds>& timeout) {
        const auto usable = [this] { return shut_down() || !is_full(); };
        if (!wait_until(usable, not_full_, block, timeout)) throw Full();
        refuse_after_shutdown();
    }

    [[gnu::noinline]] void wait_for_item(bool block, const std::optional<Seconds>& timeout) {
        refuse_after_shutdown();
        const auto usable = [this] { return shut_down() || size() != 0; };
        if (!wait_until(usable, not_empty_, block, timeout)) throw Empty();
        if (size() == 0) throw ShutDown();
    }

    // Returns whether `usable` came true in time. The arguments are checked in Python's order: `block` first, then
    // the sign of the time-out, and its size only when there is something to wait for.
    template <class Usable>
    bool wait_until(Usable usable, detail::WaitPoint<P>& point, bool block, const std::optional<Seconds>& timeout) {
        if (!block) return usable();
        detail::refuse_nan_and_negative(timeout);
        if (usable()) return true;
        const Deadline deadline = detail::deadline_after<P>(timeout);
        while (point.wait(lock_, deadline)) {
            if (usable()) return true;
        }
        return usable();  // what arrived just in time is not refused
    }

    void finish_tasks(std::uint64_t count) {
        const std::uint64_t left = unfinished_.read() - count;
        unfinished_.write(left);
        if (left == 0) all_done_.notify_all();
    }

    // Python's tasks may be marked done before they are got, so more can be queued than are unfinished.
    void drop_all() {
        const std::uint64_t dropped = size();
        const std::uint64_t counted = dropped < unfinished_.read() ? dropped : unfinished_.read();
        touched_.write();
        items_.clear();
        tell_fill(0);
        if (counted != 0) finish_tasks(counted);
    }

    // First what a put and a get change, in one cache line: with a small item, nothing else moves from one processor to
    // another when it is handed over.
    alignas(detail::cache_line) mutable BasicLock<P> lock_;
    [[no_unique_address]] typename P::hint fill_;
    typename P::template plain<std::uint64_t> unfinished_{0, "Queue.unfinished"};
    [[no_unique_address]] typename P::region touched_{"Queue.items"};  // stands for items_
    Discipline items_;
    typename P::template plain<bool> is_shutdown_{false, "Queue.is_shutdown"};
    typename P::template plain<std::ptrdiff_t> maxsize_;
    detail::WaitPoint<P> not_empty_{"Queue.not_empty"};
    detail::WaitPoint<P> not_full_{"Queue.not_full"};
    detail::WaitPoint<P> all_done_{"Queue.all_done"};
};

/// The Queue of programs.
template <class T>
using Queue = BasicQueue<StdPlatform, T>;

}  // namespace heddle
