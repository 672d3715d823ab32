// RLock: ownership, levels, exclusion.
#include <chrono>
#include <utility>

#include <heddle/checker/faults.hpp>
#include <heddle/checker/model.hpp>
#include <heddle/condition.hpp>
#include <heddle/lock.hpp>
#include <heddle/rlock.hpp>

#include "last_instant.hpp"
#include "two_steps.hpp"

namespace heddle::models {

using namespace std::chrono_literals;

template <Platform P, class AnyLock = BasicRLock<P>, int rounds = 1>
struct RecursiveCounting {
    static constexpr auto claim = "an RLock excludes other threads until it was released as often as it was taken";
    static constexpr auto invariants = "INV-R-MUTEX INV-R-REENTER INV-R-BALANCE HB-LOCK";
    static constexpr int threads = 2;
    static constexpr unsigned spurious_wakeups = 0;
    static constexpr auto search = checker::context_bound(4);
    AnyLock lock;
    typename P::template plain<int> count{0, "count"};

    /// The other thread takes part in half of them: more have no new ways to meet, and take minutes.
    static constexpr int rounds_of(int index) { return index == 0 ? rounds : (rounds + 1) / 2; }

    void thread(int index) {
        for (int round = 0; round != rounds_of(index); ++round) {
            lock.acquire();
            lock.acquire();
            lock.release();
            count.write(count.read() + 1);
            lock.release();
        }
    }
    void after() {
        check(count.read() == rounds_of(0) + rounds_of(1), "both threads have counted");
        check(!lock.locked(), "the lock is free in the end");
    }
};

template <Platform P>
struct RLockExcludes : RecursiveCounting<P> {};
HEDDLE_MODEL(RLockExcludes);

// The largest that the exhaustive engine finishes within twenty seconds.
template <Platform P, class AnyLock = BasicRLock<P>>
struct ThreeRounds : RecursiveCounting<P, AnyLock, 3> {
    static constexpr auto search = checker::context_bound(2);
};
template <Platform P>
struct RLockExcludesThrice : ThreeRounds<P> {};
HEDDLE_MODEL(RLockExcludesThrice);

// Frees itself with a relaxed step: the next owner knows that it is free, and nothing of what was done.
template <Platform P>
class FreesRelaxed {
  public:
    void acquire() {
        const auto self = static_cast<FutexWord>(P::thread_id());
        // Relaxed: as in RLock.
        if (owner_.load(std::memory_order_relaxed) != self) {
            FutexWord seen = nobody;
            // Acquire on success, relaxed on failure: as in Lock.
            while (!owner_.compare_exchange_strong(seen, self, std::memory_order_acquire, std::memory_order_relaxed)) {
                P::wait(owner_, seen, Deadline::never());
                seen = nobody;
            }
        }
        ++level_;
    }
    void release() {
        if (--level_ != 0) return;
        owner_.store(nobody, std::memory_order_relaxed);  // relaxed: the mistake of the twin
        P::wake_all(owner_);
    }
    bool locked() const { return owner_.load(std::memory_order_relaxed) != nobody; }  // relaxed: a snapshot

  private:
    static constexpr FutexWord nobody = 0;  // no thread has this id
    typename P::template atomic<FutexWord> owner_{nobody, "owner"};
    int level_ = 0;  // changed by the owner only, and not checked: the twin is about what the lock protects
};

template <Platform P>
struct RLockReleasedRelaxed : RecursiveCounting<P, FreesRelaxed<P>> {
    static constexpr auto breaks = "HB-LOCK";
    static constexpr auto fails_at = "count";
};
HEDDLE_BROKEN_MODEL(RLockReleasedRelaxed, failure::data_race);

template <Platform P>
struct RLockThriceReleasedRelaxed : ThreeRounds<P, FreesRelaxed<P>> {
    static constexpr auto breaks = "HB-LOCK";
    static constexpr auto fails_at = "count";
};
HEDDLE_BROKEN_MODEL(RLockThriceReleasedRelaxed, failure::data_race);

template <Platform P>
struct RLockTakenInTwoSteps : RecursiveCounting<P, TakenInTwoSteps<P>> {
    static constexpr auto breaks = "INV-R-MUTEX";
    static constexpr auto fails_at = "count";
};
HEDDLE_BROKEN_MODEL(RLockTakenInTwoSteps, failure::data_race);

// A Lock waits for itself.
template <Platform P>
struct LockTakenTwice : RecursiveCounting<P, BasicLock<P>> {
    static constexpr auto breaks = "INV-R-REENTER";
    static constexpr auto fails_at = "Lock.state";
};
HEDDLE_BROKEN_MODEL(LockTakenTwice, failure::deadlock);

// The textbook mistake: any release frees it.
template <Platform P>
class ForgetsLevels {
  public:
    void acquire() {
        if (owner_.load(std::memory_order_relaxed) == P::thread_id()) return;  // relaxed: as in RLock
        lock_.lock();
        owner_.store(P::thread_id(), std::memory_order_relaxed);  // relaxed: as in RLock
    }
    void release() {
        owner_.store(0, std::memory_order_relaxed);  // relaxed: as in RLock
        if (lock_.locked()) lock_.release();
    }
    bool locked() const { return lock_.locked(); }

  private:
    BasicLock<P> lock_;
    typename P::template atomic<std::uint64_t> owner_{0};
};

template <Platform P>
struct RLockForgetsLevels : RecursiveCounting<P, ForgetsLevels<P>> {
    static constexpr auto breaks = "INV-R-BALANCE";
    static constexpr auto fails_at = "count";
};
HEDDLE_BROKEN_MODEL(RLockForgetsLevels, failure::data_race);

template <Platform P, class AnyLock = BasicRLock<P>>
struct ReleaseByAnother {
    static constexpr auto claim = "an RLock refuses to be released by another thread, and stays with its owner";
    static constexpr auto invariants = "INV-R-OWNER INV-EXC";
    static constexpr int threads = 2;
    static constexpr unsigned spurious_wakeups = 0;
    AnyLock lock;
    typename P::template plain<int> shared{0, "shared"};
    typename P::template plain<bool> refused{false, "refused"};

    void thread(int index) {
        if (index == 0) {
            lock.acquire();
            shared.write(1);
            lock.release();
            return;
        }
        try {
            lock.release();
        } catch (const RuntimeError&) {
            refused.write(true);
        }
        lock.acquire();
        shared.write(2);
        lock.release();
    }
    void after() { check(refused.read(), "the release by another thread is refused"); }
};

template <Platform P>
struct RLockKnowsItsOwner : ReleaseByAnother<P> {};
HEDDLE_MODEL(RLockKnowsItsOwner);

template <Platform P>
struct LockKnowsNoOwner : ReleaseByAnother<P, BasicLock<P>> {
    static constexpr auto breaks = "INV-R-OWNER";
    static constexpr auto fails_at = "release unlocked lock";
    static constexpr auto search = checker::full_search();  // with fewer preemptions a race on its data comes first
};
HEDDLE_BROKEN_MODEL(LockKnowsNoOwner, failure::exception);

template <Platform P, class AnyLock = BasicRLock<P>>
struct TimedRecursion {
    static constexpr auto claim = "an RLock that is not taken in time is left as it was";
    static constexpr auto invariants = "INV-TO-NOEFFECT";
    static constexpr int threads = 2;
    static constexpr unsigned spurious_wakeups = 0;
    AnyLock lock;
    typename P::template plain<int> shared{0, "shared"};

    void thread(int index) {
        if (index == 0 || lock.acquire(true, Seconds(1))) {
            if (index == 0) lock.acquire();
            shared.write(shared.read() + 1);
            lock.release();
        }
    }
    void after() {
        check(lock.acquire(false), "the lock is free in the end");
        lock.release();
    }
};

template <Platform P>
struct RLockTimesOutCleanly : TimedRecursion<P> {};
HEDDLE_MODEL(RLockTimesOutCleanly);

template <Platform P>
struct TakesItByTimeout : BasicRLock<P> {
    bool acquire(bool blocking = true, Seconds timeout = no_timeout) {
        BasicRLock<P>::acquire(blocking, timeout);
        return true;
    }
};
template <Platform P>
struct RLockTakenByTimeout : TimedRecursion<P, TakesItByTimeout<P>> {
    static constexpr auto breaks = "INV-TO-NOEFFECT";
    static constexpr auto fails_at = "shared";
};
HEDDLE_BROKEN_MODEL(RLockTakenByTimeout, failure::data_race);

// Who takes it in the last instant of a wait, which has given it up.
template <Platform P, class AnyLock = BasicRLock<EndsAtTheDeadline<P>>>
struct TakenDuringAWait {
    static constexpr auto claim = "who takes an RLock that a wait has given up has taken it once, whichever way";
    static constexpr auto invariants = "INV-R-BALANCE INV-C-LEVEL";
    static constexpr int threads = 1;
    static constexpr unsigned spurious_wakeups = 0;
    using Q = EndsAtTheDeadline<P>;
    AnyLock lock;
    BasicCondition<Q> condition{lock};

    void thread(int) {
        lock.acquire();
        lock.acquire();
        taken_by([this] { return lock.acquire(); });
        taken_by([this] { return lock.acquire(false); });
        taken_by([this] { return lock.try_lock_for(1s); });
        lock.release();
        lock.release();
        check(!lock.locked(), "the lock is free in the end");
    }
    template <class Take>
    void taken_by(Take take) {
        Q::before_the_deadline([this, take] {
            check(take() && lock.is_owned() && lock.recursion_count() == 1, "it is taken once");
            lock.release();
            check(!lock.locked(), "and free again");
        });
        check(!condition.wait(1s) && lock.recursion_count() == 2, "both levels are back");
    }
};

template <Platform P>
struct RLockBeginsAnew : TakenDuringAWait<P> {};
HEDDLE_MODEL(RLockBeginsAnew);

// Gives back as often as it was taken before.
template <Platform Q>
struct CountsOn : BasicRLock<Q> {
    bool acquire(bool blocking = true, Seconds timeout = no_timeout) {
        const bool again = !this->is_owned() && std::exchange(was_taken_, true);
        return BasicRLock<Q>::acquire(blocking, timeout) && (!again || BasicRLock<Q>::acquire());
    }

  private:
    bool was_taken_ = false;
};
template <Platform P>
struct RLockCountsOn : TakenDuringAWait<P, CountsOn<EndsAtTheDeadline<P>>> {
    static constexpr auto breaks = "INV-R-BALANCE";
    static constexpr auto fails_at = "it is taken once";
};
HEDDLE_BROKEN_MODEL(RLockCountsOn, failure::assertion);

}  // namespace heddle::models
