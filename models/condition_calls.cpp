// Condition: calls that it passes on to its lock, and waits of one thread inside of each other, so that it is known who waits.
#include <chrono>
#include <cstddef>
#include <limits>
#include <mutex>

#include <heddle/checker/model.hpp>

#include "conditions.hpp"
#include "fails_with.hpp"
#include "last_instant.hpp"

namespace heddle::models {

using namespace std::chrono_literals;

// What waits is chosen in the last instant of the wait that began last: it is the innermost.
template <Platform P, class AnyCondition = OverLock<EndsAtTheDeadline<P>>>
struct WaitsInsideOfWaits {
    static constexpr auto claim = "notify(n) chooses the n that have waited longest, or all if there are fewer";
    static constexpr auto invariants = "INV-C-EXACT INV-C-FIFO";
    static constexpr int threads = 1;
    static constexpr unsigned spurious_wakeups = 0;
    static constexpr bool locks_by_specification = true;
    static constexpr std::ptrdiff_t waiters = 3;
    using Q = EndsAtTheDeadline<P>;
    BasicLock<Q> lock;
    AnyCondition condition{lock};

    void thread(int) {
        using Limits = std::numeric_limits<std::ptrdiff_t>;
        for (const std::ptrdiff_t n : {Limits::min(), std::ptrdiff_t{0}, waiters - 1, Limits::max()}) wait(1, n);
    }
    void wait(std::ptrdiff_t nth, std::ptrdiff_t n) {
        Q::before_the_deadline([this, nth, n] {
            if (nth != waiters) return wait(nth + 1, n);
            const std::scoped_lock guard(lock);
            condition.notify(n);
        });
        const std::scoped_lock guard(lock);
        check(condition.wait(1s) == (nth <= n), "the first n are chosen");
    }
};

template <Platform P>
struct ConditionChoosesSoMany : WaitsInsideOfWaits<P> {};
HEDDLE_MODEL(ConditionChoosesSoMany);

// Takes every number from two on for all.
template <Platform Q>
struct ChoosesOneOrAll : OverLock<Q> {
    using OverLock<Q>::OverLock;
    void notify(std::ptrdiff_t n) {
        if (n > 1) return this->notify_all();
        OverLock<Q>::notify(n);
    }
};
template <Platform P>
struct ConditionChoosesOneOrAll : WaitsInsideOfWaits<P, ChoosesOneOrAll<EndsAtTheDeadline<P>>> {
    static constexpr auto breaks = "INV-C-EXACT";
    static constexpr auto fails_at = "the first n are chosen";
};
HEDDLE_BROKEN_MODEL(ConditionChoosesOneOrAll, failure::assertion);

template <Platform P, class AnyCondition = OverLock<EndsAtTheDeadline<P>>>
struct WaitsWithoutTime {
    static constexpr auto claim = "each wait gives its lock up, even if its time has passed before it begins";
    static constexpr auto invariants = "INV-C-GIVESUP";
    static constexpr int threads = 1;
    static constexpr unsigned spurious_wakeups = 0;
    static constexpr bool locks_by_specification = true;
    using Q = EndsAtTheDeadline<P>;
    BasicLock<Q> lock;
    AnyCondition condition{lock};
    int times_free = 0;

    void thread(int) {
        int waits = 0;
        Q::before_the_deadline([this] {
            const std::scoped_lock guard(lock);
            ++times_free;
        });
        const std::scoped_lock guard(lock);
        for (const Seconds timeout : {Seconds(1), Seconds(0), Seconds(-1)}) {
            check(!condition.wait(timeout), "nobody notifies");
            check(times_free == ++waits, "another could have the lock meanwhile");
        }
    }
};

template <Platform P>
struct ConditionGivesItsLockUp : WaitsWithoutTime<P> {};
HEDDLE_MODEL(ConditionGivesItsLockUp);

// Has nothing to wait for.
template <Platform Q>
struct KeepsItsLock : OverLock<Q> {
    using OverLock<Q>::OverLock;
    bool wait(Seconds timeout) { return timeout > Seconds(0) && OverLock<Q>::wait(timeout); }
};
template <Platform P>
struct ConditionKeepsItsLock : WaitsWithoutTime<P, KeepsItsLock<EndsAtTheDeadline<P>>> {
    static constexpr auto breaks = "INV-C-GIVESUP";
    static constexpr auto fails_at = "another could have the lock meanwhile";
};
HEDDLE_BROKEN_MODEL(ConditionKeepsItsLock, failure::assertion);

// The first thread has the lock when it begins, and keeps it until the other one has asked.
template <Platform P, class AnyCondition = BasicCondition<P>>
struct CallsOfAnother {
    static constexpr auto claim = "a Condition is locked, taken and refused as its lock is";
    static constexpr auto invariants = "INV-L-TRY INV-R-OWNER";
    static constexpr int threads = 2;
    static constexpr unsigned spurious_wakeups = 0;
    static constexpr bool locks_by_specification = true;
    static constexpr auto search = checker::context_bound(4);
    BasicRLock<P> lock;
    BasicLock<P> taken;
    BasicLock<P> asked;
    AnyCondition condition{lock};

    CallsOfAnother() {
        taken.acquire();
        asked.acquire();
    }
    void thread(int index) {
        if (index == 0) {
            condition.acquire();
            taken.release();
            asked.acquire();
            check(condition.locked() && lock.recursion_count() == 1, "nobody else has taken it or given it back");
            return condition.release();
        }
        taken.acquire();
        check(condition.locked() && lock.locked() && !lock.is_owned(), "another has it");
        check(!condition.try_lock() && !condition.acquire(false), "it is not to be had");
        check(!condition.acquire(true, 1ms), "nor in time");
        refuses([this] { condition.release(); });
        refuses([this] { condition.unlock(); });
        refuses([this] { condition.notify(); });
        asked.release();
    }
    template <class Call>
    static void refuses(const Call& call) {
        fails_with<RuntimeError>(call, "who does not own it is refused");
    }
};

template <Platform P>
struct ConditionIsAsItsLock : CallsOfAnother<P> {};
HEDDLE_MODEL(ConditionIsAsItsLock);

// Waits where it must not.
template <Platform P>
struct AlwaysWaits : BasicCondition<P> {
    using BasicCondition<P>::BasicCondition;
    bool acquire(bool = true, Seconds = no_timeout) { return BasicCondition<P>::acquire(); }
};
template <Platform P>
struct ConditionAlwaysWaits : CallsOfAnother<P, AlwaysWaits<P>> {
    static constexpr auto breaks = "INV-L-TRY";
    static constexpr auto fails_at = "Lock.state";
};
HEDDLE_BROKEN_MODEL(ConditionAlwaysWaits, failure::deadlock);

}  // namespace heddle::models
