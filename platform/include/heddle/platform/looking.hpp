// How StdPlatform looks at a word for a moment before a thread sleeps (docs/decisions/0010).
#pragma once

#include <sched.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <utility>

#include <heddle/platform/platform.hpp>

namespace heddle::detail {

/// Looks until the word holds something else than `expected`, for about as long as a sleep and a wake-up take.
class Looking {
  public:
    [[gnu::noinline]] static bool at_word(const std::atomic<FutexWord>& word, FutexWord expected,
                                          Looks looks) noexcept {
        return look_while(word, expected, gaps(looks), looks == Looks::offering);
    }

    /// Looks on as long as each look finds something else than the one before, and not yet the `goal`.
    [[gnu::noinline]] static void while_it_changes(const std::atomic<FutexWord>& word, FutexWord goal) noexcept {
        FutexWord seen = word.load(std::memory_order_relaxed);  // relaxed, here and below: as in look_while
        if (seen == goal || !has_company()) return;
        thread_local Patience patience;
        if (!patience.begins_a_wait()) return;
        const unsigned limit = pauses_in(2 * look_for);
        const unsigned longest = pauses_in(hundreds_of_steps);
        unsigned gap = pauses_in(patience.first_gap());
        for (unsigned pauses = 0; pauses < limit && seen != goal; pauses += gap) {
            for (unsigned n = 0; n != gap; ++n) pause();
            const FutexWord before = std::exchange(seen, word.load(std::memory_order_relaxed));
            if (seen == before) {
                if (pauses == 0) return patience.was_in_vain();
                break;
            }
            gap = std::min(2 * gap, longest);
        }
        patience.was_rewarded();
    }

    /// What a thread does between two looks.
    static void pause() noexcept {
#if defined(__x86_64__) || defined(__i386__)
        __builtin_ia32_pause();
#elif defined(__aarch64__)
        asm volatile("yield");
#endif
    }

  private:
    using Time = std::chrono::nanoseconds;

    // Between two looks. Each gap is twice as long as the one before, up to the longest; none is shorter than one pause.
    struct Gaps {
        Time first;
        Time longest;
    };

    static constexpr Time one_pause{0};
    static constexpr Time a_step{150};
    static constexpr Time some_steps{300};
    static constexpr Time hundreds_of_steps{1200};
    static constexpr Time look_for = std::chrono::microseconds(20);
    static constexpr std::int64_t measured_pauses = 64;

    // Whether, and how long, a thread waits for a first change. A step is long enough where processors are near each other,
    // and who asks for an answer should not wait longer. But if nothing changes again and again, it may be that the other
    // processor is too far away for that: then a longer gap is tried, and kept for a while if something does change. If
    // nothing does even then, what the thread waits for comes one at a time, and it waits for more only now and then.
    class Patience {
      public:
        bool begins_a_wait() noexcept {
            if (++turn_ % turns_to_keep_it == 0) in_vain_ = 0;
            return in_vain_ <= times_to_believe_it || turn_ % turns_for_one_wait == 0;
        }
        Time first_gap() const noexcept { return tries_longer() ? hundreds_of_steps : a_step; }
        void was_in_vain() noexcept { ++in_vain_; }
        void was_rewarded() noexcept {
            if (!tries_longer()) in_vain_ = 0;
        }

      private:
        static constexpr unsigned times_to_believe_it = 4;
        static constexpr unsigned turns_to_keep_it = 256;
        static constexpr unsigned turns_for_one_wait = 8;

        // Once more in vain, and it does no longer.
        bool tries_longer() const noexcept { return in_vain_ == times_to_believe_it; }

        unsigned turn_ = 0;
        unsigned in_vain_ = 0;
    };

    static Time now() noexcept { return std::chrono::steady_clock::now().time_since_epoch(); }

    static Gaps gaps(Looks looks) noexcept {
        switch (looks) {
            case Looks::often:
            case Looks::offering:
                return {one_pause, one_pause};
            case Looks::seldom:
                return gaps_in_a_crowd();
            case Looks::rarely:
                break;
        }
        return {hundreds_of_steps, hundreds_of_steps};
    }

    // A thread that finds others in its way again and again leaves them longer alone each time: what they work on stays with
    // one of them for a while, instead of going from processor to processor for each step.
    static Gaps gaps_in_a_crowd() noexcept {
        constexpr Time longest = 4 * hundreds_of_steps;
        thread_local Time last_time{0};
        thread_local Time first = some_steps;
        const Time time = now();
        const bool again = time - std::exchange(last_time, time) < look_for;
        first = again ? std::min(2 * first, longest) : some_steps;
        return {first, std::max(first, hundreds_of_steps)};
    }

    // Only who is asked to offers its processor: the kernel takes a thread that does for one that is in no hurry, and lets
    // others go first when it is woken later on.
    static bool look_while(const std::atomic<FutexWord>& word, FutexWord expected, Gaps gaps, bool offering) noexcept {
        if (!has_company()) return false;
        const unsigned limit = pauses_in(look_for);
        const unsigned longest = pauses_in(gaps.longest);
        const unsigned until_offer = pauses_in(hundreds_of_steps);
        for (unsigned pauses = 0, gap = pauses_in(gaps.first); pauses < limit;) {
            // Relaxed: the caller goes on to wait() or takes a lock; this orders no memory.
            if (word.load(std::memory_order_relaxed) != expected) return true;
            for (unsigned n = 0; n != gap; ++n) pause();
            pauses += gap;
            gap = std::min(2 * gap, longest);
            if (offering && pauses % until_offer == 0) sched_yield();
        }
        return false;
    }

    // Whether another thread can run while this one looks.
    static bool has_company() noexcept {
        static const bool has = sysconf(_SC_NPROCESSORS_ONLN) > 1;
        return has;
    }

    // At least one. A pause takes 18 to 60 nanoseconds, depending on the processor, so that is measured, once.
    static unsigned pauses_in(Time time) noexcept {
        static const double per_nanosecond =
            static_cast<double>(measured_pauses) / static_cast<double>(nanoseconds_of_pauses());
        return std::max(static_cast<unsigned>(static_cast<double>(time.count()) * per_nanosecond), 1U);
    }

    // The shortest of some measurements: in the others the thread was interrupted.
    static std::int64_t nanoseconds_of_pauses() noexcept {
        constexpr std::int64_t least = measured_pauses * 2;  // whatever the clock says
        std::int64_t shortest = measured_pauses * 200;
        for (int attempt = 0; attempt != 5; ++attempt) {
            const Time start = now();
            for (std::int64_t n = 0; n != measured_pauses; ++n) pause();
            shortest = std::min<std::int64_t>(shortest, (now() - start).count());
        }
        return std::max(shortest, least);
    }
};

}  // namespace heddle::detail
