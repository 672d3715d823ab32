// Queue: a multi-producer, multi-consumer FIFO queue with an optional bound.
//
// ```cpp
// heddle::Queue<int> queue(2);  // for two items at most
// heddle::Thread producer([&] { queue.put(42); });
// producer.start();
// EXPECT_EQ(queue.get(), 42);
// producer.join();
// ```
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
    /// Requires: nothing. Returns: a queue that holds at most `maxsize` items; zero or less means any number.
    /// Errors: what making a Discipline throws. Visibility: none. Source: Python 3.13 queue.Queue.
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
    void put(U&& item, bool block = true, const std::optional<Seconds>& timeout = std::nullopt);

    /// Takes the next item, waiting for one if `block`, for at most `timeout` (nullopt: for ever; zero: one try).
    /// Requires: nothing. Returns: the item; the number of unfinished tasks is unchanged.
    /// Errors: throws ShutDown if the queue is empty and is, or while waiting becomes, shut down; Empty if no item
    /// comes in time; ValueError if `timeout` is negative or NaN, even with an item; OverflowError above timeout_max
    /// if it would have to wait; whatever moving T throws, and then the item is still queued.
    /// Visibility: the put() of the item happens-before the return. Source: Python 3.13 queue.Queue.get.
    T get(bool block = true, const std::optional<Seconds>& timeout = std::nullopt);

    /// As put(item, false).
    template <class U = T>
    requires std::constructible_from<T, U&&>
    void put_nowait(U&& item) { put(std::forward<U>(item), false); }

    /// As get(false).
    T get_nowait() { return get(false); }

    /// Says that one item taken from the queue is dealt with. When none is left, every join() returns.
    /// Requires: nothing; it need not follow a get. Returns: nothing.
    /// Errors: throws ValueError if there were fewer items than calls; then nothing has changed.
    /// Visibility: happens-before the join() that it lets return. Source: Python 3.13 queue.Queue.task_done.
    void task_done();

    /// Waits until no task is unfinished. Tasks that are put before it has woken keep it waiting.
    /// Requires: nothing. Returns: nothing. Errors: none.
    /// Visibility: every task_done() counted so far happens-before the return. Source: Python 3.13 queue.Queue.join.
    void join();

    /// Closes the queue for good and wakes every blocked put and get. Putters get ShutDown. Getters receive what is
    /// queued, then ShutDown; if `immediate`, what is queued is dropped and no longer counts as unfinished, while
    /// items already handed out still need task_done(). May be called again, also to go on to `immediate`.
    /// Requires: nothing. Returns: nothing. Errors: none.
    /// Visibility: happens-before every ShutDown that it causes. Source: Python 3.13 queue.Queue.shutdown.
    void shutdown(bool immediate = false);

    /// Requires: nothing. Returns: whether shutdown() has been called. Errors: none. Visibility: none promised.
    /// Source: Python 3.13 queue.Queue.is_shutdown.
    [[nodiscard]] bool is_shutdown() const {
        const std::scoped_lock guard(lock_);
        return shut_down();
    }

    /// Requires: nothing. Returns: the number of queued items at some instant during the call. Errors: none.
    /// Visibility: none promised. Source: Python 3.13 queue.Queue.qsize.
    [[nodiscard]] std::size_t qsize() const {
        const std::scoped_lock guard(lock_);
        return size();
    }

    /// Requires: nothing. Returns: whether no item was queued at some instant during the call. Errors: none.
    /// Visibility: none promised. Source: Python 3.13 queue.Queue.empty.
    [[nodiscard]] bool empty() const { return qsize() == 0; }

    /// Requires: nothing. Returns: whether a put would have had to wait at some instant during the call; false if unbounded.
    /// Errors: none. Visibility: none promised. Source: Python 3.13 queue.Queue.full.
    [[nodiscard]] bool full() const {
        const std::scoped_lock guard(lock_);
        return is_bounded() && is_full();
    }

    /// Requires: nothing. Returns: the bound; zero or less means none. Errors: none. Visibility: none promised.
    /// Source: Python 3.13 queue.Queue.maxsize.
    [[nodiscard]] std::ptrdiff_t maxsize() const {
        const std::scoped_lock guard(lock_);
        return maxsize_.read();
    }

    /// Changes the bound. Below the current size the queue is full until drained; putters that now have room are
    /// woken (docs/decisions/0004-semantics.md, D17: Python leaves them until the next get).
    /// Requires: nothing. Returns: nothing. Errors: none. Visibility: happens-before the put() that it gives room.
    /// Source: Python 3.13 queue.Queue.maxsize.
    void set_maxsize(std::ptrdiff_t maxsize);

  private:
    // What fill_ tells: how many items there are.
    struct Fill {
        static constexpr FutexWord none = 0;
        static constexpr FutexWord all = ~FutexWord{0};  // as many as there is room for
    };

    using Wakes = detail::LateWakes<P, 1>;

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
    void tell_fill(std::size_t items) { fill_.tell(is_full_with(items) ? Fill::all : static_cast<FutexWord>(items)); }
    void refuse_after_shutdown() const {
        if (shut_down()) throw ShutDown();
    }

    // Takes lock_.
    void lock_unless(FutexWord fill, bool may_wait);

    // Out of line, so that a call that need not wait stays short.
    [[gnu::noinline]] void wait_for_room(bool block, const std::optional<Seconds>& timeout);
    [[gnu::noinline]] void wait_for_item(bool block, const std::optional<Seconds>& timeout);
    template <class Usable>
    bool wait_until(Usable usable, detail::WaitPoint<P>& point, bool block, const std::optional<Seconds>& timeout);

    void finish_tasks(std::uint64_t count);
    void drop_all();

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

#include <heddle/queue.inl>
