// Queue: tasks, join, and calls that find no room or no item in time.
#include <chrono>
#include <optional>

#include <heddle/checker/faults.hpp>
#include <heddle/checker/model.hpp>
#include <heddle/queue.hpp>

namespace heddle::models {

using namespace std::chrono_literals;

template <Platform P, class AnyQueue = BasicQueue<P, int>>
struct Joining {
    static constexpr auto claim = "join returns when every task is done, and not before";
    static constexpr auto invariants = "INV-Q-TASKS INV-Q-JOIN HB-QDONE";
    static constexpr int threads = 3;
    static constexpr auto search = checker::context_bound(3);
    static constexpr unsigned spurious_wakeups = 1;
    AnyQueue queue;
    typename P::template plain<int> first{0, "first result"};
    typename P::template plain<int> second{0, "second result"};

    Joining() {
        queue.put(1);
        queue.put(2);
    }
    void thread(int index) {
        if (index < 2) {
            const int task = queue.get();
            (task == 1 ? first : second).write(task);
            queue.task_done();
        } else {
            queue.join();
            check(first.read() + second.read() == 3, "both tasks are done");
        }
    }
};

template <Platform P>
struct QueueJoinWaitsForTasks : Joining<P> {
    static constexpr bool locks_by_specification = true;
};
HEDDLE_MODEL(QueueJoinWaitsForTasks);

// Counts what is done with relaxed steps: join learns that it is done, and nothing of what was done.
template <Platform P>
class FinishesRelaxed : public BasicQueue<P, int> {
  public:
    void put(int item) {
        BasicQueue<P, int>::put(item);
        left_.fetch_add(1, std::memory_order_relaxed);  // relaxed, here and below: the mistake of the twin
    }
    void task_done() {
        if (left_.fetch_sub(1, std::memory_order_relaxed) == 1) P::wake_all(left_);  // relaxed: as in put
    }
    void join() {
        FutexWord left;
        // Relaxed: the mistake of the twin.
        while ((left = left_.load(std::memory_order_relaxed)) != 0) P::wait(left_, left, Deadline::never());
    }

  private:
    typename P::template atomic<FutexWord> left_{0, "left"};
};
template <Platform P>
struct QueueJoinUnordered : Joining<P, FinishesRelaxed<P>> {
    static constexpr auto breaks = "HB-QDONE";
    static constexpr auto fails_at = "first result";
};
HEDDLE_BROKEN_MODEL(QueueJoinUnordered, failure::data_race);

template <Platform P>
struct OneTaskTooMany : BasicQueue<P, int> {
    OneTaskTooMany() {
        this->put(0);
        this->get();
    }
};
template <Platform P>
struct QueueCountsATaskTooMany : Joining<P, OneTaskTooMany<P>> {
    static constexpr auto breaks = "INV-Q-TASKS";
    static constexpr auto fails_at = "Waiter.word";
};
HEDDLE_BROKEN_MODEL(QueueCountsATaskTooMany, failure::deadlock);

template <Platform P>
struct DoneWhenTaken : BasicQueue<P, int> {
    int get() {
        const int item = BasicQueue<P, int>::get();
        BasicQueue<P, int>::task_done();
        return item;
    }
    void task_done() {}
};
template <Platform P>
struct QueueJoinTooEarly : Joining<P, DoneWhenTaken<P>> {
    static constexpr auto breaks = "INV-Q-JOIN";
    static constexpr auto fails_at = "first result";
};
HEDDLE_BROKEN_MODEL(QueueJoinTooEarly, failure::data_race);

template <Platform P>
struct QueueReleasesEveryJoiner {
    static constexpr bool locks_by_specification = true;
    static constexpr auto claim = "the last task_done releases every joiner";
    static constexpr int threads = 3;
    static constexpr unsigned spurious_wakeups = 0;
    static constexpr auto search = checker::context_bound(4);
    BasicQueue<P, int> queue;
    typename P::template plain<bool> done{false, "done"};

    QueueReleasesEveryJoiner() { queue.put(1); }
    void thread(int index) {
        if (index == 0) {
            done.write(true);
            queue.task_done();
        } else {
            queue.join();
            check(done.read(), "the task is done");
        }
    }
};
HEDDLE_MODEL(QueueReleasesEveryJoiner);

template <Platform>
struct QueueReleasesNoJoiner : QueueReleasesEveryJoiner<checker::LocksBySpecification<checker::WakeOneDropped>> {
    static constexpr auto breaks = "INV-Q-JOIN";
    static constexpr auto fails_at = "Waiter.word";
};
HEDDLE_BROKEN_MODEL(QueueReleasesNoJoiner, failure::deadlock);

// A put that fails is no task
template <Platform P>
struct CountingQueue : BasicQueue<P, int> {  // counts a task although there was no room for it
    using BasicQueue<P, int>::BasicQueue;
    void put_nowait(int item) {
        try {
            BasicQueue<P, int>::put_nowait(item);
        } catch (const Full&) {
            this->set_maxsize(0);
            this->put(item);
            this->get();
            throw;
        }
    }
};

template <class AnyQueue>
struct FailedPut {
    static constexpr auto claim = "a put that finds the Queue full adds no task to wait for";
    static constexpr auto invariants = "INV-EXC";
    static constexpr int threads = 2;
    static constexpr unsigned spurious_wakeups = 0;
    AnyQueue queue{1};

    void thread(int index) {
        try {
            queue.put_nowait(index);
        } catch (const Full&) {
            return;
        }
        queue.task_done();
        queue.join();
    }
};

template <Platform P>
struct QueueFailedPutIsNoTask : FailedPut<BasicQueue<P, int>> {};
HEDDLE_MODEL(QueueFailedPutIsNoTask);

template <Platform P>
struct QueueFailedPutIsCounted : FailedPut<CountingQueue<P>> {
    static constexpr auto breaks = "INV-EXC";
    static constexpr auto fails_at = "Waiter.word";
};
HEDDLE_BROKEN_MODEL(QueueFailedPutIsCounted, failure::deadlock);

template <Platform P>
struct LosingQueue : BasicQueue<P, int> {  // a get that times out takes an item with it
    int get(bool block = true, std::optional<Seconds> timeout = std::nullopt) {
        try {
            return BasicQueue<P, int>::get(block, timeout);
        } catch (const Empty&) {
            BasicQueue<P, int>::get();
            throw;
        }
    }
};

template <class AnyQueue>
struct TimedGet {
    static constexpr auto claim = "a get that times out takes nothing, and no other getter is left waiting";
    static constexpr auto invariants = "INV-TO-NOEFFECT INV-Q-WAKE";
    static constexpr int threads = 3;
    static constexpr unsigned spurious_wakeups = 0;
    static constexpr auto search = checker::context_bound(4);
    AnyQueue queue;
    bool timed_out = false;  // written by one thread, read after its end

    void thread(int index) {
        if (index == 0) {
            queue.put(1);
            queue.put(2);
        } else if (index == 1) {
            queue.get();
        } else {
            try {
                queue.get(true, 1s);
            } catch (const Empty&) {
                timed_out = true;
            }
        }
    }
    void after() { check(queue.qsize() == (timed_out ? 1 : 0), "only a get that succeeds takes an item"); }
};

template <Platform P>
struct QueueTimesOutCleanly : TimedGet<BasicQueue<P, int>> {
    static constexpr bool locks_by_specification = true;
};
HEDDLE_MODEL(QueueTimesOutCleanly);

template <Platform P>
struct QueueTimeoutTakesAnItem : TimedGet<LosingQueue<P>> {
    static constexpr auto breaks = "INV-TO-NOEFFECT";
    static constexpr auto fails_at = "only a get that succeeds takes an item";
};
HEDDLE_BROKEN_MODEL(QueueTimeoutTakesAnItem, failure::assertion);

}  // namespace heddle::models
