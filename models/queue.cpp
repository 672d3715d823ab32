// Queue: items, order, bound, waking.
#include <deque>
#include <mutex>

#include <heddle/checker/faults.hpp>
#include <heddle/checker/model.hpp>
#include <heddle/queue.hpp>

#include "queue_traffic.hpp"

namespace heddle::models {

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

struct Overwriting : std::deque<int> {  // keeps the latest item only
    void push(int item) { assign(1, item); }
    int pop() {
        const int item = front();
        pop_front();
        return item;
    }
};

template <Platform P, class Discipline = Fifo<int>>
struct Transfer {
    static constexpr auto claim = "two producers' items reach two consumers, each exactly once";
    static constexpr auto invariants = "INV-Q-NOLOSS INV-Q-NODUP INV-Q-LIN";
    static constexpr int threads = 4;
    static constexpr unsigned spurious_wakeups = 0;
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
    static constexpr bool locks_by_specification = true;
};
HEDDLE_MODEL(QueueLosesNothing);

template <Platform P>
struct QueueRepeatsAnItem : Transfer<P, Repeating> {
    static constexpr auto breaks = "INV-Q-NODUP";
    static constexpr auto fails_at = "each item was got once";
};
HEDDLE_BROKEN_MODEL(QueueRepeatsAnItem, failure::assertion);

template <Platform P>
struct QueueLosesAnItem : Transfer<P, Overwriting> {
    static constexpr auto breaks = "INV-Q-NOLOSS";
    static constexpr auto fails_at = "Waiter.word";
};
HEDDLE_BROKEN_MODEL(QueueLosesAnItem, failure::deadlock);

template <Platform P>
struct QueuePublishes : Publication<P, BasicQueue<P, int>> {
    static constexpr auto invariants = "HB-Q";
};
HEDDLE_MODEL(QueuePublishes);

template <Platform P>
struct QueueUnordered : Publication<P, RelaxedMailbox<P>> {
    static constexpr auto breaks = "HB-Q";
    static constexpr auto fails_at = "note";
};
HEDDLE_BROKEN_MODEL(QueueUnordered, failure::data_race);

// The same with three threads: small enough for the exhaustive engine, Queue over Lock over futex.
template <Platform P, class Discipline = Fifo<int>>
struct SmallTransfer : TwoProducers<P, BasicQueue<P, int, Discipline>, 0> {
    static constexpr auto search = checker::context_bound(4);
};

template <Platform P>
struct QueueTakesFromTwoProducers : SmallTransfer<P> {};
HEDDLE_MODEL(QueueTakesFromTwoProducers);

template <Platform P>
struct QueueRepeatsTheFirst : SmallTransfer<P, Repeating> {
    static constexpr auto breaks = "INV-Q-NODUP";
    static constexpr auto fails_at = "one item was got, the other is left";
};
HEDDLE_BROKEN_MODEL(QueueRepeatsTheFirst, failure::assertion);

template <Platform P>
struct QueueHandsOver : HandOver<BasicQueue<P, int>> {
    static constexpr auto search = checker::context_bound(5);
};
HEDDLE_MODEL(QueueHandsOver);

template <Platform>
struct QueueHandsOverWithoutWakes : QueueHandsOver<checker::LocksBySpecification<checker::WakeOneDropped>> {
    static constexpr auto breaks = "INV-Q-WAKE";
    static constexpr auto fails_at = "Waiter.word";
};
HEDDLE_BROKEN_MODEL(QueueHandsOverWithoutWakes, failure::deadlock);

// The largest that the exhaustive engine finishes within a minute.
template <Platform P>
struct FourItems : HandOver<BasicQueue<P, int>, 4> {
    static constexpr auto search = checker::context_bound(2);
    static constexpr bool locks_by_specification = true;
};
template <Platform P>
struct QueueHandsOverFour : FourItems<P> {};
HEDDLE_MODEL(QueueHandsOverFour);

template <Platform>
struct QueueHandsOverFourWithoutWakes : FourItems<checker::LocksBySpecification<checker::WakeOneDropped>> {
    static constexpr auto breaks = "INV-Q-WAKE";
    static constexpr auto fails_at = "Waiter.word";
};
HEDDLE_BROKEN_MODEL(QueueHandsOverFourWithoutWakes, failure::deadlock);

template <Platform P, class Discipline = Fifo<int>>
struct ProducerOrder {
    static constexpr auto claim = "a consumer gets each producer's items in the order in which they were put";
    static constexpr auto invariants = "INV-Q-PPFIFO";
    static constexpr int threads = 3;
    static constexpr unsigned spurious_wakeups = 0;
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
    static constexpr bool locks_by_specification = true;
};
HEDDLE_MODEL(QueueKeepsProducerOrder);

template <Platform P>
struct QueueReversesOrder : ProducerOrder<P, Lifo> {
    static constexpr auto breaks = "INV-Q-PPFIFO";
    static constexpr auto fails_at = "the producer's next item";
};
HEDDLE_BROKEN_MODEL(QueueReversesOrder, failure::assertion);

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
    static constexpr auto invariants = "INV-Q-CAP";
    static constexpr int threads = 3;
    static constexpr unsigned spurious_wakeups = 0;
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
    static constexpr bool locks_by_specification = true;
};
HEDDLE_MODEL(QueueKeepsItsBound);

template <Platform P>
struct QueueHoldsOneTooMany : Capacity<P, CountsOneLess> {
    static constexpr auto breaks = "INV-Q-CAP";
    static constexpr auto fails_at = "the queue holds more than maxsize";
};
HEDDLE_BROKEN_MODEL(QueueHoldsOneTooMany, failure::assertion);

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

template <Platform P, class AnyQueue>
struct Bottleneck {
    static constexpr auto claim = "with maxsize 1 no putter and no getter is stuck";
    static constexpr auto invariants = "INV-Q-WAKE";
    static constexpr int threads = 4;
    static constexpr unsigned spurious_wakeups = 0;
    static constexpr auto search = checker::context_bound(3);
    AnyQueue queue{1};
    typename P::template plain<int> got[2]{typename P::template plain<int>(0), typename P::template plain<int>(0)};

    void thread(int index) {
        if (index < 2) queue.put(index + 1);
        else got[index - 2].write(queue.get());
    }
    void after() { check(got[0].read() + got[1].read() == 3, "both items were got"); }
};

template <Platform P>
struct QueueWakesBothSides : Bottleneck<P, BasicQueue<P, int>> {
    static constexpr auto search = checker::context_bound(2);  // one more takes half a minute
    static constexpr bool locks_by_specification = true;
};
HEDDLE_MODEL(QueueWakesBothSides);

template <Platform P>
struct QueueWithOneCondition : Bottleneck<P, SharedConditionQueue<P>> {
    static constexpr auto breaks = "INV-Q-WAKE";
    static constexpr auto fails_at = "Waiter.word";
    static constexpr bool locks_by_specification = true;
};
HEDDLE_BROKEN_MODEL(QueueWithOneCondition, failure::deadlock);

template <Platform>
struct QueueWakeDropped : Bottleneck<checker::LocksBySpecification<checker::WakeOneDropped>,
                                     BasicQueue<checker::LocksBySpecification<checker::WakeOneDropped>, int>> {
    static constexpr auto breaks = "INV-Q-WAKE";
    static constexpr auto fails_at = "Waiter.word";
};
HEDDLE_BROKEN_MODEL(QueueWakeDropped, failure::deadlock);

}  // namespace heddle::models
