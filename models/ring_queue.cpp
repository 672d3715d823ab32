// RingQueue: items, order, bound, waking.
#include <cstddef>
#include <cstdint>
#include <optional>

#include <heddle/checker/faults.hpp>
#include <heddle/checker/model.hpp>
#include <heddle/queues.hpp>
#include <heddle/ring_queue.hpp>

#include "queue_traffic.hpp"

namespace heddle::models {

template <Platform P>
struct RingHandOver : HandOver<BasicRingQueue<P, int>> {
    static constexpr auto invariants = "INV-RQ-ORDER INV-RQ-WAKE HB-RQ";
    static constexpr auto search = checker::context_bound(4);
};

template <Platform P>
struct RingQueueHandsOver : RingHandOver<P> {};
HEDDLE_MODEL(RingQueueHandsOver);

template <Platform>
struct RingQueueUnordered : RingHandOver<checker::ReleasesRelaxed> {
    static constexpr auto breaks = "HB-RQ";
    static constexpr auto fails_at = "RingQueue.item";
};
HEDDLE_BROKEN_MODEL(RingQueueUnordered, failure::data_race);

template <Platform>
struct RingQueueUnacquired : RingHandOver<checker::AcquiresRelaxed> {
    static constexpr auto breaks = "HB-RQ";
    static constexpr auto fails_at = "RingQueue.item";
};
HEDDLE_BROKEN_MODEL(RingQueueUnacquired, failure::data_race);

template <Platform>
struct RingQueueWakesNobody : RingHandOver<checker::WakeAllDropped> {
    static constexpr auto breaks = "INV-RQ-WAKE";
    static constexpr auto fails_at = "RingQueue.word";
};
HEDDLE_BROKEN_MODEL(RingQueueWakesNobody, failure::deadlock);

// Has room for two, and gives the latest.
template <Platform P>
struct RoomyLifo : BasicLifoQueue<P, int> {
    explicit RoomyLifo(int /*maxsize*/) : BasicLifoQueue<P, int>(2) {}
};
template <Platform P>
struct RingQueueReversesOrder : HandOver<RoomyLifo<P>> {
    static constexpr auto search = checker::context_bound(4);
    static constexpr bool locks_by_specification = true;
    static constexpr auto breaks = "INV-RQ-ORDER";
    static constexpr auto fails_at = "the items come in order";
};
HEDDLE_BROKEN_MODEL(RingQueueReversesOrder, failure::assertion);

// The largest that the exhaustive engine finishes within a minute.
template <Platform P>
struct ThreeItems : HandOver<BasicRingQueue<P, int>, 3> {
    static constexpr auto search = checker::context_bound(2);
};
template <Platform P>
struct RingQueueHandsOverThree : ThreeItems<P> {};
HEDDLE_MODEL(RingQueueHandsOverThree);

template <Platform>
struct RingQueueOfThreeWakesNobody : ThreeItems<checker::WakeAllDropped> {
    static constexpr auto breaks = "INV-RQ-WAKE";
    static constexpr auto fails_at = "RingQueue.word";
};
HEDDLE_BROKEN_MODEL(RingQueueOfThreeWakesNobody, failure::deadlock);

// Two producers and a consumer that meet at one slot.
template <Platform P>
struct RingOneSlot {
    static constexpr auto claim = "two producers' items reach a consumer, each exactly once, through one slot";
    static constexpr auto invariants = "INV-RQ-NOLOSS INV-RQ-WAKE";
    static constexpr int threads = 3;
    static constexpr unsigned spurious_wakeups = 0;
    static constexpr auto search = checker::context_bound(2);
    BasicRingQueue<P, int> queue{1};

    void thread(int index) {
        if (index < 2) return queue.put(index + 1);
        const int first = queue.get();
        check(first + queue.get() == 3, "each item was got once");
    }
    void after() { check(queue.empty(), "nothing is left"); }
};

template <Platform P>
struct RingQueueLosesNothing : RingOneSlot<P> {};
HEDDLE_MODEL(RingQueueLosesNothing);

// Two claim the same slot, or a turn is undone: somebody waits for a turn that never comes.
template <Platform>
struct RingQueueTornSteps : RingOneSlot<checker::TornReadModifyWrites> {
    static constexpr auto breaks = "INV-RQ-NOLOSS";
    static constexpr auto fails_at = "RingQueue.word";
};
HEDDLE_BROKEN_MODEL(RingQueueTornSteps, failure::deadlock);

template <Platform P, class AnyQueue = BasicRingQueue<P, int>>
struct RingFromTwo : TwoProducers<P, AnyQueue, 2> {
    static constexpr auto invariants = "INV-RQ-NOLOSS";
    static constexpr auto search = checker::context_bound(3);
};

template <Platform P>
struct RingQueueTakesFromTwoProducers : RingFromTwo<P> {};
HEDDLE_MODEL(RingQueueTakesFromTwoProducers);

// Two producers may take the same slot: to take it is a load and a store.
template <Platform P>
class TakesSlotsTorn {
  public:
    explicit TakesSlotsTorn(int /*maxsize*/) {}
    void put(int item) {
        const std::size_t at = next_put_.load(std::memory_order_relaxed);  // relaxed: the mistake is that it is apart
        next_put_.store(at + 1, std::memory_order_relaxed);                // relaxed: as above
        slots_[at].store(static_cast<FutexWord>(item), std::memory_order_release);  // release: as in RingQueue
        P::wake_all(slots_[at]);
    }
    int get() {
        // Acquire: as in RingQueue.
        while (slots_[next_get_].load(std::memory_order_acquire) == 0) P::wait(slots_[next_get_], 0, Deadline::never());
        return get_nowait();
    }
    int get_nowait() {
        const FutexWord item = slots_[next_get_].load(std::memory_order_acquire);  // acquire: as in RingQueue
        if (item == 0) throw Empty();
        ++next_get_;
        return static_cast<int>(item);
    }
    bool empty() const { return next_get_ == 2; }

  private:
    typename P::template atomic<FutexWord> slots_[2]{typename P::template atomic<FutexWord>(0),
                                                     typename P::template atomic<FutexWord>(0)};
    typename P::template atomic<std::size_t> next_put_{0, "next_put"};
    std::size_t next_get_ = 0;  // of the one consumer, and of what comes after all threads
};
template <Platform P>
struct RingQueueMixesProducers : RingFromTwo<P, TakesSlotsTorn<P>> {
    static constexpr auto breaks = "INV-RQ-NOLOSS";
    static constexpr auto fails_at = "queue is empty";
};
HEDDLE_BROKEN_MODEL(RingQueueMixesProducers, failure::exception);

// A get whose time may be out when the item comes.
template <Platform P, class AnyQueue = BasicRingQueue<P, int>>
struct RingTimedGet {
    static constexpr auto claim = "a get of a RingQueue that times out takes nothing, and nothing is lost";
    static constexpr auto invariants = "INV-RQ-NOLOSS";
    static constexpr int threads = 2;
    static constexpr unsigned spurious_wakeups = 0;
    AnyQueue queue{1};
    typename P::template plain<bool> got{false, "got"};

    void thread(int index) {
        if (index == 0) return queue.put(1);
        try {
            got.write(queue.get(true, Seconds(1)) == 1);
        } catch (const Empty&) {
        }
    }
    void after() {
        check(queue.qsize() == (got.read() ? 0U : 1U), "the item was got, or is there");
        if (!got.read()) check(queue.get_nowait() == 1, "it can be got");
        queue.put_nowait(2);  // there is room again
    }
};

template <Platform P>
struct RingQueueTimesOutCleanly : RingTimedGet<P> {};
HEDDLE_MODEL(RingQueueTimesOutCleanly);

// A get that times out takes the item that comes later with it.
template <Platform P>
struct TakesItWithIt : BasicRingQueue<P, int> {
    using BasicRingQueue<P, int>::BasicRingQueue;
    int get(bool block, Seconds timeout) {
        try {
            return BasicRingQueue<P, int>::get(block, timeout);
        } catch (const Empty&) {
            BasicRingQueue<P, int>::get();
            throw;
        }
    }
};
template <Platform P>
struct RingQueueTimeoutTakesAnItem : RingTimedGet<P, TakesItWithIt<P>> {
    static constexpr auto breaks = "INV-RQ-NOLOSS";
    static constexpr auto fails_at = "the item was got, or is there";
};
HEDDLE_BROKEN_MODEL(RingQueueTimeoutTakesAnItem, failure::assertion);

// It holds what it says: a put finds no room until a get has made some.
template <Platform P, int capacity = 1>
struct RingBound {
    static constexpr auto claim = "a RingQueue for one item is full with one";
    static constexpr auto invariants = "INV-RQ-CAP";
    static constexpr int threads = 2;
    static constexpr unsigned spurious_wakeups = 0;
    BasicRingQueue<P, int> queue{capacity};

    void thread(int index) {
        try {
            queue.put_nowait(index + 1);
        } catch (const Full&) {
        }
    }
    void after() {
        const int item = queue.get_nowait();
        check(item == 1 || item == 2, "one of the items was put");
        check(queue.empty(), "one item was in the queue");
        queue.put_nowait(3);  // there is room again
    }
};

template <Platform P>
struct RingQueueKeepsItsBound : RingBound<P> {};
HEDDLE_MODEL(RingQueueKeepsItsBound);

template <Platform P>
struct RingQueueHoldsOneTooMany : RingBound<P, 2> {
    static constexpr auto breaks = "INV-RQ-CAP";
    static constexpr auto fails_at = "one item was in the queue";
};
HEDDLE_BROKEN_MODEL(RingQueueHoldsOneTooMany, failure::assertion);

template <Platform P, class AnyQueue = BasicRingQueue<P, int>, int capacity = 1, int rounds = 2>
struct RingCounted {
    static constexpr auto claim = "qsize of a RingQueue is never more than its maxsize, nor than was put";
    static constexpr auto invariants = "INV-RQ-CAP";
    static constexpr int threads = 2;
    static constexpr unsigned spurious_wakeups = 0;
    AnyQueue queue{capacity};

    void thread(int index) {
        if (index == 1) return check(queue.qsize() <= 1, "at most one item is queued");
        for (int round = 0; round != rounds; ++round) {
            queue.put(1);
            queue.get();
        }
    }
    void after() { check(queue.qsize() == 0, "none is left"); }
};

template <Platform P>
struct RingQueueCountsItsItems : RingCounted<P> {};
HEDDLE_MODEL(RingQueueCountsItsItems);

template <Platform P>
struct RingQueueCountsNoMoreThanWasPut : RingCounted<P, BasicRingQueue<P, int>, 2, 1> {};
HEDDLE_MODEL(RingQueueCountsNoMoreThanWasPut);

// Counts what was put before it counts what was got, which may be more by then.
template <Platform P>
class CountsPutsFirst {
  public:
    explicit CountsPutsFirst(int /*maxsize*/) {}
    // Relaxed, all of them: counters by themselves.
    void put(int) { put_.fetch_add(1, std::memory_order_relaxed); }
    void get() { got_.fetch_add(1, std::memory_order_relaxed); }
    std::uint64_t qsize() const {
        const std::uint64_t put = put_.load(std::memory_order_relaxed);  // relaxed: as above
        return put - got_.load(std::memory_order_relaxed);               // relaxed: as above
    }

  private:
    typename P::template atomic<std::uint64_t> put_{0, "put"};
    typename P::template atomic<std::uint64_t> got_{0, "got"};
};
template <Platform P>
struct RingQueueCountsBelowZero : RingCounted<P, CountsPutsFirst<P>> {
    static constexpr auto breaks = "INV-RQ-CAP";
    static constexpr auto fails_at = "at most one item is queued";
};
HEDDLE_BROKEN_MODEL(RingQueueCountsBelowZero, failure::assertion);

}  // namespace heddle::models
