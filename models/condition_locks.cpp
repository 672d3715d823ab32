// Condition and its lock: every level of an RLock, and one lock for two conditions.
#include <mutex>

#include <heddle/checker/faults.hpp>
#include <heddle/checker/model.hpp>

#include "fails_with.hpp"
#include "conditions.hpp"

namespace heddle::models {

// All levels of an RLock are given up by a wait, and all are back after it.
template <Platform P, class AnyCondition = BasicCondition<P>>
struct WaitInsideOfTwoLevels {
    static constexpr auto claim = "wait gives up every level of an RLock and takes every one back";
    static constexpr auto invariants = "INV-R-SAVE INV-C-LEVEL";
    static constexpr int threads = 2;
    static constexpr unsigned spurious_wakeups = 0;
    static constexpr auto search = checker::context_bound(4);
    static constexpr bool locks_by_specification = true;
    BasicRLock<P> lock;
    AnyCondition condition{lock};
    typename P::template plain<bool> flag{false, "flag"};

    void thread(int index) {
        lock.acquire();
        if (index == 0) {
            lock.acquire();
            while (!flag.read()) condition.wait();
            check(lock.recursion_count() == 2, "both levels are back");
            lock.release();
        } else {
            flag.write(true);
            condition.notify();
        }
        lock.release();
    }
};

template <Platform P>
struct ConditionRestoresLevels : WaitInsideOfTwoLevels<P> {};
HEDDLE_MODEL(ConditionRestoresLevels);

// EpochCondition releases its lock once, whatever the level.
template <Platform P>
struct ConditionReleasesOneLevel : WaitInsideOfTwoLevels<P, EpochCondition<P, BasicRLock<P>>> {
    static constexpr auto breaks = "INV-C-LEVEL INV-R-SAVE";
    static constexpr auto fails_at = "RLock.state";
};
HEDDLE_BROKEN_MODEL(ConditionReleasesOneLevel, failure::deadlock);

// A bounded buffer: two conditions share one lock.
template <Platform P>
struct BufferOfOne {
    static constexpr auto claim = "two Conditions on one lock do not take each other's notifies";
    static constexpr auto invariants = "INV-C-SHARED";
    static constexpr int threads = 4;
    static constexpr unsigned spurious_wakeups = 0;
    static constexpr auto search = checker::context_bound(2);
    static constexpr bool locks_by_specification = true;
    BasicLock<P> lock;
    OverLock<P> not_full{lock};
    OverLock<P> not_empty{lock};
    typename P::template plain<int> items{0, "items"};

    void thread(int index) {
        const std::scoped_lock guard(lock);
        if (index < 2) {
            while (items.read() == 1) not_full.wait();
            items.write(1);
            not_empty.notify();
        } else {
            while (items.read() == 0) not_empty.wait();
            items.write(0);
            not_full.notify();
        }
    }
};

template <Platform P>
struct ConditionsShareALock : BufferOfOne<P> {};
HEDDLE_MODEL(ConditionsShareALock);

// One condition for both sides, and notify(1).
template <Platform P>
struct ConditionsMixedUp : BufferOfOne<P> {
    static constexpr auto breaks = "INV-C-SHARED";
    static constexpr auto fails_at = "Waiter.word";
    void thread(int index) {
        const std::scoped_lock guard(this->lock);
        const int full = index < 2 ? 1 : 0;
        while (this->items.read() == full) this->not_full.wait();
        this->items.write(1 - full);
        this->not_full.notify();
    }
};
HEDDLE_BROKEN_MODEL(ConditionsMixedUp, failure::deadlock);

// Calls of a thread that does not own the lock, while another one waits.
template <Platform P, class AnyCondition = BasicCondition<P>>
struct CallsWithoutTheLock {
    static constexpr auto claim = "whoever waits or notifies without the lock is refused, and that changes nothing";
    static constexpr auto invariants = "INV-EXC INV-C-EXACT";
    static constexpr int threads = 2;
    static constexpr unsigned spurious_wakeups = 0;
    static constexpr bool locks_by_specification = true;
    static constexpr auto search = checker::context_bound(3);
    BasicRLock<P> lock;
    AnyCondition condition{lock};

    void thread(int index) {
        if (index == 0) {
            const std::scoped_lock guard(lock);
            return check(!condition.wait(Seconds(1)), "nobody may notify it");
        }
        refuses([this] { condition.notify(); });
        refuses([this] { condition.notify_all(); });
        refuses([this] { (void)condition.wait(Seconds(1)); });
        refuses([this] { (void)condition.wait_for([] { return false; }, Seconds(1)); });
    }
    template <class Call>
    static void refuses(const Call& call) {
        fails_with<RuntimeError>(call, "a call without the lock is refused");
    }
};

template <Platform P>
struct ConditionRefusesStrangers : CallsWithoutTheLock<P> {};
HEDDLE_MODEL(ConditionRefusesStrangers);

// Takes the lock for whoever has not.
template <Platform P>
struct HelpsStrangers : BasicCondition<P> {
    using BasicCondition<P>::BasicCondition;
    void notify() {
        const std::scoped_lock guard(*this);
        BasicCondition<P>::notify();
        throw RuntimeError("cannot notify on un-acquired lock");
    }
};
template <Platform P>
struct ConditionHelpsStrangers : CallsWithoutTheLock<P, HelpsStrangers<P>> {
    static constexpr auto breaks = "INV-EXC INV-C-EXACT";
    static constexpr auto fails_at = "nobody may notify it";
};
HEDDLE_BROKEN_MODEL(ConditionHelpsStrangers, failure::assertion);

}  // namespace heddle::models
