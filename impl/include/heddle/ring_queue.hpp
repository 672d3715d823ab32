// RingQueue: a bounded FIFO queue without a lock.
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
    /// A queue for `maxsize` items. Errors: ValueError if that is less than one; std::bad_alloc.
    explicit BasicRingQueue(std::ptrdiff_t maxsize)
        : capacity_(checked(maxsize)), slots_(std::make_unique<Slot[]>(capacity_)) {}
    BasicRingQueue(const BasicRingQueue&) = delete;
    BasicRingQueue& operator=(const BasicRingQueue&) = delete;
    ~BasicRingQueue() {
        // Relaxed: whoever destroys the queue knows of every call.
        const std::uint64_t end = next_put_.load(std::memory_order_relaxed);
        for (std::uint64_t at = next_get_.load(std::memory_order_relaxed); at != end; ++at)
            std::destroy_at(slot(at).item());
    }

    /// Adds `item`, waiting for room if `block`, for at most `timeout` (nullopt: for ever; zero: one try).
    /// Requires: making a T of an rvalue does not throw. Returns: nothing.
    /// Errors: Full if there is no room in time; ValueError if `timeout` is negative or NaN, even with room;
    /// OverflowError above timeout_max if it would have to wait; whatever copying T throws. On every error nothing has
    /// changed and `item` is intact.
    /// Visibility: happens-before the get() that returns the item; the get() that made room happens-before it.
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
    T get(bool block = true, const std::optional<Seconds>& timeout = std::nullopt) {
        const auto at = claim(next_get_, full_slot, block, timeout);
        if (!at) throw Empty();
        Slot& mine = slot(*at);
        mine.touched.write();
        T item(std::move(*mine.item()));
        std::destroy_at(mine.item());
        publish(mine, turn_of(*at + capacity_, empty_slot));
        return item;
    }

    /// put(item, false).
    template <class U = T>
    void put_nowait(U&& item) {
        put(std::forward<U>(item), false);
    }

    /// get(false).
    T get_nowait() { return get(false); }

    /// About how many items are queued: exact when no call is under way. Errors: none. Visibility: none promised.
    [[nodiscard]] std::size_t qsize() const noexcept {
        // Relaxed: a snapshot. The gets first, so that at most too many items are counted.
        const std::uint64_t got = next_get_.load(std::memory_order_relaxed);
        const std::uint64_t put = next_put_.load(std::memory_order_relaxed);
        return put < got ? 0 : static_cast<std::size_t>(put - got < capacity_ ? put - got : capacity_);
    }

    /// Whether qsize() was zero, or maxsize(). Errors: none. Visibility: none promised.
    [[nodiscard]] bool empty() const noexcept { return qsize() == 0; }
    [[nodiscard]] bool full() const noexcept { return qsize() == capacity_; }

    /// The bound.
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
                                       const std::optional<Seconds>& timeout) {
        if (block) detail::refuse_nan_and_negative(timeout);
        std::optional<Deadline> deadline;
        for (bool expired = !block;;) {
            // Relaxed: a number to begin with; the slot tells whether it is the right one.
            std::uint64_t at = next.load(std::memory_order_relaxed);
            Slot& its = slot(at);
            // Acquire: synchronizes-with the release in publish(), before which the item came or went. A turn beyond
            // `at` comes from a thread that had moved `next` on before, so the load below sees that.
            const FutexWord seen = its.word.load(std::memory_order_acquire);
            if ((seen & ~sleeper) == turn_of(at, wanted)) {
                // Relaxed: who gets the number is all that is decided.
                if (next.compare_exchange_strong(at, at + 1, std::memory_order_relaxed, std::memory_order_relaxed))
                    return at;
                continue;
            }
            if (next.load(std::memory_order_relaxed) != at) continue;  // relaxed: see above
            if (expired) return std::nullopt;
            if (!deadline) deadline = detail::deadline_after<P>(timeout);
            expired = !wait_for_change(its, seen, *deadline);
        }
    }

    // Returns: false if the deadline passed first.
    bool wait_for_change(Slot& its, FutexWord seen, Deadline deadline) {
        // Where there is room, the other side gets on with some items before this one loads the word again.
        if (P::spin_while(its.word, seen, capacity_ < spacious ? Backoff::tight : Backoff::wide)) return true;
        const FutexWord asleep = seen | sleeper;
        // Relaxed: it tells that somebody sleeps, and nothing else; who changes the turn reads it in the same word.
        if (seen != asleep &&
            !its.word.compare_exchange_strong(seen, asleep, std::memory_order_relaxed, std::memory_order_relaxed))
            return true;
        return P::wait(its.word, asleep, deadline) != WaitResult::timed_out;
    }

    void publish(Slot& its, FutexWord turn) {
        // Release: synchronizes-with the acquire in claim(). Those who sleep here may be of both sides: all are woken.
        if ((its.word.exchange(turn, std::memory_order_release) & sleeper) != 0) P::wake_all(its.word);
    }

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
