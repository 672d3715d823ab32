// What comes in the last instant before a deadline: a platform decides when that is, so no clock is needed.
#include <chrono>

#include <heddle/checker/faults.hpp>
#include <heddle/checker/model.hpp>
#include <heddle/event.hpp>
#include <heddle/lock.hpp>
#include <heddle/queue.hpp>
#include <heddle/ring_queue.hpp>
#include <heddle/semaphore.hpp>
#include <heddle/simple_queue.hpp>
#include <heddle/thread.hpp>

#include "last_instant.hpp"
#include "stopped_clock.hpp"

namespace heddle::models {

using namespace std::chrono_literals;

template <Platform P, class AnyLock = BasicLock<EndsAtTheDeadline<P>>>
struct ComesInTime {
    static constexpr auto claim =
        "what comes in the last instant before its deadline is not refused to a call that waits";
    static constexpr auto invariants = "INV-TO-LAST-LOOK";
    static constexpr int threads = 1;
    static constexpr unsigned spurious_wakeups = 0;
    static constexpr int dynamic_threads = 1;
    static constexpr auto search = checker::context_bound(1);  // what comes when is said, not found
    using Q = EndsAtTheDeadline<P>;
    AnyLock lock;
    BasicLock<Q> other_lock;
    BasicSemaphore<Q> semaphore{0};
    BasicQueue<Q, int> queue;
    BasicRingQueue<Q, int> ring_queue{1};
    BasicLock<Q> gate;
    BasicThread<Q> worker{[this] { gate.acquire(); }};

    void thread(int) {
        lock.acquire();
        Q::before_the_deadline([this] { lock.release(); });
        check(lock.acquire(true, 1s), "the lock was free in time");

        other_lock.acquire();
        Q::before_the_deadline([this] { other_lock.release(); });
        check(other_lock.try_lock_until(StoppedClock::in_an_hour()), "the lock was free in time");

        Q::before_the_deadline([this] { semaphore.release(); });
        check(semaphore.acquire(true, 1s), "the permit was there in time");

        Q::before_the_deadline([this] { queue.put(1); });
        check(queue.get(true, 1s) == 1, "the item was there in time");

        Q::before_the_deadline([this] { ring_queue.put(1); });
        check(ring_queue.get(true, 1s) == 1, "the item was there in time");

        gate.acquire();
        worker.start();
        Q::before_the_deadline([this] {
            gate.release();
            worker.join();
        });
        check(worker.join(1s), "the thread had ended in time");
    }
};

template <Platform P>
struct DeadlineRefusesNothing : ComesInTime<P> {};
HEDDLE_MODEL(DeadlineRefusesNothing);

// Believes the clock.
template <Platform P>
class GivesUpAtTheDeadline {
  public:
    void acquire() { taken_.store(1, std::memory_order_relaxed); }  // relaxed: one thread only
    void release() { taken_.store(0, std::memory_order_relaxed); }  // relaxed: one thread only
    bool acquire(bool, Seconds timeout) {
        // Acquire: what a lock needs; the mistake is elsewhere.
        while (taken_.exchange(1, std::memory_order_acquire) == 1)
            if (P::wait(taken_, 1, heddle::detail::deadline_after<P>(timeout)) == WaitResult::timed_out) return false;
        return true;
    }

  private:
    typename P::template atomic<FutexWord> taken_{0, "taken"};
};
template <Platform P>
struct DeadlineRefusesALock : ComesInTime<P, GivesUpAtTheDeadline<EndsAtTheDeadline<P>>> {
    static constexpr auto breaks = "INV-TO-LAST-LOOK";
    static constexpr auto fails_at = "the lock was free in time";
};
HEDDLE_BROKEN_MODEL(DeadlineRefusesALock, failure::assertion);

// The item comes in the last instant of one call, and another one waits longer and is told of it. Nothing else comes until the
// first one has it, or is refused.
template <Platform P, class AnyQueue = BasicQueue<EndsAtTheDeadline<P>, int>>
struct ItemOfAnother {
    static constexpr auto claim =
        "a get whose time has passed is refused only if it finds no item, whoever was told of it";
    static constexpr auto invariants = "INV-TO-LAST-LOOK";
    static constexpr int threads = 2;
    static constexpr unsigned spurious_wakeups = 0;
    static constexpr bool locks_by_specification = true;
    static constexpr auto search = checker::context_bound(3);
    AnyQueue queue;

    void thread(int index) {
        if (index == 1) return (void)queue.get();
        EndsAtTheDeadline<P>::before_the_deadline([this] { queue.put(1); });
        try {
            (void)queue.get(true, 1s);
        } catch (const Empty&) {
            return check(queue.empty(), "who is refused finds nothing");
        }
        queue.put(2);
    }
};

template <Platform P>
struct QueueIsLookedAtOnceMore : ItemOfAnother<P> {};
HEDDLE_MODEL(QueueIsLookedAtOnceMore);
template <Platform P>
struct SimpleQueueIsLookedAtOnceMore : ItemOfAnother<P, BasicSimpleQueue<EndsAtTheDeadline<P>, int>> {};
HEDDLE_MODEL(SimpleQueueIsLookedAtOnceMore);

// Lets its time pass, and does not look again.
template <Platform Q>
struct BelievesTheClock : BasicQueue<Q, int> {
    int get() { return BasicQueue<Q, int>::get(); }
    int get(bool, Seconds timeout) {
        if (!this->empty()) return get();
        BasicEvent<Q> never_set;
        (void)never_set.wait(timeout);
        throw Empty();
    }
};
template <Platform P>
struct QueueIsNotLookedAtOnceMore : ItemOfAnother<P, BelievesTheClock<EndsAtTheDeadline<P>>> {
    static constexpr auto breaks = "INV-TO-LAST-LOOK";
    static constexpr auto fails_at = "who is refused finds nothing";
};
HEDDLE_BROKEN_MODEL(QueueIsNotLookedAtOnceMore, failure::assertion);

template <Platform P, class AnyEvent = BasicEvent<EndsAtTheDeadline<P>>>
struct PulseInTime {
    static constexpr auto claim = "a wait that began before set and clear returns true, even at its deadline";
    static constexpr auto invariants = "INV-E-SETCLEAR";
    static constexpr int threads = 1;
    static constexpr unsigned spurious_wakeups = 0;
    AnyEvent event;

    void thread(int) {
        EndsAtTheDeadline<P>::before_the_deadline([this] {
            event.set();
            event.clear();
        });
        check(event.wait(Seconds(1)), "the flag was set during the wait");
    }
};

template <Platform P>
struct EventSeesAPulse : PulseInTime<P> {};
HEDDLE_MODEL(EventSeesAPulse);

// Asks whether the flag is set when the wait has ended.
template <Platform P>
class AsksAfterwards {
  public:
    void set() { flag_.store(1, std::memory_order_relaxed); }    // relaxed: one thread only
    void clear() { flag_.store(0, std::memory_order_relaxed); }  // relaxed: one thread only
    bool wait(Seconds timeout) {
        P::wait(flag_, 0, heddle::detail::deadline_after<P>(timeout));
        return flag_.load(std::memory_order_relaxed) == 1;  // relaxed: one thread only
    }

  private:
    typename P::template atomic<FutexWord> flag_{0, "flag"};
};
template <Platform P>
struct EventMissesAPulse : PulseInTime<P, AsksAfterwards<EndsAtTheDeadline<P>>> {
    static constexpr auto breaks = "INV-E-SETCLEAR";
    static constexpr auto fails_at = "the flag was set during the wait";
};
HEDDLE_BROKEN_MODEL(EventMissesAPulse, failure::assertion);

}  // namespace heddle::models
