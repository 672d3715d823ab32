// Lock: mutual exclusion, waking, visibility, foreign release.
#include <chrono>

#include <heddle/checker/faults.hpp>
#include <heddle/checker/model.hpp>
#include <heddle/lock.hpp>

#include "two_steps.hpp"

namespace heddle::models {

using namespace std::chrono_literals;

// So many threads hold the lock so many times each.
template <Platform P, int thread_count, int rounds, class AnyLock = BasicLock<P>>
struct Exclusion {
    static constexpr int threads = thread_count;
    static constexpr unsigned spurious_wakeups = 0;
    AnyLock lock;
    typename P::template plain<int> inside{0, "inside"};

    void thread(int) {
        for (int round = 0; round != rounds; ++round) {
            lock.acquire();
            inside.write(inside.read() + 1);
            lock.release();
        }
    }
    void after() {
        check(inside.read() == threads * rounds, "every thread was inside, alone, in every round");
        check(!lock.locked(), "the lock is free in the end");
    }
};

template <Platform P>
struct LockExcludes : Exclusion<P, 2, 1> {
    static constexpr auto claim = "two threads never hold a Lock at once";
    static constexpr auto invariants = "INV-L-MUTEX INV-L-NOLOST INV-PROGRESS";
    static constexpr unsigned spurious_wakeups = 1;
};
HEDDLE_MODEL(LockExcludes);

template <Platform P>
struct LockTakenInTwoSteps : Exclusion<P, 2, 1, TakenInTwoSteps<P>> {
    static constexpr auto claim = LockExcludes<P>::claim;
    static constexpr auto breaks = "INV-L-MUTEX";
    static constexpr auto fails_at = "inside";
};
HEDDLE_BROKEN_MODEL(LockTakenInTwoSteps, failure::data_race);

template <Platform>
struct LockReleasedRelaxed : LockExcludes<checker::ReleasesRelaxed> {
    static constexpr auto breaks = "HB-LOCK";
    static constexpr auto fails_at = "inside";
};
HEDDLE_BROKEN_MODEL(LockReleasedRelaxed, failure::data_race);

template <Platform>
struct LockAcquiredRelaxed : LockExcludes<checker::AcquiresRelaxed> {
    static constexpr auto breaks = "HB-LOCK";
    static constexpr auto fails_at = "inside";
};
HEDDLE_BROKEN_MODEL(LockAcquiredRelaxed, failure::data_race);

template <Platform P>
struct LockExcludesTwice : Exclusion<P, 2, 2> {  // `contended` may outlive the last waiter
    static constexpr auto claim = "two threads that lock twice never hold a Lock at once";
};
HEDDLE_MODEL(LockExcludesTwice);

template <Platform>
struct LockTwiceWakeDropped : LockExcludesTwice<checker::WakeOneDropped> {
    static constexpr auto breaks = "INV-L-NOLOST";
    static constexpr auto fails_at = "Lock.state";
};
HEDDLE_BROKEN_MODEL(LockTwiceWakeDropped, failure::deadlock);

// The largest that the exhaustive engine finishes within a minute.
template <Platform P>
struct LockExcludesFourTimes : Exclusion<P, 2, 4> {
    static constexpr auto claim = "two threads that lock four times never hold a Lock at once";
    static constexpr auto search = checker::context_bound(3);
};
HEDDLE_MODEL(LockExcludesFourTimes);

template <Platform>
struct LockFourTimesReleasedRelaxed : LockExcludesFourTimes<checker::ReleasesRelaxed> {
    static constexpr auto breaks = "HB-LOCK";
    static constexpr auto fails_at = "inside";
};
HEDDLE_BROKEN_MODEL(LockFourTimesReleasedRelaxed, failure::data_race);

template <Platform P>
struct LockWakesWaiters : Exclusion<P, 3, 1> {
    static constexpr auto claim = "three threads that want a Lock all get it";
};
HEDDLE_MODEL(LockWakesWaiters);

template <Platform>
struct LockWakeDropped : LockWakesWaiters<checker::WakeOneDropped> {
    static constexpr auto breaks = "INV-L-NOLOST INV-PROGRESS";
    static constexpr auto fails_at = "Lock.state";
};
HEDDLE_BROKEN_MODEL(LockWakeDropped, failure::deadlock);

// The threads are alike: one of their 24 orders is explored.
template <Platform P>
struct LockExcludesFour : Exclusion<P, 4, 1> {
    static constexpr int alike = 4;
    static constexpr auto search = checker::context_bound(2);
    static constexpr auto claim = "four threads that want a Lock all get it, one after the other";
};
HEDDLE_MODEL(LockExcludesFour);

template <Platform>
struct LockForFourReleasedRelaxed : LockExcludesFour<checker::ReleasesRelaxed> {
    static constexpr auto breaks = "HB-LOCK";
    static constexpr auto fails_at = "inside";
};
HEDDLE_BROKEN_MODEL(LockForFourReleasedRelaxed, failure::data_race);

template <Platform P>
struct LockPublishes {
    static constexpr auto claim = "what was written before a release is seen after the next acquire";
    static constexpr auto invariants = "HB-LOCK";
    static constexpr int threads = 2;
    static constexpr unsigned spurious_wakeups = 0;
    BasicLock<P> lock;
    typename P::template plain<int> data{0, "data"};
    typename P::template plain<bool> written{false, "written"};

    void thread(int index) {
        if (index == 0) {
            lock.acquire();
            data.write(42);
            written.write(true);
            lock.release();
        } else if (lock.try_lock() || lock.acquire(true, 1s)) {
            if (written.read()) check(data.read() == 42, "the data is there");
            lock.release();
        }
    }
};
HEDDLE_MODEL(LockPublishes);

template <Platform>
struct LockPublishesNothing : LockPublishes<checker::AcquiresRelaxed> {
    static constexpr auto breaks = "HB-LOCK";
    static constexpr auto fails_at = "written";
};
HEDDLE_BROKEN_MODEL(LockPublishesNothing, failure::data_race);

template <Platform P>
struct LockReleasedByAnother {
    static constexpr auto claim = "another thread may release a Lock, and that publishes what it wrote";
    static constexpr auto invariants = "INV-L-FOREIGN";
    static constexpr int threads = 2;
    static constexpr unsigned spurious_wakeups = 0;
    BasicLock<P> lock;
    typename P::template plain<int> data{0, "data"};

    LockReleasedByAnother() { lock.acquire(); }
    void thread(int index) {
        if (index == 0) {
            data.write(42);
            lock.release();
        } else {
            lock.acquire();
            check(data.read() == 42, "the data is there");
        }
    }
};
HEDDLE_MODEL(LockReleasedByAnother);

template <Platform>
struct LockReleasedByAnotherRelaxed : LockReleasedByAnother<checker::ReleasesRelaxed> {
    static constexpr auto breaks = "INV-L-FOREIGN";
    static constexpr auto fails_at = "data";
};
HEDDLE_BROKEN_MODEL(LockReleasedByAnotherRelaxed, failure::data_race);

}  // namespace heddle::models
