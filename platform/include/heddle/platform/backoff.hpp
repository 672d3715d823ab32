// Back-off on the machine: how StdPlatform spins on a word before the thread sleeps, and how a thread learns not to
// (docs/decisions/0010-how-a-thread-spins-before-it-sleeps.md, docs/decisions/0022-back-off-that-learns.md).
//
// ```cpp
// std::atomic<heddle::FutexWord> word{1};
// const bool changed = heddle::detail::BackoffSpin::until_changed(word, 0, heddle::Backoff::wide);
// EXPECT_TRUE(changed);  // it held something else than 0 from the start
// heddle::detail::BackoffSpin::while_changing(word, 2);
// ```
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
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

/// What a thread has learnt of spinning on a word: whether that is worth while, or whether those it waits for do not run
/// while it does, as on a busy machine or when they share its processor. Of each thread's own: nobody else reads it.
///
/// | state    | `failures_` | may spin                              | for            | was_rewarded() | was_unrewarded()            |
/// |----------|-------------|---------------------------------------|----------------|----------------|-----------------------------|
/// | hopeful  | 0 to 2      | always                                | limit >> fails | one less       | one more; at 3 it is sparse |
/// | sparse   | 3 to 8      | `period` << (fails - 3) after the last| limit          | to 2: hopeful  | one more, up to 8           |
///
/// So a spin that helps now and then stays, one that never does costs a 64th of the thread's time at first, and a 2048th
/// if it goes on like this; and a machine that was busy and is not any longer is noticed within 41 milliseconds.
class SpinPatience {
  public:
    using Time = PauseCounts::Time;

    /// `clock` is asked only if that matters. Returns: whether the thread should spin this time, and not sleep at once.
    template <class Clock>
    bool may_spin(Clock clock) const noexcept {
        return is_hopeful() || clock() - last_failure_ >= period * (1 << (failures_ - enough));
    }
    /// What becomes of the longest time that a spin may take.
    unsigned shortened(unsigned limit) const noexcept { return is_hopeful() ? limit >> failures_ : limit; }
    /// The word changed while the thread spun.
    void was_rewarded() noexcept {
        if (failures_ != 0) failures_ = is_hopeful() ? failures_ - 1 : enough - 1;
    }
    /// It did not.
    template <class Clock>
    void was_unrewarded(Clock clock) noexcept {
        if (failures_ != most) ++failures_;
        if (!is_hopeful()) last_failure_ = clock();
        if (vain_yields_ == enough_yields) --vain_yields_;  // it is tried once more, too
    }

    /// Whether the thread may yield before it sleeps. Not if that brings nothing: who has yielded comes last when it is woken.
    bool may_yield() const noexcept { return vain_yields_ != enough_yields; }
    /// It has, and `changed` says whether the word has changed meanwhile.
    void yielded(bool changed) noexcept { vain_yields_ = changed ? 0 : vain_yields_ + 1; }

    /// That of the calling thread for this word. Words may share one: then it has learnt of all of them.
    static SpinPatience& of(const std::atomic<FutexWord>& word) noexcept;

  private:
    static constexpr unsigned enough = 3;  // the first may be chance, and the second what has come of it
    static constexpr unsigned most = 8;    // 41 milliseconds: some ten times as long as a thread may run at a stretch
    static constexpr unsigned enough_yields = 8;  // in some the kernel goes on with the same thread
    static constexpr std::size_t count = 16;      // a thread that waits often does so for few words

    /// Until a thread that does not spin tries it once.
    static constexpr Time period = 64 * PauseCounts::limit_time;

    bool is_hopeful() const noexcept { return failures_ < enough; }

    unsigned failures_ = 0;     // in a row, but for what was_rewarded() takes off
    Time last_failure_{0};      // while sparse
    unsigned vain_yields_ = 0;  // in a row
};

/// Whether a thread offers its processor while it waits: one per process. Those it waits for may share it, and if nobody else does,
/// they run at once, and the thread need neither fall asleep nor be woken. If others have work to do, each of them may run as long
/// as it is let: after a yield that went to such a one there is none for `period`, by no thread, since new ones would have to learn it.
class YieldPatience {
  public:
    using Time = PauseCounts::Time;

    /// Whether a thread may yield `now`.
    bool may_yield(Time now) const noexcept {
        // Relaxed: nothing depends on it but time.
        return now.count() - last_long_.load(std::memory_order_relaxed) >= period.count();
    }
    /// One has.
    void yielded(Time before, Time after) noexcept {
        // Relaxed: nothing depends on it but time.
        if (after - before >= long_time) last_long_.store(after.count(), std::memory_order_relaxed);
    }

  private:
    /// Far more than a hand-over takes, and far less than the milliseconds that a thread may run at a stretch.
    static constexpr Time long_time = 5 * PauseCounts::limit_time;
    /// Some hundred times as long as a thread may run: then trying it costs a hundredth.
    static constexpr Time period = std::chrono::seconds(1);

    std::atomic<Time::rep> last_long_{Time::min().count() / 2};  // not yet
};

/// Spins on a word. Every load is relaxed: the caller goes on to wait() or takes a lock, and that orders memory.
///
/// | Backoff  | gap between two loads                             | offers its processor     |
/// |----------|---------------------------------------------------|--------------------------|
/// | tight    | one pause; before the first load `load_delay`     | no                       |
/// | growing  | CrowdGap::next(), then doubled up to `batch`      | no                       |
/// | wide     | `batch`                                           | no                       |
/// | yielding | one pause                                         | after every `step`       |
///
/// A growing spin never learns that it is in vain: it is for a lock, and who sleeps there has to be woken by whoever gives it
/// back, which costs that thread more than the spin costs this one.
class BackoffSpin {
  public:
    /// Spins until the word holds something else than `expected`, for PauseCounts::limit at most, and not at all if that has
    /// been in vain before (SpinPatience): then it may offer its processor once. Returns: whether it did.
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
    [[gnu::noinline]] static inline bool tight(const std::atomic<FutexWord>& word, FutexWord expected,
                                               unsigned limit) noexcept;
    [[gnu::noinline]] static inline bool in_gaps(const std::atomic<FutexWord>& word, FutexWord expected,
                                                 Backoff backoff, unsigned limit) noexcept;
    static Gaps gaps_of(Backoff backoff) noexcept;
    static bool offer_processor() noexcept;  // whether it did
    static void pause_for(unsigned pauses) noexcept;
};

}  // namespace heddle::detail

#include <heddle/platform/backoff.inl>
