// Waits that may be interrupted, as a stop token does to Condition.wait_for. (std::stop_callback blocks its thread for real
// while a callback runs in another one, so it can stand in a model of one thread only.)
#include <mutex>
#include <stop_token>

#include <heddle/checker/model.hpp>
#include <heddle/detail/wait_point.hpp>

#include "conditions.hpp"

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
};
HEDDLE_BROKEN_MODEL(ConditionTakesInterruptsForNotifies, failure::assertion);

// Whoever is about to sleep is asked to stop.
template <Platform P>
struct AsksToStopMeanwhile : P {
    static std::stop_source& source() { return P::template global<std::stop_source>(); }
    static WaitResult wait(const typename P::template atomic<FutexWord>& word, FutexWord expected, Deadline deadline) {
        source().request_stop();
        return P::wait(word, expected, deadline);
    }
};

template <Platform P, class AnyCondition = OverLock<AsksToStopMeanwhile<P>>>
struct StoppedWait {
    static constexpr auto claim =
        "a request to stop ends a wait_for, and one that has come already keeps it from giving the lock up";
    static constexpr auto invariants = "INV-C-STOP";
    static constexpr int threads = 1;
    static constexpr unsigned spurious_wakeups = 0;
    static constexpr bool locks_by_specification = true;
    using Q = AsksToStopMeanwhile<P>;
    BasicLock<Q> lock;
    AnyCondition condition{lock};

    StoppedWait() { Q::source() = std::stop_source(); }  // on real threads it is that of the execution before, too
    void thread(int) {
        const std::scoped_lock guard(lock);
        check(times_asked() == 2, "it is asked before the wait that the request ends, and after it");
        check(times_asked() == 1, "who is to stop does not begin to wait");
    }
    int times_asked() {
        int times = 0;
        condition.wait_for(Q::source().get_token(), [&times] {
            check(++times <= 2, "it waits before it is asked again");
            return false;
        });
        return times;
    }
};

template <Platform P>
struct ConditionIsStopped : StoppedWait<P> {};
HEDDLE_MODEL(ConditionIsStopped);

template <Platform Q>
struct IgnoresTheRequest : OverLock<Q> {
    using OverLock<Q>::OverLock;
    template <class Predicate>
    void wait_for(const std::stop_token&, Predicate predicate) {
        OverLock<Q>::wait_for(predicate);
    }
};
template <Platform P>
struct ConditionIsNotStopped : StoppedWait<P, IgnoresTheRequest<AsksToStopMeanwhile<P>>> {
    static constexpr auto breaks = "INV-C-STOP";
};
HEDDLE_BROKEN_MODEL(ConditionIsNotStopped, failure::deadlock);

template <Platform Q>
struct BeginsToWait : OverLock<Q> {
    using OverLock<Q>::OverLock;
    template <class Predicate>
    void wait_for(const std::stop_token& stop, Predicate predicate) {
        if (stop.stop_requested() && !predicate()) this->wait(Seconds(0));
        OverLock<Q>::wait_for(stop, predicate);
    }
};
template <Platform P>
struct ConditionStopsTooLate : StoppedWait<P, BeginsToWait<AsksToStopMeanwhile<P>>> {
    static constexpr auto breaks = "INV-C-STOP";
};
HEDDLE_BROKEN_MODEL(ConditionStopsTooLate, failure::assertion);

}  // namespace heddle::models
