// The bodies of ring_queue.hpp.
#pragma once

#include <heddle/ring_queue.hpp>

namespace heddle {

template <Platform P, class T>
requires std::is_nothrow_move_constructible_v<T> && std::is_nothrow_destructible_v<T>
inline BasicRingQueue<P, T>::~BasicRingQueue() {
    // Relaxed: whoever destroys the queue knows of every call.
    const std::uint64_t end = next_put_.load(std::memory_order_relaxed);
    for (std::uint64_t at = next_get_.load(std::memory_order_relaxed); at != end; ++at)
        std::destroy_at(slot(at).item());
}

template <Platform P, class T>
requires std::is_nothrow_move_constructible_v<T> && std::is_nothrow_destructible_v<T>
inline T BasicRingQueue<P, T>::get(bool block, const std::optional<Seconds>& timeout) {
    const auto at = claim(next_get_, full_slot, block, timeout);
    if (!at) throw Empty();
    Slot& mine = slot(*at);
    mine.touched.write();
    T item(std::move(*mine.item()));
    std::destroy_at(mine.item());
    publish(mine, turn_of(*at + capacity_, empty_slot));
    return item;
}

template <Platform P, class T>
requires std::is_nothrow_move_constructible_v<T> && std::is_nothrow_destructible_v<T>
inline std::size_t BasicRingQueue<P, T>::qsize() const noexcept {
    // Relaxed: a snapshot. The gets first, so that at most too many items are counted.
    const std::uint64_t got = next_get_.load(std::memory_order_relaxed);
    const std::uint64_t put = next_put_.load(std::memory_order_relaxed);
    return put < got ? 0 : static_cast<std::size_t>(put - got < capacity_ ? put - got : capacity_);
}

template <Platform P, class T>
requires std::is_nothrow_move_constructible_v<T> && std::is_nothrow_destructible_v<T>
inline std::optional<std::uint64_t> BasicRingQueue<P, T>::claim(Position& next, SlotState wanted, bool block,
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

template <Platform P, class T>
requires std::is_nothrow_move_constructible_v<T> && std::is_nothrow_destructible_v<T>
inline bool BasicRingQueue<P, T>::wait_for_change(Slot& its, FutexWord seen, Deadline deadline) {
    // Where there is room, the other side gets on with some items before this one loads the word again.
    if (P::spin_while(its.word, seen, capacity_ < spacious ? Backoff::tight : Backoff::wide)) return true;
    const FutexWord asleep = seen | sleeper;
    // Relaxed: it tells that somebody sleeps, and nothing else; who changes the turn reads it in the same word.
    if (seen != asleep &&
        !its.word.compare_exchange_strong(seen, asleep, std::memory_order_relaxed, std::memory_order_relaxed))
        return true;
    return P::wait(its.word, asleep, deadline) != WaitResult::timed_out;
}

template <Platform P, class T>
requires std::is_nothrow_move_constructible_v<T> && std::is_nothrow_destructible_v<T>
inline void BasicRingQueue<P, T>::publish(Slot& its, FutexWord turn) {
    // Release: synchronizes-with the acquire in claim(). Those who sleep here may be of both sides: all are woken.
    if ((its.word.exchange(turn, std::memory_order_release) & sleeper) != 0) P::wake_all(its.word);
}

}  // namespace heddle
