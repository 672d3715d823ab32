// Lock: refused releases, time-outs, attempts, scopes.
#include <array>
#include <chrono>
#include <mutex>

#include <heddle/checker/faults.hpp>
#include <heddle/checker/model.hpp>
#include <heddle/lock.hpp>

namespace heddle::models {

using namespace std::chrono_literals;

template <Platform P, template <class> class AnyLock>
struct ReleasedTwice {
    static constexpr auto claim = "of two releases of a Lock held once exactly one is refused";
    static constexpr auto invariants = "INV-L-ERRORS";
    static constexpr int threads = 2;
    static constexpr unsigned spurious_wakeups = 0;
    AnyLock<P> lock;
    typename P::template atomic<int> refused{0, "refused"};

    ReleasedTwice() { lock.acquire(); }
    void thread(int) {
        try {
            lock.release();
        } catch (const RuntimeError&) {
            refused.fetch_add(1, std::memory_order_relaxed);  // relaxed: read after the threads have ended
        }
    }
    void after() {
        check(refused.load(std::memory_order_relaxed) == 1, "exactly one release is refused");
        check(lock.try_lock(), "the lock is usable");
    }
};

template <Platform P>
struct LockRefusesSecondRelease : ReleasedTwice<P, BasicLock> {};
HEDDLE_MODEL(LockRefusesSecondRelease);

template <class P>
struct SilentLock : BasicLock<P> {
    void release() {
        if (this->locked()) BasicLock<P>::release();
    }
};
template <Platform P>
struct LockReleasedSilently : ReleasedTwice<P, SilentLock> {
    static constexpr auto breaks = "INV-L-ERRORS";
    static constexpr auto fails_at = "exactly one release is refused";
};
HEDDLE_BROKEN_MODEL(LockReleasedSilently, failure::assertion);

template <Platform P, template <class> class AnyLock>
struct TimedAcquire {
    static constexpr auto claim = "an acquire that times out leaves the Lock as it was";
    static constexpr auto invariants = "INV-TO-NOEFFECT INV-TO-LAST-LOOK";
    static constexpr int threads = 2;
    static constexpr unsigned spurious_wakeups = 1;
    AnyLock<P> lock;
    typename P::template plain<int> inside{0, "inside"};

    void thread(int index) {
        const bool taken = index == 0 ? lock.acquire() : lock.acquire(true, 1s);
        if (!taken) return;
        inside.write(inside.read() + 1);
        lock.release();
    }
    void after() { check(lock.try_lock(), "the lock is free when all are done"); }
};

template <Platform P>
struct LockTimesOutCleanly : TimedAcquire<P, BasicLock> {};
HEDDLE_MODEL(LockTimesOutCleanly);

template <class P>
struct StickyLock : BasicLock<P> {
    bool acquire() { return BasicLock<P>::acquire(); }
    bool acquire(bool, Seconds timeout) {
        if (BasicLock<P>::acquire(true, timeout)) return true;
        BasicLock<P>::acquire();
        return false;
    }
};
template <Platform P>
struct LockTakenByTimeout : TimedAcquire<P, StickyLock> {
    static constexpr auto breaks = "INV-TO-NOEFFECT";
    static constexpr auto fails_at = "the lock is free when all are done";
};
HEDDLE_BROKEN_MODEL(LockTakenByTimeout, failure::assertion);

// The holder keeps the lock until the other thread's attempt is over: an attempt that waits never is.
template <Platform P, template <class> class AnyLock>
struct Attempt {
    static constexpr auto claim = "try_lock never waits";
    static constexpr auto invariants = "INV-L-TRY";
    static constexpr int threads = 2;
    static constexpr unsigned spurious_wakeups = 0;
    AnyLock<P> lock;
    BasicLock<P> attempted;

    Attempt() {
        lock.acquire();
        attempted.acquire();
    }
    void thread(int index) {
        if (index == 0) {
            attempted.acquire();
            lock.release();
        } else {
            check(!lock.try_lock(), "the lock was held");
            check(!lock.acquire(false), "the lock was held");
            attempted.release();
        }
    }
};

template <Platform P>
struct TryLockNeverWaits : Attempt<P, BasicLock> {};
HEDDLE_MODEL(TryLockNeverWaits);

template <class P>
struct PatientLock : BasicLock<P> {
    bool try_lock() { return this->acquire(); }
};
template <Platform P>
struct TryLockWaits : Attempt<P, PatientLock> {
    static constexpr auto breaks = "INV-L-TRY";
    static constexpr auto fails_at = "Lock.state";
};
HEDDLE_BROKEN_MODEL(TryLockWaits, failure::deadlock);

// A holder and two that want the lock: one release is enough for one of them.
template <Platform P, class AnyLock = BasicLock<P>>
struct OneRelease {
    static constexpr auto claim = "one release lets one waiting thread go on, and not both";
    static constexpr auto invariants = "INV-L-ONE";
    static constexpr int threads = 3;
    static constexpr unsigned spurious_wakeups = 0;
    static constexpr auto search = checker::context_bound(4);
    AnyLock lock;
    typename P::template atomic<int> admitted{0, "admitted"};

    OneRelease() { lock.acquire(); }
    void thread(int index) {
        if (index == 0) lock.release();
        else if (lock.acquire(true, Seconds(1)))
            admitted.fetch_add(1, std::memory_order_relaxed);  // relaxed: read after the threads have ended
    }
    void after() {
        const int holders = admitted.load(std::memory_order_relaxed);  // relaxed: the threads have ended
        check(holders <= 1, "one release, one thread");
        check(lock.locked() == (holders == 1), "whom it let go on holds the lock, and without one it is free");
    }
};

template <Platform P>
struct LockAdmitsOne : OneRelease<P> {};
HEDDLE_MODEL(LockAdmitsOne);

template <Platform>
struct LockAdmitsTwo : OneRelease<checker::TornReadModifyWrites> {
    static constexpr auto breaks = "INV-L-ONE";
    static constexpr std::array fails_at{"one release, one thread",
                                         "whom it let go on holds the lock, and without one it is free"};
};
HEDDLE_BROKEN_MODEL(LockAdmitsTwo, failure::assertion);

// A scope that is left by an exception gives its lock back.
template <Platform P, class Guard = std::scoped_lock<BasicLock<P>>>
struct ScopeLeftByException {
    static constexpr auto claim = "a scoped lock is released when its scope is left by an exception";
    static constexpr auto invariants = "INV-RAII INV-EXC";
    static constexpr int threads = 2;
    static constexpr unsigned spurious_wakeups = 0;
    struct Thrown {};
    BasicLock<P> lock;
    typename P::template plain<int> count{0, "count"};

    void thread(int) {
        try {
            const Guard guard(lock);
            count.write(count.read() + 1);
            throw Thrown();
        } catch (const Thrown&) {
        }
    }
    void after() { check(count.read() == 2 && !lock.locked(), "both threads had the lock, and it is free"); }
};

template <Platform P>
struct LockReleasedByItsScope : ScopeLeftByException<P> {};
HEDDLE_MODEL(LockReleasedByItsScope);

template <class AnyLock>
struct NoGuard {
    explicit NoGuard(AnyLock& lock) { lock.acquire(); }
};
template <Platform P>
struct LockNotScoped : ScopeLeftByException<P, NoGuard<BasicLock<P>>> {
    static constexpr auto breaks = "INV-RAII";
    static constexpr auto fails_at = "Lock.state";
};
HEDDLE_BROKEN_MODEL(LockNotScoped, failure::deadlock);

}  // namespace heddle::models
