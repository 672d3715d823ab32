// Queue: items, order, bound, waking, tasks, shutdown.
#include <chrono>
#include <deque>
#include <mutex>
#include <stdexcept>

#include <heddle/checker/faults.hpp>
#include <heddle/checker/model.hpp>
#include <heddle/queue.hpp>

namespace heddle::models {

using namespace std::chrono_literals;

// Smaller models cover the same ground on the exhaustive engine: QueueTakesFromTwoProducers, QueueHandsOver.
constexpr auto too_large = "more executions than a minute explores; Relacy bounds it in preemptions";

// Disciplines of broken twins.
struct Lifo : std::deque<int> {
    void push(int item) { push_back(item); }
    int pop() {
        const int item = back();
        pop_back();
        return item;
    }
};
struct Repeating : std::deque<int> {  // hands the first item out again
    void push(int item) { push_back(item); }
    int pop() {
        const int item = front();
        if (size() > 1) pop_back();
        else pop_front();
        return item;
    }
};

// INV-Q-NOLOSS, INV-Q-NODUP, HB-Q
template <Platform P, class Discipline = Fifo<int>>
struct Transfer {
    static constexpr auto claim = "two producers' items reach two consumers, each exactly once";
    static constexpr int threads = 4;
    static constexpr auto search = checker::context_bound(3);
    BasicQueue<P, int, Discipline> queue;
    typename P::template atomic<int> got{0, "got"};

    void thread(int index) {
        if (index < 2) queue.put(index + 1);
        // Relaxed: read after the threads have ended.
        else got.fetch_add(1 << (4 * queue.get()), std::memory_order_relaxed);
    }
    void after() {
        check(got.load(std::memory_order_relaxed) == 0x110, "each item was got once");
        check(queue.empty(), "nothing is left");
    }
};

template <Platform P>
struct QueueLosesNothing : Transfer<P> {
    static constexpr auto not_exhausted = too_large;
};
HEDDLE_MODEL(QueueLosesNothing);

template <Platform P>
struct QueueRepeatsAnItem : Transfer<P, Repeating> {};
HEDDLE_BROKEN_MODEL(QueueRepeatsAnItem, failure::assertion);

template <Platform>
struct QueueUnordered : Transfer<checker::ReleasesRelaxed> {};
HEDDLE_BROKEN_MODEL(QueueUnordered, failure::data_race);

// The same with three threads: small enough for the exhaustive engine, Queue over Lock over futex.
template <Platform P, class Discipline = Fifo<int>>
struct SmallTransfer {
    static constexpr auto claim = "two producers' items reach a consumer, each exactly once";
    static constexpr int threads = 3;
    static constexpr auto search = checker::context_bound(4);
    BasicQueue<P, int, Discipline> queue;
    typename P::template plain<int> got{0, "got"};

    void thread(int index) {
        if (index < 2) queue.put(index + 1);
        else got.write(queue.get());
    }
    void after() {
        check(got.read() + queue.get_nowait() == 3 && queue.empty(), "one item was got, the other is left");
    }
};

template <Platform P>
struct QueueTakesFromTwoProducers : SmallTransfer<P> {};
HEDDLE_MODEL(QueueTakesFromTwoProducers);

template <Platform P>
struct QueueRepeatsTheFirst : SmallTransfer<P, Repeating> {};
HEDDLE_BROKEN_MODEL(QueueRepeatsTheFirst, failure::assertion);

// A bounded queue between two threads: both sides wait.
template <Platform P>
struct QueueHandsOver {
    static constexpr auto claim = "through a Queue of maxsize 1 two items pass in order, and nobody is stuck";
    static constexpr int threads = 2;
    static constexpr auto search = checker::context_bound(5);
    BasicQueue<P, int> queue{1};

    void thread(int index) {
        if (index == 0) {
            queue.put(1);
            queue.put(2);
        } else {
            check(queue.get() == 1, "the first item comes first");
            check(queue.get() == 2, "the second item comes second");
        }
    }
};
HEDDLE_MODEL(QueueHandsOver);

template <Platform>
struct QueueHandsOverWithoutWakes : QueueHandsOver<checker::WakeOneDropped> {};
HEDDLE_BROKEN_MODEL(QueueHandsOverWithoutWakes, failure::deadlock);

// INV-Q-PPFIFO
template <Platform P, class Discipline = Fifo<int>>
struct ProducerOrder {
    static constexpr auto claim = "a consumer gets each producer's items in the order in which they were put";
    static constexpr int threads = 3;
    static constexpr auto search = checker::context_bound(4);
    BasicQueue<P, int, Discipline> queue;

    void thread(int index) {
        if (index < 2) {
            queue.put(10 * index + 1);
            queue.put(10 * index + 2);
            return;
        }
        int last[2] = {0, 0};
        for (int n = 0; n != 4; ++n) {
            const int item = queue.get();
            check(item % 10 == last[item / 10] + 1, "the producer's next item");
            last[item / 10] = item % 10;
        }
    }
};

template <Platform P>
struct QueueKeepsProducerOrder : ProducerOrder<P> {
    static constexpr auto not_exhausted = too_large;
};
HEDDLE_MODEL(QueueKeepsProducerOrder);

template <Platform P>
struct QueueReversesOrder : ProducerOrder<P, Lifo> {};
HEDDLE_BROKEN_MODEL(QueueReversesOrder, failure::assertion);

// INV-Q-CAP
struct AtMostOne : Fifo<int> {
    void push(int item) {
        Fifo<int>::push(item);
        check(Fifo<int>::size() <= 1, "the queue holds more than maxsize");
    }
};
struct CountsOneLess : AtMostOne {
    std::size_t size() const { return AtMostOne::size() == 0 ? 0 : AtMostOne::size() - 1; }
};

template <Platform P, class Discipline>
struct Capacity {
    static constexpr auto claim = "a Queue never holds more items than its maxsize";
    static constexpr int threads = 3;
    static constexpr auto search = checker::context_bound(4);
    BasicQueue<P, int, Discipline> queue{1};

    void thread(int index) {
        if (index < 2) return queue.put(index);
        queue.get();
        check(queue.qsize() <= 1, "at most one item is queued");
    }
};

template <Platform P>
struct QueueKeepsItsBound : Capacity<P, AtMostOne> {
    static constexpr auto not_exhausted = too_large;
};
HEDDLE_MODEL(QueueKeepsItsBound);

template <Platform P>
struct QueueHoldsOneTooMany : Capacity<P, CountsOneLess> {};
HEDDLE_BROKEN_MODEL(QueueHoldsOneTooMany, failure::assertion);

// INV-Q-WAKE
template <Platform P>
class SharedConditionQueue {  // the classical bug: one condition for both sides, and notify_one
  public:
    explicit SharedConditionQueue(std::size_t maxsize) : maxsize_(maxsize) {}
    void put(int item) {
        const std::scoped_lock guard(lock_);
        while (items_.size() == maxsize_) changed_.wait(lock_, Deadline::never());
        items_.push_back(item);
        changed_.notify_one();
    }
    int get() {
        const std::scoped_lock guard(lock_);
        while (items_.empty()) changed_.wait(lock_, Deadline::never());
        const int item = items_.front();
        items_.pop_front();
        changed_.notify_one();
        return item;
    }

  private:
    std::size_t maxsize_;
    BasicLock<P> lock_;
    heddle::detail::WaitPoint<P> changed_{"changed"};
    std::deque<int> items_;
};

template <class AnyQueue>
struct Bottleneck {
    static constexpr auto claim = "with maxsize 1 no putter and no getter is stuck";
    static constexpr int threads = 4;
    static constexpr auto search = checker::context_bound(3);
    AnyQueue queue{1};

    void thread(int index) {
        if (index < 2) queue.put(index);
        else queue.get();
    }
};

template <Platform P>
struct QueueWakesBothSides : Bottleneck<BasicQueue<P, int>> {
    static constexpr auto not_exhausted = too_large;
};
HEDDLE_MODEL(QueueWakesBothSides);

template <Platform P>
struct QueueWithOneCondition : Bottleneck<SharedConditionQueue<P>> {
    static constexpr auto not_exhausted = too_large;
};
HEDDLE_BROKEN_MODEL(QueueWithOneCondition, failure::deadlock);

template <Platform>
struct QueueWakeDropped : Bottleneck<BasicQueue<checker::WakeOneDropped, int>> {};
HEDDLE_BROKEN_MODEL(QueueWakeDropped, failure::deadlock);

// INV-Q-TASKS, INV-Q-JOIN, HB-QDONE
template <Platform P>
struct Joining {
    static constexpr auto claim = "join returns when every task is done, and not before";
    static constexpr int threads = 3;
    static constexpr auto search = checker::context_bound(3);
    static constexpr unsigned spurious_wakeups = 1;
    BasicQueue<P, int> queue;
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
    static constexpr auto not_exhausted = too_large;
};
HEDDLE_MODEL(QueueJoinWaitsForTasks);

template <Platform>
struct QueueJoinUnordered : Joining<checker::AcquiresRelaxed> {};
HEDDLE_BROKEN_MODEL(QueueJoinUnordered, failure::data_race);

template <Platform P>
struct QueueReleasesEveryJoiner {
    static constexpr auto not_exhausted = too_large;
    static constexpr auto claim = "the last task_done releases every joiner";
    static constexpr int threads = 3;
    static constexpr auto search = checker::context_bound(4);
    BasicQueue<P, int> queue;

    QueueReleasesEveryJoiner() { queue.put(1); }
    void thread(int index) {
        if (index == 0) queue.task_done();
        else queue.join();
    }
};
HEDDLE_MODEL(QueueReleasesEveryJoiner);

template <Platform>
struct QueueReleasesOneJoiner : QueueReleasesEveryJoiner<checker::WakeAllWakesOne> {
    static constexpr auto not_exhausted = "";
};
HEDDLE_BROKEN_MODEL(QueueReleasesOneJoiner, failure::deadlock);

// INV-EXC: a put that fails is no task
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
    static constexpr int threads = 2;
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
struct QueueFailedPutIsCounted : FailedPut<CountingQueue<P>> {};
HEDDLE_BROKEN_MODEL(QueueFailedPutIsCounted, failure::deadlock);

// INV-EXC, INV-Q-WAKE: a put whose copy throws may have used up the notify that another putter needs
struct Unpushable {
    bool throws = false;
};
struct RefusingFifo : Fifo<Unpushable> {
    void push(Unpushable item) {
        if (item.throws) throw std::runtime_error("the copy fails");
        Fifo<Unpushable>::push(item);
    }
};
template <Platform P>
struct FailingPutter {
    static constexpr auto claim = "a put that fails after it has waited leaves the room to another putter";
    static constexpr int threads = 3;
    static constexpr auto search = checker::context_bound(3);
    BasicQueue<P, Unpushable, RefusingFifo> queue{1};

    FailingPutter() { queue.put(Unpushable{}); }
    void thread(int index) {
        if (index == 0) {
            queue.get();
            queue.get();
        } else if (index == 1) {
            queue.put(Unpushable{});
        } else {
            try {
                queue.put(Unpushable{.throws = true});
                check(false, "the put fails");
            } catch (const std::runtime_error&) {
            }
        }
    }
};

template <Platform P>
struct QueueFailedPutPassesRoomOn : FailingPutter<P> {
    static constexpr auto not_exhausted = too_large;
};
HEDDLE_MODEL(QueueFailedPutPassesRoomOn);

template <Platform>
struct QueueFailedPutKeepsRoom : FailingPutter<checker::WakeOneDropped> {};
HEDDLE_BROKEN_MODEL(QueueFailedPutKeepsRoom, failure::deadlock);

// INV-TO-NOEFFECT, INV-Q-WAKE with a time-out racing the put
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
    static constexpr int threads = 3;
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
    static constexpr auto not_exhausted = too_large;
};
HEDDLE_MODEL(QueueTimesOutCleanly);

template <Platform P>
struct QueueTimeoutTakesAnItem : TimedGet<LosingQueue<P>> {};
HEDDLE_BROKEN_MODEL(QueueTimeoutTakesAnItem, failure::assertion);

// INV-Q-SD-WAKE, INV-Q-SD-NONEW
template <Platform P, bool immediate>
struct ShutdownOfGetters {
    static constexpr auto claim = "shutdown wakes every blocked getter";
    static constexpr int threads = 3;
    static constexpr auto search = checker::context_bound(4);
    BasicQueue<P, int> queue;
    typename P::template atomic<int> refused{0, "refused"};

    void thread(int index) {
        if (index == 0) return queue.shutdown(immediate);
        try {
            queue.get();
        } catch (const ShutDown&) {
            refused.fetch_add(1, std::memory_order_relaxed);  // relaxed: read after the threads have ended
        }
    }
    void after() { check(refused.load(std::memory_order_relaxed) == 2, "both getters are told"); }
};

template <Platform P>
struct QueueShutdownWakesGetters : ShutdownOfGetters<P, false> {
    static constexpr auto not_exhausted = too_large;
};
HEDDLE_MODEL(QueueShutdownWakesGetters);

template <Platform>
struct QueueShutdownWakesOneGetter : ShutdownOfGetters<checker::WakeAllWakesOne, false> {};
HEDDLE_BROKEN_MODEL(QueueShutdownWakesOneGetter, failure::deadlock);

template <Platform P, bool immediate>
struct ShutdownOfPutters {
    static constexpr auto claim = "shutdown wakes every blocked putter, and nothing enters the Queue after it";
    static constexpr int threads = 3;
    static constexpr auto search = checker::context_bound(4);
    BasicQueue<P, int> queue{1};
    typename P::template atomic<int> refused{0, "refused"};

    ShutdownOfPutters() { queue.put(0); }
    void thread(int index) {
        if (index == 0) {
            queue.shutdown(immediate);
            check(queue.qsize() == (immediate ? 0 : 1), "nothing enters after shutdown");
            return;
        }
        try {
            queue.put(index);
        } catch (const ShutDown&) {
            refused.fetch_add(1, std::memory_order_relaxed);  // relaxed: read after the threads have ended
        }
    }
    void after() {
        check(refused.load(std::memory_order_relaxed) == 2, "both putters are told");
        check(queue.qsize() == (immediate ? 0 : 1), "nothing entered");
    }
};

template <Platform P>
struct QueueShutdownWakesPutters : ShutdownOfPutters<P, false> {
    static constexpr auto not_exhausted = too_large;
};
HEDDLE_MODEL(QueueShutdownWakesPutters);

template <Platform P>
struct QueueShutdownNowWakesPutters : ShutdownOfPutters<P, true> {
    static constexpr auto not_exhausted = too_large;
};
HEDDLE_MODEL(QueueShutdownNowWakesPutters);

template <Platform>
struct QueueShutdownWakesOnePutter : ShutdownOfPutters<checker::WakeAllWakesOne, false> {
    static constexpr auto not_exhausted = too_large;
};
HEDDLE_BROKEN_MODEL(QueueShutdownWakesOnePutter, failure::deadlock);

// INV-Q-SD-COUNT: the item that is handed out still counts, the one that is dropped does not
template <Platform P, bool immediate>
struct ShutdownWithJoiner {
    static constexpr auto claim = "after an immediate shutdown join waits only for items already handed out";
    static constexpr int threads = 3;
    static constexpr auto search = checker::context_bound(4);
    BasicQueue<P, int> queue;
    typename P::template plain<bool> worked{false, "worked"};
    typename P::template plain<bool> told{false, "told"};

    ShutdownWithJoiner() {
        queue.put(1);
        queue.put(2);
    }
    void thread(int index) {
        if (index == 0) return queue.shutdown(immediate);
        if (index == 1) {
            queue.join();
            check(worked.read() || queue.qsize() == 0, "what was handed out is done");
            return;
        }
        try {
            queue.get();
            worked.write(true);
            queue.task_done();
        } catch (const ShutDown&) {
            told.write(true);
        }
    }
};

template <Platform P>
struct QueueShutdownNowReleasesJoin : ShutdownWithJoiner<P, true> {
    static constexpr auto not_exhausted = too_large;
};
HEDDLE_MODEL(QueueShutdownNowReleasesJoin);

template <Platform P>
struct QueueShutdownKeepsTasks : ShutdownWithJoiner<P, false> {};
HEDDLE_BROKEN_MODEL(QueueShutdownKeepsTasks, failure::deadlock);

}  // namespace heddle::models
