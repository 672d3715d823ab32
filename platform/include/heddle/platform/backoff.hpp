// Back-off on the machine: how StdPlatform spins on a word before the thread sleeps
// (docs/decisions/0010-how-a-thread-spins-before-it-sleeps.md).
//
// ```cpp
// std::atomic<heddle::FutexWord> word{1};
// const bool changed = heddle::detail::BackoffSpin::until_changed(word, 0, heddle::Backoff::wide);
// EXPECT_TRUE(changed);  // it held something else than 0 from the start
// heddle::detail::BackoffSpin::while_changing(word, 2);
// ```
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>

#include <heddle/platform/platform.hpp>

namespace heddle::detail {

/// One spin iteration without a load: leaves the processor's shared resources to its sibling for a moment.
inline void spin_pause() noexcept {
#if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    asm volatile("yield");
#endif
}

/// The spans of time that back-off is made of, as numbers of spin_pause(), which takes 18 to 60 nanoseconds depending on the
/// processor. Measured once in a process, at its first spin.
struct PauseCounts {
    using Time = std::chrono::nanoseconds;

    /// A spin gives up after this long: about what a sleep and a wake-up take, so that it never costs more than twice what
    /// the better of the two would have.
    static constexpr Time limit_time = std::chrono::microseconds(20);
    /// Another thread takes a lock, changes a word and gives the lock back, on a processor that shares a cache with this one.
    static constexpr Time step_time{150};
    /// The same with somebody else in its way.
    static constexpr Time steps_time{300};
    /// Another thread passes some ten items, or takes one step on a processor that is far away.
    static constexpr Time batch_time{1200};

    unsigned limit = 0;  ///< zero where no other thread can run while this one spins: then nobody spins
    unsigned step = 0;
    unsigned steps = 0;
    unsigned batch = 0;

    /// Those of this machine.
    static const PauseCounts& get() noexcept;

  private:
    static PauseCounts measure() noexcept;
};

/// Whether, and with which first gap, a thread of a Queue waits for a batch to go on: one per thread.
///
/// A short first gap is long enough where processors are near each other, and who asks for an answer should not wait
/// longer. If nothing changes within it again and again, the other processor may be too far away: a long one is tried. If
/// nothing changes even then, items come one at a time, and the thread waits only now and then.
///
/// | state  | `unrewarded_` | first gap | begin()                   | was_rewarded() | was_unrewarded()          |
/// |--------|---------------|-----------|---------------------------|----------------|---------------------------|
/// | short  | 0 to 3        | step      | waits                     | to 0           | one more; at 4 it is long |
/// | long   | 4             | batch     | waits                     | stays          | becomes sparse            |
/// | sparse | from 5 on     | step      | waits every eighth time   | to 0           | stays                     |
///
/// Every 256th begin() starts anew from 0, since what was learnt may no longer hold.
class BatchPatience {
  public:
    /// Whether the thread should wait for a batch this time.
    bool begin() noexcept;
    /// Whether the first gap is the long one.
    bool is_long() const noexcept { return unrewarded_ == short_waits; }
    /// Nothing changed within the first gap.
    void was_unrewarded() noexcept { ++unrewarded_; }
    /// Something changed.
    void was_rewarded() noexcept {
        if (!is_long()) unrewarded_ = 0;
    }

  private:
    static constexpr unsigned short_waits = 4;       // fewer may be chance: the other thread was interrupted
    static constexpr unsigned begins_to_keep = 256;  // some tens of microseconds of a busy queue
    static constexpr unsigned sparse_period = 8;     // bounds what sparse waits cost to an eighth of a gap per call

    unsigned begins_ = 0;
    unsigned unrewarded_ = 0;
};

/// The gaps of a thread that finds others in its way: one per thread. The first is `steps`; when the thread has to wait again
/// within `limit_time` of its last wait it doubles, up to four `batch`. So what the others work on stays with one of them for
/// a while, instead of going from processor to processor at each step.
class CrowdGap {
  public:
    /// Called when a wait begins. Returns: its first gap, in pauses.
    unsigned next() noexcept;

  private:
    static constexpr unsigned longest_in_batches = 4;  // a quarter of limit: a few loads are left to such a wait

    PauseCounts::Time last_wait_{0};
    unsigned first_ = 0;
};

/// Spins on a word. Every load is relaxed: the caller goes on to wait() or takes a lock, and that orders memory.
///
/// | Backoff  | gap between two loads                             | offers its processor     |
/// |----------|---------------------------------------------------|--------------------------|
/// | tight    | one pause; before the first load `load_delay`     | no                       |
/// | growing  | CrowdGap::next(), then doubled up to `batch`      | no                       |
/// | wide     | `batch`                                           | no                       |
/// | yielding | one pause                                         | after every `batch`      |
class BackoffSpin {
  public:
    /// Spins until the word holds something else than `expected`, for PauseCounts::limit at most. Returns: whether it did.
    static bool until_changed(const std::atomic<FutexWord>& word, FutexWord expected, Backoff backoff) noexcept;

    /// Spins on while each load finds something else than the one before and not yet the `goal`, for twice the limit at most.
    [[gnu::noinline]] static inline void while_changing(const std::atomic<FutexWord>& word, FutexWord goal) noexcept;

  private:
    struct Gaps {
        unsigned first;
        unsigned longest;
    };

    /// The first load of a tight spin comes so many steps of an empty loop, some ten nanoseconds, after the word was last
    /// seen: whom the thread waits for may be about to take a lock and change the word, and a load in the middle of that
    /// takes the cache line away for the time of two transfers (measured in the decision named above).
    static constexpr int load_delay = 48;

    // Apart from the others, so that little comes before the first load.
    [[gnu::noinline]] static inline bool tight(const std::atomic<FutexWord>& word, FutexWord expected) noexcept;
    [[gnu::noinline]] static inline bool in_gaps(const std::atomic<FutexWord>& word, FutexWord expected,
                                                 Backoff backoff) noexcept;
    static Gaps gaps_of(Backoff backoff) noexcept;
    static void pause_for(unsigned pauses) noexcept;
};

}  // namespace heddle::detail

#include <heddle/platform/backoff.inl>
