// RingQueue: a bounded FIFO queue without a lock.
//
// ```cpp
// heddle::RingQueue<int> queue(64);
// heddle::Thread producer([&] { queue.put(42); });
// producer.start();
// EXPECT_EQ(queue.get(), 42);
// producer.join();
// ```
#pragma once

#include <atomic>
#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

#include <heddle/detail/cache_line.hpp>
#include <heddle/errors.hpp>
#include <heddle/platform/platform.hpp>
#include <heddle/platform/std_platform.hpp>
#include <heddle/timeout.hpp>

namespace heddle {

/// A queue for `maxsize` items that any number of threads put into and get from, as Queue, but more than twice as fast
/// if it has room for many: each slot is handed from side to side by itself, and nobody locks the whole. In return it
/// is fixed in size, has neither tasks nor shutdown, and is not linearizable for calls that do not wait: put_nowait may
/// find it full, and get_nowait empty, because of a get or put in another thread that has begun earlier and not
/// returned yet.
/// Requires of T: moving and destroying it does not throw.
/// It may be destroyed in any state, but not during a call by another thread.
/// Source: Vyukov, "Bounded MPMC queue", 1024cores.net; turns of slots as in folly::MPMCQueue.
template <Platform P, class T>
requires std::is_nothrow_move_constructible_v<T> && std::is_nothrow_destructible_v<T>
class BasicRingQueue {
  public:
    /// Requires: nothing. Returns: a queue for `maxsize` items. Errors: ValueError if that is less than one;
    /// std::bad_alloc. Visibility: none. Source: none.
    explicit BasicRingQueue(std::ptrdiff_t maxsize)
        : capacity_(checked(maxsize)), slots_(std::make_unique<Slot[]>(capacity_)) {}
    BasicRingQueue(const BasicRingQueue&) = delete;
    BasicRingQueue& operator=(const BasicRingQueue&) = delete;
    ~BasicRingQueue();

    /// Adds `item`, waiting for room if `block`, for at most `timeout` (nullopt: for ever; zero: one try).
    /// Requires: making a T of an rvalue does not throw. Returns: nothing.
    /// Errors: Full if there is no room in time; ValueError if `timeout` is negative or NaN, even with room;
    /// OverflowError above timeout_max if it would have to wait; whatever copying T throws. On every error nothing has
    /// changed and `item` is intact.
    /// Visibility: happens-before the get() that returns the item; the get() that made room happens-before it.
    /// Source: Python 3.13 queue.Queue.put, without tasks and shutdown.
    template <class U = T>
    requires std::constructible_from<T, U&&> &&
        (std::is_nothrow_constructible_v<T, U&&> ||
         std::is_lvalue_reference_v<U>)void put(U&& item, bool block = true,
                                                const std::optional<Seconds>& timeout = std::nullopt) {
        if constexpr (!std::is_nothrow_constructible_v<T, U&&>) {
            put(T(item), block, timeout);  // what may throw comes before the slot is taken
        } else {
            const auto at = claim(next_put_, empty_slot, block, timeout);
            if (!at) throw Full();
            Slot& mine = slot(*at);
            mine.touched.write();
            std::construct_at(mine.item(), std::forward<U>(item));
            publish(mine, turn_of(*at, full_slot));
        }
    }

    /// Takes the oldest item, waiting for one if `block`, for at most `timeout` (nullopt: for ever; zero: one try).
    /// Requires: nothing. Returns: the item.
    /// Errors: Empty if no item comes in time; ValueError if `timeout` is negative or NaN, even with an item;
    /// OverflowError above timeout_max if it would have to wait.
    /// Visibility: the put() of the item happens-before the return.
    /// Source: Python 3.13 queue.Queue.get, without shutdown.
    T get(bool block = true, const std::optional<Seconds>& timeout = std::nullopt);

    /// As put(item, false).
    template <class U = T>
    void put_nowait(U&& item) {
        put(std::forward<U>(item), false);
    }

    /// As get(false).
    T get_nowait() { return get(false); }

    /// Requires: nothing. Returns: about how many items are queued: exact when no call is under way. Errors: none.
    /// Visibility: none promised. Source: none.
    [[nodiscard]] std::size_t qsize() const noexcept;

    /// Requires: nothing. Returns: whether qsize() was zero. Errors: none. Visibility: none promised. Source: none.
    [[nodiscard]] bool empty() const noexcept { return qsize() == 0; }
    /// Requires: nothing. Returns: whether qsize() was maxsize(). Errors: none. Visibility: none promised. Source:
    /// none.
    [[nodiscard]] bool full() const noexcept { return qsize() == capacity_; }

    /// Requires: nothing. Returns: the bound. Errors: none. Visibility: none. Source: none.
    [[nodiscard]] std::ptrdiff_t maxsize() const noexcept { return static_cast<std::ptrdiff_t>(capacity_); }

  private:
    // The n-th put and the n-th get meet in slot n modulo capacity_. Its word is a turn, times two, and whether somebody
    // sleeps until it changes:
    //
    // turn                         set by      lets
    // 2 * (n / capacity_)          get, or 0   the n-th put in
    // 2 * (n / capacity_) + 1      put         the n-th get in
    //
    // Turns wrap around, after so many rounds that no thread is still in the middle of one.
    enum SlotState : FutexWord { empty_slot = 0, full_slot = 1 };
    static constexpr FutexWord sleeper = 1;

    struct Slot {
        T* item() noexcept { return std::launder(reinterpret_cast<T*>(memory)); }

        typename P::template atomic<FutexWord> word{0, "RingQueue.word"};
        [[no_unique_address]] typename P::region touched{"RingQueue.item"};  // stands for the item
        alignas(T) std::byte memory[sizeof(T)];
    };
    using Position = typename P::template atomic<std::uint64_t>;

    static std::uint64_t checked(std::ptrdiff_t maxsize) {
        if (maxsize < 1) throw ValueError("the maxsize of a RingQueue must be at least 1");
        return static_cast<std::uint64_t>(maxsize);
    }

    // A division takes as long as all the rest of a put, so a capacity that allows it has a shift.
    std::uint64_t round_of(std::uint64_t at) const noexcept { return shift_ >= 0 ? at >> shift_ : at / capacity_; }
    Slot& slot(std::uint64_t at) noexcept { return slots_[at - round_of(at) * capacity_]; }
    FutexWord turn_of(std::uint64_t at, SlotState state) const noexcept {
        return static_cast<FutexWord>(round_of(at) * 2 + state) * 2;
    }

    // Waits until the slot of the next put or get is in the state for it. Returns: that position, which is the caller's
    // now; nullopt if its time is out.
    std::optional<std::uint64_t> claim(Position& next, SlotState wanted, bool block,
                                       const std::optional<Seconds>& timeout);

    // Returns: false if the deadline passed first.
    bool wait_for_change(Slot& its, FutexWord seen, Deadline deadline);

    void publish(Slot& its, FutexWord turn);

    static constexpr std::uint64_t spacious = 256;

    const std::uint64_t capacity_;
    const int shift_ =  // -1: none
        std::has_single_bit(capacity_) ? std::countr_zero(capacity_) : -1;
    const std::unique_ptr<Slot[]> slots_;
    // The positions lie in cache lines of their own, so that the sides do not disturb each other. The slots are close together:
    // a thread that gets ahead by a few items moves them by cache lines.
    std::byte apart_before_[detail::cache_line];
    Position next_put_{0, "RingQueue.next_put"};
    std::byte apart_between_[detail::cache_line];
    Position next_get_{0, "RingQueue.next_get"};
    std::byte apart_after_[detail::cache_line];
};

/// The RingQueue of programs.
template <class T>
using RingQueue = BasicRingQueue<StdPlatform, T>;

}  // namespace heddle

#include <heddle/ring_queue.inl>
