// Waits that may be interrupted, as a stop token does to Condition.wait_for. (A std::stop_token is no object of a model:
// properties/rounds.cpp has it.) And wakes that come after the lock is given back.
#include <heddle/checker/faults.hpp>
#include <heddle/checker/model.hpp>
#include <heddle/detail/late_wakes.hpp>
#include <heddle/detail/wait_point.hpp>

namespace heddle::models {

template <Platform P>
using WaitPoint = heddle::detail::WaitPoint<P>;

template <Platform P, class Point = WaitPoint<P>>
struct InterruptedWait {
    static constexpr auto claim =
        "a wait that is interrupted and notified at once was notified, and one that is not ends";
    static constexpr auto invariants = "INV-C-EXACT INV-C-NOEAT";
    static constexpr int threads = 3;
    static constexpr unsigned spurious_wakeups = 1;
    static constexpr auto search = checker::context_bound(3);
    static constexpr bool locks_by_specification = true;
    BasicLock<P> lock;
    Point point{"waiters"};
    typename WaitPoint<P>::Waiter waiter;
    bool was_notified = false;
    bool has_notified = false;

    void thread(int index) {
        if (index == 0) {
            lock.acquire();
            was_notified = point.wait(waiter, lock, Deadline::never());
            lock.release();
        } else if (index == 1) {
            waiter.interrupt();
        } else {
            lock.acquire();
            has_notified = point.notify_one();
            lock.release();
        }
    }
    void after() { check(was_notified == has_notified, "who was notified knows, and nobody else"); }
};

template <Platform P>
struct ConditionInterrupted : InterruptedWait<P> {};
HEDDLE_MODEL(ConditionInterrupted);

// Takes the end of its sleep for a notify.
template <Platform P>
class TrustsItsSleep : public WaitPoint<P> {
  public:
    using WaitPoint<P>::WaitPoint;

    template <class AnyLock>
    bool wait(typename WaitPoint<P>::Waiter& waiter, AnyLock& lock, Deadline deadline) {
        WaitPoint<P>::wait(waiter, lock, deadline);
        return true;
    }
};
template <Platform P>
struct ConditionTakesInterruptsForNotifies : InterruptedWait<P, TrustsItsSleep<P>> {
    static constexpr auto breaks = "INV-C-EXACT INV-C-NOEAT";
    static constexpr auto fails_at = "who was notified knows, and nobody else";
};
HEDDLE_BROKEN_MODEL(ConditionTakesInterruptsForNotifies, failure::assertion);

// Room for one, and two that may sleep. Each may be gone when its wake comes.
template <Platform P>
struct LateWakesOfTwo {
    static constexpr auto claim =
        "who was notified wakes, also if the wake comes late, and where there is no room for it";
    static constexpr auto invariants = "INV-C-NOLOST";
    static constexpr int threads = 3;
    static constexpr unsigned spurious_wakeups = 0;
    static constexpr auto search = checker::context_bound(3);
    static constexpr bool locks_by_specification = true;
    BasicLock<P> lock;
    WaitPoint<P> point{"waiters"};
    typename P::template plain<bool> ready{false, "ready"};

    void thread(int index) {
        if (index == 2) return tell();
        lock.acquire();
        while (!ready.read()) point.wait(lock, Deadline::never());
        lock.release();
    }
    void tell() {
        heddle::detail::LateWakes<P, 1> wakes;
        lock.acquire();
        ready.write(true);
        point.notify_one(wakes);
        point.notify_one(wakes);
        lock.release();
    }
};

template <Platform P>
struct ConditionWakesLate : LateWakesOfTwo<P> {};
HEDDLE_MODEL(ConditionWakesLate);

template <Platform>
struct ConditionLateWakesDropped : LateWakesOfTwo<checker::LocksBySpecification<checker::WakeOneDropped>> {
    static constexpr auto breaks = "INV-C-NOLOST";
    static constexpr auto fails_at = "Waiter.word";
};
HEDDLE_BROKEN_MODEL(ConditionLateWakesDropped, failure::deadlock);

}  // namespace heddle::models
