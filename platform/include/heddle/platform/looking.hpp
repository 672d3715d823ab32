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

/// Looks at a word, again and again, in the ways that Looks names.
class Looking {
  public:
    /// Looks until the word holds something else than `expected`, for about as long as a sleep and a wake-up take.
    /// Returns: whether it did.
    static bool at_word(const std::atomic<FutexWord>& word, FutexWord expected, Looks looks) noexcept {
        return looks == Looks::often ? often(word, expected) : in_gaps(word, expected, looks);
    }

    /// Looks on as long as each look finds something else than the one before, and not yet the `goal`.
    [[gnu::noinline]] static void while_it_changes(const std::atomic<FutexWord>& word, FutexWord goal) noexcept {
        FutexWord seen = word.load(std::memory_order_relaxed);  // relaxed, here and below: as in often()
        if (seen == goal || pauses().look_for == 0) return;
        thread_local Patience patience;
        if (!patience.begins_a_wait()) return;
        const unsigned limit = 2 * pauses().look_for;
        unsigned gap = patience.tries_longer() ? pauses().hundreds_of_steps : pauses().a_step;
        for (unsigned waited = 0; waited < limit && seen != goal; waited += gap) {
            for (unsigned n = 0; n != gap; ++n) pause();
            const FutexWord before = std::exchange(seen, word.load(std::memory_order_relaxed));
            if (seen == before) {
                if (waited == 0) return patience.was_in_vain();
                break;
            }
            gap = std::min(2 * gap, pauses().hundreds_of_steps);
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

    static constexpr Time look_for = std::chrono::microseconds(20);

    // How many pauses take so long. One takes 18 to 60 nanoseconds, depending on the processor.
    struct Pauses {
        unsigned look_for = 0;  ///< none, if no other thread can run while this one looks
        unsigned a_step = 0;
        unsigned some_steps = 0;
        unsigned hundreds_of_steps = 0;
    };

    // Between two looks, in pauses. Each gap is twice as long as the one before, up to the longest.
    struct Gaps {
        unsigned first;
        unsigned longest;
    };

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
        // Once more in vain, and it does no longer.
        bool tries_longer() const noexcept { return in_vain_ == times_to_believe_it; }
        void was_in_vain() noexcept { ++in_vain_; }
        void was_rewarded() noexcept {
            if (!tries_longer()) in_vain_ = 0;
        }

      private:
        static constexpr unsigned times_to_believe_it = 4;
        static constexpr unsigned turns_to_keep_it = 256;
        static constexpr unsigned turns_for_one_wait = 8;

        unsigned turn_ = 0;
        unsigned in_vain_ = 0;
    };

    // Apart from the other ways, so that little comes before the first look.
    [[gnu::noinline]] static bool often(const std::atomic<FutexWord>& word, FutexWord expected) noexcept {
        leave_the_line();
        for (unsigned left = pauses().look_for; left != 0; --left) {
            // Relaxed: the caller goes on to wait() or takes a lock; this orders no memory.
            if (word.load(std::memory_order_relaxed) != expected) return true;
            pause();
        }
        return false;
    }

    // Whom a thread waits for may be about to take a lock and change the word. A look in the middle of that takes the cache
    // line away for the time of two transfers, so the first one comes some ten nanoseconds after the word was last seen.
    static void leave_the_line() noexcept {
        for (int n = 48; n != 0; --n) asm volatile("" : "+r"(n));
    }

    // Only who is asked to offers its processor: the kernel takes a thread that does for one that is in no hurry, and lets
    // others go first when it is woken later on.
    [[gnu::noinline]] static bool in_gaps(const std::atomic<FutexWord>& word, FutexWord expected,
                                          Looks looks) noexcept {
        const Gaps gaps = gaps_of(looks);
        for (unsigned done = 0, gap = gaps.first; done < pauses().look_for;) {
            if (word.load(std::memory_order_relaxed) != expected) return true;  // relaxed: as in often()
            for (unsigned n = 0; n != gap; ++n) pause();
            done += gap;
            gap = std::min(2 * gap, gaps.longest);
            if (looks == Looks::offering && done % pauses().hundreds_of_steps == 0) sched_yield();
        }
        return false;
    }

    static Gaps gaps_of(Looks looks) noexcept {
        switch (looks) {
            case Looks::often:
            case Looks::offering:
                return {1, 1};
            case Looks::seldom:
                return gaps_in_a_crowd();
            case Looks::rarely:
                break;
        }
        return {pauses().hundreds_of_steps, pauses().hundreds_of_steps};
    }

    // A thread that finds others in its way again and again leaves them longer alone each time: what they work on stays with
    // one of them for a while, instead of going from processor to processor for each step.
    static Gaps gaps_in_a_crowd() noexcept {
        thread_local Time last_time{0};
        thread_local unsigned first = 0;
        const Time time = now();
        const bool again = time - std::exchange(last_time, time) < look_for;
        first = again ? std::min(2 * first, 4 * pauses().hundreds_of_steps) : pauses().some_steps;
        return {first, std::max(first, pauses().hundreds_of_steps)};
    }

    static Time now() noexcept { return std::chrono::steady_clock::now().time_since_epoch(); }

    static const Pauses& pauses() noexcept {
        static const Pauses counted = sysconf(_SC_NPROCESSORS_ONLN) > 1 ? count_pauses() : Pauses();
        return counted;
    }

    static Pauses count_pauses() noexcept {
        constexpr std::int64_t measured = 64;
        constexpr std::int64_t least = 2 * measured;  // nanoseconds, whatever the clock says
        // The shortest of some measurements: in the others the thread was interrupted.
        std::int64_t shortest = 200 * measured;
        for (int attempt = 0; attempt != 5; ++attempt) {
            const Time start = now();
            for (std::int64_t n = 0; n != measured; ++n) pause();
            shortest = std::min<std::int64_t>(shortest, (now() - start).count());
        }
        shortest = std::max(shortest, least);
        const auto in = [&](Time time) { return static_cast<unsigned>(time.count() * measured / shortest) + 1; };
        return {in(look_for), in(Time(150)), in(Time(300)), in(Time(1200))};
    }
};

}  // namespace heddle::detail
