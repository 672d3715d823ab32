// Calls that have time, and must use it: here no wait times out.
#include <chrono>

#include <heddle/checker/model.hpp>
#include <heddle/lock.hpp>
#include <heddle/queue.hpp>
#include <heddle/ring_queue.hpp>
#include <heddle/rlock.hpp>
#include <heddle/semaphore.hpp>
#include <heddle/simple_queue.hpp>

#include "stopped_clock.hpp"

namespace heddle::models {

using namespace std::chrono_literals;

template <class Thing>
struct TakenInTime {
    static constexpr auto claim = "a call with a time-out waits for what comes in time, whatever wakes it meanwhile";
    static constexpr auto invariants = "INV-TO-WAITS";
    static constexpr int threads = 2;
    static constexpr int time_outs = 0;
    static constexpr auto search = checker::context_bound(3);
    Thing thing;

    void thread(int index) {
        if (index == 0) thing.give();
        else check(thing.take(), "it came in time");
    }
};

template <Platform P>
struct HeldLock {
    BasicLock<P> lock;
    HeldLock() { lock.acquire(); }
    void give() { lock.release(); }
};
template <Platform P>
struct LockWithin : HeldLock<P> {
    bool take() { return this->lock.try_lock_for(1min); }
};
template <Platform P>
struct LockUntil : HeldLock<P> {
    bool take() { return this->lock.try_lock_until(StoppedClock::in_an_hour()); }
};

// Only its owner may release an RLock: the thread that gives it takes it first, or later.
template <Platform P, bool until>
struct SharedRLock {
    BasicRLock<P> lock;
    void give() {
        lock.acquire();
        lock.release();
    }
    bool take() {
        const bool taken = until ? lock.try_lock_until(StoppedClock::in_an_hour()) : lock.try_lock_for(1min);
        if (taken) lock.release();
        return taken;
    }
};

template <Platform P>
struct NoPermit {
    BasicSemaphore<P> semaphore{0};
    void give() { semaphore.release(); }
    bool take() { return semaphore.acquire(true, 1min); }
};

template <class AnyQueue>
struct NoItem {
    AnyQueue queue{};
    void give() { queue.put(1); }
    bool take() {
        try {
            return queue.get(true, 1min) == 1;
        } catch (const Empty&) {
            return false;
        }
    }
};
template <Platform P>
struct RingForOne : BasicRingQueue<P, int> {
    RingForOne() : BasicRingQueue<P, int>(1) {}
};

template <Platform P>
struct LockIsTakenWithinItsTime : TakenInTime<LockWithin<P>> {};
HEDDLE_MODEL(LockIsTakenWithinItsTime);

template <Platform P>
struct LockIsTakenUntilItsTime : TakenInTime<LockUntil<P>> {};
HEDDLE_MODEL(LockIsTakenUntilItsTime);

template <Platform P>
struct RLockIsTakenWithinItsTime : TakenInTime<SharedRLock<P, false>> {};
HEDDLE_MODEL(RLockIsTakenWithinItsTime);

template <Platform P>
struct RLockIsTakenUntilItsTime : TakenInTime<SharedRLock<P, true>> {};
HEDDLE_MODEL(RLockIsTakenUntilItsTime);

template <Platform P>
struct SemaphoreIsTakenWithinItsTime : TakenInTime<NoPermit<P>> {};
HEDDLE_MODEL(SemaphoreIsTakenWithinItsTime);

template <Platform P>
struct RingQueueGivesWithinItsTime : TakenInTime<NoItem<RingForOne<P>>> {};
HEDDLE_MODEL(RingQueueGivesWithinItsTime);

template <Platform P>
struct QueueGivesWithinItsTime : TakenInTime<NoItem<BasicQueue<P, int>>> {
    static constexpr bool locks_by_specification = true;
};
HEDDLE_MODEL(QueueGivesWithinItsTime);

template <Platform P>
struct SimpleQueueGivesWithinItsTime : TakenInTime<NoItem<BasicSimpleQueue<P, int>>> {
    static constexpr bool locks_by_specification = true;
};
HEDDLE_MODEL(SimpleQueueGivesWithinItsTime);

// Looks once, and does not wait.
template <Platform P>
struct Impatient : HeldLock<P> {
    bool take() { return this->lock.try_lock(); }
};
template <Platform P>
struct LockIsNotWaitedFor : TakenInTime<Impatient<P>> {
    static constexpr auto breaks = "INV-TO-WAITS";
    static constexpr auto fails_at = "it came in time";
};
HEDDLE_BROKEN_MODEL(LockIsNotWaitedFor, failure::assertion);

}  // namespace heddle::models
