// Condition: whom a notify chooses, and whom it does not.
#include <algorithm>
#include <array>
#include <mutex>
#include <vector>

#include <heddle/checker/faults.hpp>
#include <heddle/checker/model.hpp>
#include <heddle/condition.hpp>

#include "conditions.hpp"

namespace heddle::models {

// Two waiters, and so many notifies of so many. A wait ends with the lock held, so at a notify it is known how many wait.
template <Platform P, class AnyCondition = OverLock<P>, int n = 1, int calls = 2>
struct NotifyOfSome {
    static constexpr auto claim = "notify(n) lets exactly n of those that wait then go on";
    static constexpr auto invariants = "INV-C-EXACT INV-C-NOMEM";
    static constexpr int threads = 3;
    static constexpr unsigned spurious_wakeups = 1;
    static constexpr auto search = checker::context_bound(2);
    static constexpr bool locks_by_specification = true;
    BasicLock<P> lock;
    AnyCondition condition{lock};
    typename P::template plain<int> waiting{0, "waiting"};  // not chosen yet
    typename P::template plain<int> notified{0, "notified"};
    typename P::template plain<int> woken{0, "woken"};

    void thread(int index) {
        for (int call = 0; index == 2 && call != calls; ++call) notify();
        if (index != 2) wait();
    }
    void notify() {
        const std::scoped_lock guard(lock);
        const int chosen = std::min(n, waiting.read());
        waiting.write(waiting.read() - chosen);
        notified.write(notified.read() + chosen);
        condition.notify(n);
    }
    void wait() {
        const std::scoped_lock guard(lock);
        waiting.write(waiting.read() + 1);
        if (!condition.wait(Seconds(1))) return waiting.write(waiting.read() - 1);
        woken.write(woken.read() + 1);
        check(woken.read() <= notified.read(), "nobody goes on who was not chosen");
    }
    void after() { check(woken.read() == notified.read(), "all who were chosen go on"); }
};

template <Platform P>
struct ConditionNotifiesOne : NotifyOfSome<P> {};
HEDDLE_MODEL(ConditionNotifiesOne);

// EpochCondition may return without cause, as std::condition_variable does.
template <Platform P>
struct ConditionWakesTwo : NotifyOfSome<P, EpochCondition<P, BasicLock<P>>> {
    static constexpr auto breaks = "INV-C-EXACT";
    static constexpr std::array fails_at{"all who were chosen go on", "nobody goes on who was not chosen"};
};
HEDDLE_BROKEN_MODEL(ConditionWakesTwo, failure::assertion);

template <Platform P>
struct ConditionNotifiesTwo : NotifyOfSome<P, OverLock<P>, 2, 1> {};
HEDDLE_MODEL(ConditionNotifiesTwo);

template <Platform P>
struct NotifiesOneOfTwo : OverLock<P> {
    using OverLock<P>::OverLock;
    void notify(int) { OverLock<P>::notify(); }
};
template <Platform P>
struct ConditionNotifiesOneOfTwo : NotifyOfSome<P, NotifiesOneOfTwo<P>, 2, 1> {
    static constexpr auto breaks = "INV-C-EXACT";
    static constexpr auto fails_at = "all who were chosen go on";
};
HEDDLE_BROKEN_MODEL(ConditionNotifiesOneOfTwo, failure::assertion);

// Nobody waits for the notify; the wait that comes later has nothing to come back for but its time-out.
template <Platform P, class AnyCondition = OverLock<P>>
struct NotifyOfNobody {
    static constexpr auto claim = "a notify that nobody waits for has no effect on a later wait";
    static constexpr auto invariants = "INV-C-NOMEM";
    static constexpr int threads = 1;
    static constexpr unsigned spurious_wakeups = 0;
    static constexpr bool locks_by_specification = true;
    BasicLock<P> lock;
    AnyCondition condition{lock};

    void thread(int) {
        const std::scoped_lock guard(lock);
        condition.notify();
        check(!condition.wait(Seconds(1)), "the notify is gone");
    }
};

template <Platform P>
struct ConditionForgetsNotify : NotifyOfNobody<P> {};
HEDDLE_MODEL(ConditionForgetsNotify);

// Keeps a notify that nobody waits for until somebody does, as a semaphore would.
template <Platform P>
struct Remembers : OverLock<P> {
    explicit Remembers(BasicLock<P>& lock) : OverLock<P>(lock) {}
    bool wait(Seconds timeout) {
        if (kept > 0) return --kept, true;
        ++waiting;
        const bool chosen = OverLock<P>::wait(timeout);
        --waiting;
        return chosen;
    }
    void notify() {
        if (waiting == 0) ++kept;
        OverLock<P>::notify();
    }
    int kept = 0;  // guarded by the lock, as is what follows
    int waiting = 0;
};
template <Platform P>
struct ConditionRemembersNotify : NotifyOfNobody<P, Remembers<P>> {
    static constexpr auto breaks = "INV-C-NOMEM";
    static constexpr auto fails_at = "the notify is gone";
};
HEDDLE_BROKEN_MODEL(ConditionRemembersNotify, failure::assertion);

// Two waiters; the one with a time-out must not take the only notify with it when it gives up.
template <Platform P, class AnyCondition = OverLock<P>>
struct TimedWaiterAndOther {
    static constexpr auto claim = "a wait that returns false has taken no notify from another waiter";
    static constexpr auto invariants = "INV-C-NOEAT INV-TO-NOEFFECT";
    static constexpr int threads = 3;
    static constexpr unsigned spurious_wakeups = 0;
    static constexpr auto search = checker::context_bound(3);
    static constexpr bool locks_by_specification = true;
    BasicLock<P> lock;
    AnyCondition condition{lock};
    typename P::template plain<int> permits{0, "permits"};

    void thread(int index) {
        const std::scoped_lock guard(lock);
        if (index == 0) {
            permits.write(1);
            condition.notify();
        } else if (index == 1) {
            if (permits.read() == 0 && !condition.wait(Seconds(1))) return;
            if (permits.read() == 1) condition.notify();  // chosen, but the permit is for the other
        } else {
            while (permits.read() == 0) condition.wait();
        }
    }
};

template <Platform P>
struct ConditionTimeoutEatsNothing : TimedWaiterAndOther<P> {};
HEDDLE_MODEL(ConditionTimeoutEatsNothing);

// CPython's: who has timed out is in the list until it has the lock again, and returns false even if chosen.
template <Platform P>
struct EatsNotifies : OverLock<P> {
    explicit EatsNotifies(BasicLock<P>& lock) : OverLock<P>(lock) {}
    using OverLock<P>::wait;
    bool wait(Seconds timeout) {
        OverLock<P>::wait(timeout);
        return false;
    }
};
template <Platform P>
struct ConditionTimeoutEatsNotify : TimedWaiterAndOther<P, EatsNotifies<P>> {
    static constexpr auto breaks = "INV-C-NOEAT";
    static constexpr auto fails_at = "Waiter.word";
};
HEDDLE_BROKEN_MODEL(ConditionTimeoutEatsNotify, failure::deadlock);

// Two waiters and one notify. A wait ends with the lock held, so at the notify it is known who is in the list.
template <Platform P, class AnyCondition = OverLock<P>>
struct NotifyOfTheOldest {
    static constexpr auto claim =
        "a notify chooses the one that has waited longest, whose wait returns true, and no other's";
    static constexpr auto invariants = "INV-C-FIFO INV-C-EXACT";
    static constexpr int threads = 3;
    static constexpr unsigned spurious_wakeups = 0;
    static constexpr auto search = checker::context_bound(2);
    static constexpr bool locks_by_specification = true;
    static constexpr int nobody = -1;
    BasicLock<P> lock;
    AnyCondition condition{lock};
    // Guarded by the lock, as a Condition promises (see ConditionRelocks).
    std::vector<int> in_list;
    int chosen = nobody;

    void thread(int index) {
        const std::scoped_lock guard(lock);
        if (index == 2) {
            if (!in_list.empty()) chosen = in_list.front();
            condition.notify();
            return;
        }
        in_list.push_back(index);
        const bool notified = condition.wait(Seconds(1));
        std::erase(in_list, index);
        check(notified == (chosen == index), "who is chosen, and nobody else, returns true");
    }
};

template <Platform P>
struct ConditionChoosesTheOldest : NotifyOfTheOldest<P> {};
HEDDLE_MODEL(ConditionChoosesTheOldest);

// A stack of waiters, each with a wait point of its own.
template <Platform P>
class LatestFirst {
  public:
    explicit LatestFirst(BasicLock<P>& lock) : lock_(lock) {}
    bool wait(Seconds timeout) {
        heddle::detail::WaitPoint<P> mine("latest");
        waiting_.push_back(&mine);
        const bool chosen = mine.wait(lock_, heddle::detail::deadline_after<P>(timeout));
        std::erase(waiting_, &mine);
        return chosen;
    }
    void notify() {
        if (waiting_.empty()) return;
        waiting_.back()->notify_one();
        waiting_.pop_back();
    }

  private:
    BasicLock<P>& lock_;
    std::vector<heddle::detail::WaitPoint<P>*> waiting_;
};
template <Platform P>
struct ConditionChoosesTheLatest : NotifyOfTheOldest<P, LatestFirst<P>> {
    static constexpr auto breaks = "INV-C-FIFO";
    static constexpr auto fails_at = "who is chosen, and nobody else, returns true";
};
HEDDLE_BROKEN_MODEL(ConditionChoosesTheLatest, failure::assertion);

// An untimed wait, which the system may end without cause.
template <Platform P, class AnyCondition = OverLock<P>>
struct UntimedWait {
    static constexpr auto claim = "an untimed wait on a Condition returns only when it was chosen";
    static constexpr auto invariants = "INV-C-NOSPUR";
    static constexpr int threads = 2;
    static constexpr unsigned spurious_wakeups = 1;
    static constexpr auto search = checker::context_bound(4);
    static constexpr bool locks_by_specification = true;
    BasicLock<P> lock;
    AnyCondition condition{lock};
    typename P::template plain<bool> notified{false, "notified"};

    void thread(int index) {
        const std::scoped_lock guard(lock);
        if (index == 1) {
            notified.write(true);
            condition.notify();
        } else if (!notified.read()) {
            condition.wait();
            check(notified.read(), "it was chosen");
        }
    }
};

template <Platform P>
struct ConditionNeverSpurious : UntimedWait<P> {};
HEDDLE_MODEL(ConditionNeverSpurious);

template <Platform P>
struct ConditionWakesSpuriously : UntimedWait<P, EpochCondition<P, BasicLock<P>>> {
    static constexpr auto breaks = "INV-C-NOSPUR";
    static constexpr auto fails_at = "it was chosen";
};
HEDDLE_BROKEN_MODEL(ConditionWakesSpuriously, failure::assertion);

}  // namespace heddle::models
