// The bodies of backoff.hpp. Those that are not to be inlined are declared inline there: GCC warns about both words here.
#pragma once

#include <sched.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

#include <heddle/platform/backoff.hpp>

namespace heddle::detail {

inline PauseCounts::Time spin_clock() noexcept { return std::chrono::steady_clock::now().time_since_epoch(); }

inline const PauseCounts& PauseCounts::get() noexcept {
    static const PauseCounts measured = sysconf(_SC_NPROCESSORS_ONLN) > 1 ? measure() : PauseCounts();
    return measured;
}

inline PauseCounts PauseCounts::measure() noexcept {
    constexpr std::int64_t pauses = 64;   // a few microseconds: far above what reading the clock takes
    constexpr int attempts = 5;           // the shortest counts: in the others the thread was interrupted
    constexpr std::int64_t least_ns = 2;  // of a pause, whatever the clock says
    constexpr std::int64_t greatest_ns = 200;
    std::int64_t shortest = greatest_ns * pauses;
    for (int attempt = 0; attempt != attempts; ++attempt) {
        const Time start = spin_clock();
        for (std::int64_t n = 0; n != pauses; ++n) spin_pause();
        shortest = std::min<std::int64_t>(shortest, (spin_clock() - start).count());
    }
    shortest = std::max(shortest, least_ns * pauses);
    const auto count = [&](Time time) { return static_cast<unsigned>(time.count() * pauses / shortest) + 1; };
    return {count(limit_time), count(step_time), count(steps_time), count(batch_time)};
}

inline bool BatchPatience::begin() noexcept {
    if (++begins_ % begins_to_keep == 0) unrewarded_ = 0;
    return unrewarded_ <= short_waits || begins_ % sparse_period == 0;
}

inline unsigned CrowdGap::next() noexcept {
    const PauseCounts::Time now = spin_clock();
    const bool again = now - std::exchange(last_wait_, now) < PauseCounts::limit_time;
    first_ = again ? std::min(2 * first_, longest_in_batches * PauseCounts::get().batch) : PauseCounts::get().steps;
    return first_;
}

inline SpinPatience& SpinPatience::of(const std::atomic<FutexWord>& word) noexcept {
    static thread_local constinit std::array<SpinPatience, count> all{};
    // Words lie 16 bytes apart at least where they are of objects, and objects often at the same place of a cache line.
    const auto place = reinterpret_cast<std::uintptr_t>(&word) >> 4;
    return all[(place ^ place >> 4 ^ place >> 8) % count];
}

inline bool BackoffSpin::until_changed(const std::atomic<FutexWord>& word, FutexWord expected,
                                       Backoff backoff) noexcept {
    const unsigned limit = PauseCounts::get().limit;
    if (backoff == Backoff::growing) return in_gaps(word, expected, backoff, limit);
    SpinPatience& patience = SpinPatience::of(word);
    if (!patience.may_spin(spin_clock)) {
        // Relaxed, here and below: the caller goes on to wait() or takes a lock, and that orders memory.
        if (word.load(std::memory_order_relaxed) != expected) return true;
        if (!patience.may_yield() || !offer_processor()) return false;
        const bool changed = word.load(std::memory_order_relaxed) != expected;  // relaxed: see above
        patience.yielded(changed);
        return changed;
    }
    const unsigned shortened = patience.shortened(limit);
    const bool changed =
        backoff == Backoff::tight ? tight(word, expected, shortened) : in_gaps(word, expected, backoff, shortened);
    if (changed) patience.was_rewarded();
    else patience.was_unrewarded(spin_clock);
    return changed;
}

void BackoffSpin::while_changing(const std::atomic<FutexWord>& word, FutexWord goal) noexcept {
    // Relaxed, here and below: nothing but the length of a wait depends on it.
    FutexWord seen = word.load(std::memory_order_relaxed);
    const PauseCounts& counts = PauseCounts::get();
    if (seen == goal || counts.limit == 0) return;
    thread_local BatchPatience patience;
    if (!patience.begin()) return;
    unsigned gap = patience.is_long() ? counts.batch : counts.step;
    for (unsigned waited = 0; waited < 2 * counts.limit && seen != goal; waited += gap) {
        pause_for(gap);
        // Relaxed: nothing but the length of a wait depends on it.
        const FutexWord before = std::exchange(seen, word.load(std::memory_order_relaxed));
        if (seen == before) {
            if (waited == 0) return patience.was_unrewarded();
            break;
        }
        gap = std::min(2 * gap, counts.batch);
    }
    patience.was_rewarded();
}

bool BackoffSpin::tight(const std::atomic<FutexWord>& word, FutexWord expected, unsigned limit) noexcept {
    for (int n = load_delay; n != 0; --n) asm volatile("" : "+r"(n));
    for (unsigned left = limit; left != 0; --left) {
        // Relaxed: the caller goes on to wait() or takes a lock, and that orders memory.
        if (word.load(std::memory_order_relaxed) != expected) return true;
        spin_pause();
    }
    return false;
}

// Of those that spin, only a yielding thread offers its processor: the kernel takes one that does for a thread that is in no
// hurry, and lets others go first when it is woken later on.
bool BackoffSpin::in_gaps(const std::atomic<FutexWord>& word, FutexWord expected, Backoff backoff,
                          unsigned limit) noexcept {
    const Gaps gaps = gaps_of(backoff);
    const PauseCounts& counts = PauseCounts::get();
    for (unsigned done = 0, gap = gaps.first; done < limit;) {
        // Relaxed: the caller goes on to wait() or takes a lock, and that orders memory.
        if (word.load(std::memory_order_relaxed) != expected) return true;
        pause_for(gap);
        done += gap;
        gap = std::min(2 * gap, gaps.longest);
        if (backoff == Backoff::yielding && done % counts.step == 0) (void)offer_processor();
    }
    return false;
}

inline BackoffSpin::Gaps BackoffSpin::gaps_of(Backoff backoff) noexcept {
    const PauseCounts& counts = PauseCounts::get();
    switch (backoff) {
        case Backoff::tight:
        case Backoff::yielding:
            return {1, 1};
        case Backoff::growing: {
            thread_local CrowdGap crowd;
            const unsigned first = crowd.next();
            return {first, std::max(first, counts.batch)};
        }
        case Backoff::wide:
            break;
    }
    return {counts.batch, counts.batch};
}

inline bool BackoffSpin::offer_processor() noexcept {
    alignas(64) static constinit YieldPatience patience;  // in a cache line that nobody writes while all is quiet
    const PauseCounts::Time before = spin_clock();
    if (!patience.may_yield(before)) return false;
    sched_yield();
    patience.yielded(before, spin_clock());
    return true;
}

inline void BackoffSpin::pause_for(unsigned pauses) noexcept {
    for (unsigned n = 0; n != pauses; ++n) spin_pause();
}

}  // namespace heddle::detail
