// Queue: tasks, join, and calls that fail or time out.
#include <chrono>
#include <optional>
#include <stdexcept>

#include <heddle/checker/faults.hpp>
#include <heddle/checker/model.hpp>
#include <heddle/queue.hpp>

namespace heddle::models {

using namespace std::chrono_literals;

template <Platform P>
struct Joining {
    static constexpr auto claim = "join returns when every task is done, and not before";
    static constexpr auto invariants = "INV-Q-TASKS INV-Q-JOIN HB-QDONE";
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
    static constexpr bool locks_by_specification = true;
};
HEDDLE_MODEL(QueueJoinWaitsForTasks);

template <Platform>
struct QueueJoinUnordered : Joining<checker::AcquiresRelaxed> {};
HEDDLE_BROKEN_MODEL(QueueJoinUnordered, failure::data_race);

template <Platform P>
struct QueueReleasesEveryJoiner {
    static constexpr bool locks_by_specification = true;
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
struct QueueReleasesNoJoiner : QueueReleasesEveryJoiner<checker::WakeOneDropped> {};
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

// A put whose copy throws may have used up the notify that another putter needs
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
    static constexpr auto invariants = "INV-EXC INV-Q-WAKE";
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
    static constexpr bool locks_by_specification = true;
};
HEDDLE_MODEL(QueueFailedPutPassesRoomOn);

template <Platform>
struct QueueFailedPutKeepsRoom : FailingPutter<checker::WakeOneDropped> {};
HEDDLE_BROKEN_MODEL(QueueFailedPutKeepsRoom, failure::deadlock);

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
struct QueueTimeoutTakesAnItem : TimedGet<LosingQueue<P>> {};
HEDDLE_BROKEN_MODEL(QueueTimeoutTakesAnItem, failure::assertion);

}  // namespace heddle::models
