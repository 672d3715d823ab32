// Condition: waiting, notifying, and the lock in between.
#include <mutex>

#include <heddle/checker/faults.hpp>
#include <heddle/checker/model.hpp>
#include <heddle/condition.hpp>

#include "conditions.hpp"

namespace heddle::models {

// Gives the lock up first and is in the list later: the lost wake-up of the textbooks.
template <Platform P>
class RegistersLate {
  public:
    explicit RegistersLate(BasicLock<P>& lock) : lock_(lock) {}
    bool wait() {
        lock_.release();
        const FutexWord before = epoch_.load(std::memory_order_relaxed);  // relaxed: the mistake is elsewhere
        P::wait(epoch_, before, Deadline::never());
        lock_.acquire();
        return true;
    }
    void notify() {
        epoch_.fetch_add(1, std::memory_order_relaxed);  // relaxed: the lock orders it
        P::wake_one(epoch_);
    }

  private:
    BasicLock<P>& lock_;
    typename P::template atomic<FutexWord> epoch_{0, "epoch"};
};

template <Platform P, class AnyCondition = OverLock<P>>
struct WaitForFlag {
    static constexpr auto claim =
        "a thread that waits on a Condition is woken by a notify that comes after it has begun";
    static constexpr auto invariants = "INV-C-NOLOST INV-C-RELOCK HB-LOCK";
    static constexpr int threads = 2;
    static constexpr unsigned spurious_wakeups = 0;
    static constexpr auto search = checker::context_bound(5);
    BasicLock<P> lock;
    AnyCondition condition{lock};
    typename P::template plain<bool> flag{false, "flag"};

    void thread(int index) {
        lock.acquire();
        if (index == 0) {
            while (!flag.read()) condition.wait();
        } else {
            flag.write(true);
            condition.notify();
        }
        lock.release();
    }
};

template <Platform P>
struct ConditionLosesNoWakeup : WaitForFlag<P> {};
HEDDLE_MODEL(ConditionLosesNoWakeup);

template <Platform P>
struct ConditionRegistersLate : WaitForFlag<P, RegistersLate<P>> {
    static constexpr auto breaks = "INV-C-NOLOST";
    static constexpr auto fails_at = "epoch";
};
HEDDLE_BROKEN_MODEL(ConditionRegistersLate, failure::deadlock);

template <Platform>
struct ConditionWakeDropped : WaitForFlag<checker::LocksBySpecification<checker::WakeOneDropped>> {
    static constexpr auto breaks = "INV-C-NOLOST";
    static constexpr auto fails_at = "Waiter.word";
};
HEDDLE_BROKEN_MODEL(ConditionWakeDropped, failure::deadlock);

// Comes back without the lock.
template <Platform P>
struct ForgetsTheLock : OverLock<P> {
    explicit ForgetsTheLock(BasicLock<P>& lock) : OverLock<P>(lock) {}
    bool wait() {
        const bool chosen = OverLock<P>::wait();
        this->release();
        return chosen;
    }
};
template <Platform P, class AnyCondition = OverLock<P>, int waiters = 2>
struct CountingAroundWait {
    static constexpr auto claim = "wait returns with the lock held";
    static constexpr auto invariants = "INV-C-RELOCK INV-C-ALL";
    static constexpr int threads = waiters + 1;
    static constexpr unsigned spurious_wakeups = 0;
    static constexpr auto search = checker::context_bound(3);
    static constexpr bool locks_by_specification = true;
    BasicLock<P> lock;
    AnyCondition condition{lock};
    typename P::template plain<int> waiting{0, "waiting"};
    typename P::template plain<bool> flag{false, "flag"};

    void thread(int index) {
        lock.acquire();
        if (index == waiters) {
            flag.write(true);
            condition.notify_all();
        } else {
            waiting.write(waiting.read() + 1);
            while (!flag.read()) condition.wait();
            waiting.write(waiting.read() - 1);
        }
        if (lock.locked()) lock.release();
    }
    void after() { check(waiting.read() == 0, "every waiter has gone on"); }
};

template <Platform P>
struct ConditionRelocks : CountingAroundWait<P> {};
HEDDLE_MODEL(ConditionRelocks);

template <Platform P>
struct OneForAll : OverLock<P> {
    explicit OneForAll(BasicLock<P>& lock) : OverLock<P>(lock) {}
    void notify_all() { this->notify(); }
};
template <Platform P>
struct ConditionNotifiesOneForAll : CountingAroundWait<P, OneForAll<P>> {
    static constexpr auto breaks = "INV-C-ALL";
    static constexpr auto fails_at = "Waiter.word";
};
HEDDLE_BROKEN_MODEL(ConditionNotifiesOneForAll, failure::deadlock);

// The largest that the exhaustive engine finishes within a minute.
template <Platform P, class AnyCondition = OverLock<P>>
struct FourAroundWait : CountingAroundWait<P, AnyCondition, 4> {
    static constexpr auto search = checker::context_bound(1);
};
template <Platform P>
struct ConditionRelocksForFour : FourAroundWait<P> {};
HEDDLE_MODEL(ConditionRelocksForFour);

template <Platform P>
struct ConditionReturnsUnlockedToFour : FourAroundWait<P, ForgetsTheLock<P>> {
    static constexpr auto breaks = "INV-C-RELOCK";
    static constexpr auto fails_at = "waiting";
};
HEDDLE_BROKEN_MODEL(ConditionReturnsUnlockedToFour, failure::data_race);

// The waiters are alike: one of their 120 orders is explored.
template <Platform P, class AnyCondition = OverLock<P>>
struct FiveAroundWait : CountingAroundWait<P, AnyCondition, 5> {
    static constexpr int alike = 5;
    static constexpr auto search = checker::context_bound(0);
};
template <Platform P>
struct ConditionRelocksForFive : FiveAroundWait<P> {};
HEDDLE_MODEL(ConditionRelocksForFive);

template <Platform P>
struct ConditionReturnsUnlockedToFive : FiveAroundWait<P, ForgetsTheLock<P>> {
    static constexpr auto breaks = "INV-C-RELOCK";
    static constexpr auto fails_at = "waiting";
};
HEDDLE_BROKEN_MODEL(ConditionReturnsUnlockedToFive, failure::data_race);

template <Platform P>
struct ConditionReturnsUnlocked : CountingAroundWait<P, ForgetsTheLock<P>> {
    static constexpr auto breaks = "INV-C-RELOCK";
    static constexpr auto fails_at = "waiting";
};
HEDDLE_BROKEN_MODEL(ConditionReturnsUnlocked, failure::data_race);

template <Platform P, class AnyCondition = OverLock<P>>
struct WaitForTwo {
    static constexpr auto claim = "wait_for returns true only when its predicate is true, with the lock held";
    static constexpr auto invariants = "INV-C-WAITFOR";
    static constexpr int threads = 2;
    static constexpr unsigned spurious_wakeups = 0;
    static constexpr auto search = checker::context_bound(4);
    static constexpr bool locks_by_specification = true;
    BasicLock<P> lock;
    AnyCondition condition{lock};
    typename P::template plain<int> count{0, "count"};

    void thread(int index) {
        if (index == 0) {
            const std::scoped_lock guard(lock);
            condition.wait_for([this] { return count.read() == 2; });
            check(count.read() == 2, "the predicate is true when wait_for returns true");
            return;
        }
        for (int n = 0; n != 2; ++n) {
            const std::scoped_lock guard(lock);
            count.write(count.read() + 1);
            condition.notify();
        }
    }
};

template <Platform P>
struct ConditionWaitsForPredicate : WaitForTwo<P> {};
HEDDLE_MODEL(ConditionWaitsForPredicate);

template <Platform P>
struct LooksOnce : OverLock<P> {
    explicit LooksOnce(BasicLock<P>& lock) : OverLock<P>(lock) {}
    template <class Predicate>
    void wait_for(Predicate predicate) {
        if (!predicate()) this->wait();
    }
};
template <Platform P>
struct ConditionLooksOnce : WaitForTwo<P, LooksOnce<P>> {
    static constexpr auto breaks = "INV-C-WAITFOR";
    static constexpr auto fails_at = "the predicate is true when wait_for returns true";
};
HEDDLE_BROKEN_MODEL(ConditionLooksOnce, failure::assertion);

}  // namespace heddle::models
