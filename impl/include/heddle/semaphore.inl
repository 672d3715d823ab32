// The bodies of semaphore.hpp.
#pragma once

#include <heddle/semaphore.hpp>

namespace heddle {

template <Platform P>
inline bool BasicSemaphore<P>::acquire(bool blocking, const std::optional<Seconds>& timeout) {
    if (!blocking && timeout) throw ValueError("can't specify timeout for non-blocking acquire");
    if (timeout) detail::refuse_nan(*timeout);
    FutexWord seen;
    if (take(seen)) return true;
    if (!blocking) return false;
    return acquire_contended(seen, detail::deadline_after<P>(timeout));
}

template <Platform P>
inline bool BasicSemaphore<P>::try_lock() noexcept {
    FutexWord seen;
    return take(seen);
}

template <Platform P>
inline bool BasicSemaphore<P>::take(FutexWord& now) noexcept {
    // Relaxed: the compare-exchange decides.
    now = permits_.load(std::memory_order_relaxed);
    while (count(now) != 0) {
        // Acquire on success: synchronizes-with the releases in release_up_to. Relaxed on failure: nothing is taken.
        if (permits_.compare_exchange_weak(now, now - 1, std::memory_order_acquire, std::memory_order_relaxed))
            return true;
    }
    return false;
}

template <Platform P>
inline void BasicSemaphore<P>::release_up_to(std::uint32_t most, std::int64_t n, void (*refuse)()) {
    if (n < 1) throw ValueError("n must be one or more");
    // Relaxed: the compare-exchange decides.
    FutexWord now = permits_.load(std::memory_order_relaxed);
    for (;;) {
        if (n > static_cast<std::int64_t>(most) - static_cast<std::int64_t>(count(now))) refuse();
        const auto after = count(now) + static_cast<FutexWord>(n);
        // Release on success: synchronizes-with the acquires in take and acquire_contended; the steps between
        // are read-modify-writes, so a permit also brings what earlier releases published. Relaxed on failure: it is
        // tried again with the value that was read.
        if (permits_.compare_exchange_weak(now, after, std::memory_order_release, std::memory_order_relaxed)) break;
    }
    if (now == none_contended) P::wake_one(permits_);  // who leaves permits wakes the next one
}

template <Platform P>
bool BasicSemaphore<P>::acquire_contended(FutexWord now, Deadline deadline) {
    if (P::spin_while(permits_, now) && take(now)) return true;
    for (bool slept = false, expired = false;;) {
        while (count(now) != 0) {
            const FutexWord after = now == 1 && slept ? none_contended : now - 1;
            // Acquire on success, relaxed on failure: as in take.
            if (permits_.compare_exchange_weak(now, after, std::memory_order_acquire, std::memory_order_relaxed)) {
                if (slept && after != none_contended) P::wake_one(permits_);
                return true;
            }
        }
        if (expired) return false;
        // Relaxed: says only that somebody may sleep; a release between this and the sleep changes the word.
        if (now != none_contended && !permits_.compare_exchange_strong(now, none_contended, std::memory_order_relaxed,
                                                                       std::memory_order_relaxed))
            continue;
        slept = true;
        expired = P::wait(permits_, none_contended, deadline) == WaitResult::timed_out;
        // Relaxed: the compare-exchanges decide.
        now = permits_.load(std::memory_order_relaxed);
    }
}

}  // namespace heddle
