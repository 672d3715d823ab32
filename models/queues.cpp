// LifoQueue, PriorityQueue and SimpleQueue.
#include <deque>
#include <mutex>
#include <stdexcept>
#include <utility>

#include <heddle/checker/faults.hpp>
#include <heddle/checker/model.hpp>
#include <heddle/queues.hpp>
#include <heddle/simple_queue.hpp>

#include "queue_traffic.hpp"

namespace heddle::models {

template <Platform P, class AnyQueue = BasicPriorityQueue<P, int>>
struct LeastOfSeveral {
    static constexpr auto claim = "each get of a PriorityQueue gives the least item that is queued then";
    static constexpr auto invariants = "INV-Q-MIN INV-Q-LIN";
    static constexpr int threads = 3;
    static constexpr unsigned spurious_wakeups = 0;
    static constexpr auto search = checker::context_bound(3);
    static constexpr bool locks_by_specification = true;
    AnyQueue queue;

    LeastOfSeveral() {
        for (const int item : {7, 5, 1, 6}) queue.put(item);
    }
    // The queue begins with 1, 5, 6 and 7; 2 and 3 come in while two items are got.
    void thread(int index) {
        if (index < 2) return queue.put(index + 2);
        check(queue.get() == 1, "the least item comes first");
        const int second = queue.get();
        check(second == 2 || second == 3 || second == 5, "6 and 7 are never the least");
    }
    void after() {
        int last = 0;
        while (!queue.empty()) {
            const int item = queue.get();
            check(item > last, "what is left comes in order");
            last = item;
        }
    }
};

template <Platform P>
struct PriorityQueueGivesTheLeast : LeastOfSeveral<P> {};
HEDDLE_MODEL(PriorityQueueGivesTheLeast);

template <Platform P>
struct PriorityQueueUnsorted : LeastOfSeveral<P, BasicQueue<P, int>> {
    static constexpr auto breaks = "INV-Q-MIN";
    static constexpr auto fails_at = "the least item comes first";
};
HEDDLE_BROKEN_MODEL(PriorityQueueUnsorted, failure::assertion);

template <Platform P, class AnyQueue = BasicLifoQueue<P, int>>
struct GetsTheLatest {
    static constexpr auto claim = "a LifoQueue gives the latest item of a producer first";
    static constexpr auto invariants = "INV-Q-LIN";
    static constexpr int threads = 2;
    static constexpr unsigned spurious_wakeups = 0;
    static constexpr bool locks_by_specification = true;
    AnyQueue queue;
    typename P::template plain<int> got{0, "got"};

    void thread(int index) {
        if (index == 1) return got.write(queue.get());
        queue.put(1);
        queue.put(2);
        queue.put(3);
    }
    void after() {
        const int second = queue.get();
        const int third = queue.get();
        check(got.read() + second + third == 6 && queue.empty(), "each item once");
        check(second > third, "of what was left the latest comes first");
    }
};

template <Platform P>
struct LifoQueueGivesTheLatest : GetsTheLatest<P> {};
HEDDLE_MODEL(LifoQueueGivesTheLatest);

template <Platform P>
struct LifoQueueGivesTheOldest : GetsTheLatest<P, BasicQueue<P, int>> {
    static constexpr auto breaks = "INV-Q-LIN";
    static constexpr auto fails_at = "of what was left the latest comes first";
};
HEDDLE_BROKEN_MODEL(LifoQueueGivesTheOldest, failure::assertion);

template <Platform P, class AnyQueue = BasicSimpleQueue<P, int>, int rounds = 1>
struct SimpleTransfer {
    static constexpr auto claim = "items pass through a SimpleQueue each once and in order, and no getter is stuck";
    static constexpr auto invariants = "INV-SQ-WAKE INV-Q-NOLOSS INV-Q-NODUP";
    static constexpr int threads = 4;
    static constexpr unsigned spurious_wakeups = 0;
    static constexpr auto search = checker::context_bound(2);
    static constexpr bool locks_by_specification = true;
    AnyQueue queue;
    typename P::template plain<int> got[2]{typename P::template plain<int>(0), typename P::template plain<int>(0)};

    void thread(int index) {
        for (int round = 0; round != rounds; ++round) {
            if (index < 2) queue.put(index + 1);
            else got[index - 2].write(got[index - 2].read() + queue.get());
        }
    }
    void after() { check(got[0].read() + got[1].read() == 3 * rounds && queue.empty(), "each item was got once"); }
};

template <Platform P>
struct SimpleQueueWakesEveryGetter : SimpleTransfer<P> {};
HEDDLE_MODEL(SimpleQueueWakesEveryGetter);

// The largest that the exhaustive engine finishes within a minute.
template <Platform P, class AnyQueue = BasicSimpleQueue<P, int>>
struct TwoEach : SimpleTransfer<P, AnyQueue, 2> {
    static constexpr auto search = checker::context_bound(1);
};
template <Platform P>
struct SimpleQueueWakesEveryGetterTwice : TwoEach<P> {};
HEDDLE_MODEL(SimpleQueueWakesEveryGetterTwice);

// Wakes a getter only if the queue was empty.
template <Platform P>
class WakesOnlyIfEmpty {
  public:
    void put(int item) {
        const std::scoped_lock guard(lock_);
        items_.push_back(item);
        if (items_.size() == 1) not_empty_.notify_one();
    }
    int get() {
        const std::scoped_lock guard(lock_);
        while (items_.empty()) not_empty_.wait(lock_, Deadline::never());
        const int item = items_.front();
        items_.pop_front();
        return item;
    }
    bool empty() const { return items_.empty(); }

  private:
    BasicLock<P> lock_;
    heddle::detail::WaitPoint<P> not_empty_{"not_empty"};
    std::deque<int> items_;
};
template <Platform P>
struct SimpleQueueWakesIfEmpty : SimpleTransfer<P, WakesOnlyIfEmpty<P>> {
    static constexpr auto breaks = "INV-SQ-WAKE";
    static constexpr auto fails_at = "Waiter.word";
};
HEDDLE_BROKEN_MODEL(SimpleQueueWakesIfEmpty, failure::deadlock);

template <Platform P>
struct SimpleQueueWakesIfEmptyTwice : TwoEach<P, WakesOnlyIfEmpty<P>> {
    static constexpr auto breaks = "INV-SQ-WAKE";
    static constexpr auto fails_at = "Waiter.word";
};
HEDDLE_BROKEN_MODEL(SimpleQueueWakesIfEmptyTwice, failure::deadlock);

template <Platform P>
struct SimpleQueuePublishes : Publication<P, BasicSimpleQueue<P, int>> {
    static constexpr auto invariants = "HB-Q";
};
HEDDLE_MODEL(SimpleQueuePublishes);

template <Platform P>
struct SimpleQueueUnordered : Publication<P, RelaxedMailbox<P>> {
    static constexpr auto breaks = "HB-Q";
    static constexpr auto fails_at = "note";
};
HEDDLE_BROKEN_MODEL(SimpleQueueUnordered, failure::data_race);

// An item that asks the queue that it is for whenever it moves, and whose destructor puts into it.
template <Platform P, template <Platform, class> class AnyQueue>
struct Reentrance {
    static constexpr auto claim = "an item may use the SimpleQueue that it is for when it moves and when it ends";
    static constexpr auto invariants = "INV-SQ-REENT INV-LIFE";
    static constexpr int threads = 2;
    static constexpr unsigned spurious_wakeups = 0;
    static constexpr bool locks_by_specification = true;
    static constexpr auto search = checker::context_bound(4);
    struct Item {
        explicit Item(Reentrance* to) : home(to) {}
        Item(Item&& other) noexcept : home(std::exchange(other.home, nullptr)) {
            if (home != nullptr) (void)home->queue.qsize();
        }
        Item& operator=(Item&&) = delete;
        ~Item() {
            if (home != nullptr) home->queue.put(Item(nullptr));
        }
        Reentrance* home;
    };
    AnyQueue<P, Item> queue;

    void thread(int index) {
        if (index == 0) queue.put(Item(this));
        else queue.get();
    }
    void after() { check(queue.qsize() == 1, "the destructor has put its item"); }
};

template <Platform P>
struct SimpleQueueIsReentrant : Reentrance<P, BasicSimpleQueue> {};
HEDDLE_MODEL(SimpleQueueIsReentrant);

// Forgets what it holds when it dies.
template <Platform P, class T>
struct LeaksItems : BasicSimpleQueue<P, T> {
    ~LeaksItems() {
        // NOLINTNEXTLINE(bugprone-unhandled-exception-at-new): without memory for it there is no model either
        while (!this->empty()) new T(this->get());
    }
};
template <Platform P>
struct SimpleQueueLeaks : Reentrance<P, LeaksItems> {
    static constexpr auto breaks = "INV-LIFE";
};
HEDDLE_BROKEN_MODEL(SimpleQueueLeaks, failure::leak);

// Destroys an item while it holds the lock.
template <Platform P, class T>
class DestroysInside : public BasicSimpleQueue<P, T> {
  public:
    void put(T item) {
        const std::scoped_lock guard(lock_);
        BasicSimpleQueue<P, T>::put(std::move(item));
    }
    void get() {
        const std::scoped_lock guard(lock_);
        BasicSimpleQueue<P, T>::get();
    }

  private:
    BasicLock<P> lock_;
};
template <Platform P>
struct SimpleQueueDestroysInside : Reentrance<P, DestroysInside> {
    static constexpr auto breaks = "INV-SQ-REENT";
    static constexpr auto fails_at = "Lock.state";
};
HEDDLE_BROKEN_MODEL(SimpleQueueDestroysInside, failure::deadlock);

}  // namespace heddle::models
