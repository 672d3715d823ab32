// RingQueue: items, order, bound, waking.
#include <optional>

#include <heddle/checker/faults.hpp>
#include <heddle/checker/model.hpp>
#include <heddle/ring_queue.hpp>

#include "queue_traffic.hpp"

namespace heddle::models {

using namespace std::chrono_literals;

template <Platform P>
struct RingHandOver : HandOver<BasicRingQueue<P, int>> {
    static constexpr auto invariants = "INV-RQ-ORDER INV-RQ-WAKE HB-RQ";
    static constexpr auto search = checker::context_bound(4);
};

template <Platform P>
struct RingQueueHandsOver : RingHandOver<P> {};
HEDDLE_MODEL(RingQueueHandsOver);

template <Platform>
struct RingQueueUnordered : RingHandOver<checker::ReleasesRelaxed> {};
HEDDLE_BROKEN_MODEL(RingQueueUnordered, failure::data_race);

template <Platform>
struct RingQueueUnacquired : RingHandOver<checker::AcquiresRelaxed> {};
HEDDLE_BROKEN_MODEL(RingQueueUnacquired, failure::data_race);

template <Platform>
struct RingQueueWakesNobody : RingHandOver<checker::WakeAllDropped> {};
HEDDLE_BROKEN_MODEL(RingQueueWakesNobody, failure::deadlock);

// The largest that the exhaustive engine finishes within a minute.
template <Platform P>
struct ThreeItems : HandOver<BasicRingQueue<P, int>, 3> {
    static constexpr auto search = checker::context_bound(2);
};
template <Platform P>
struct RingQueueHandsOverThree : ThreeItems<P> {};
HEDDLE_MODEL(RingQueueHandsOverThree);

template <Platform>
struct RingQueueOfThreeWakesNobody : ThreeItems<checker::WakeAllDropped> {};
HEDDLE_BROKEN_MODEL(RingQueueOfThreeWakesNobody, failure::deadlock);

// Two producers and a consumer that meet at one slot.
template <Platform P>
struct RingOneSlot {
    static constexpr auto claim = "two producers' items reach a consumer, each exactly once, through one slot";
    static constexpr auto invariants = "INV-RQ-NOLOSS INV-RQ-WAKE";
    static constexpr int threads = 3;
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
struct RingQueueTornSteps : RingOneSlot<checker::TornReadModifyWrites> {};
HEDDLE_BROKEN_MODEL(RingQueueTornSteps, failure::deadlock);

template <Platform P>
struct RingFromTwo : TwoProducers<P, BasicRingQueue<P, int>, 2> {
    static constexpr auto invariants = "INV-RQ-NOLOSS";
    static constexpr auto search = checker::context_bound(3);
};

template <Platform P>
struct RingQueueTakesFromTwoProducers : RingFromTwo<P> {};
HEDDLE_MODEL(RingQueueTakesFromTwoProducers);

template <Platform>
struct RingQueueMixesProducers : RingFromTwo<checker::ReleasesRelaxed> {};
HEDDLE_BROKEN_MODEL(RingQueueMixesProducers, failure::data_race);

// A get whose time may be out when the item comes.
template <Platform P>
struct RingQueueTimesOutCleanly {
    static constexpr auto claim = "a get of a RingQueue that times out takes nothing, and nothing is lost";
    static constexpr auto invariants = "INV-RQ-NOLOSS";
    static constexpr int threads = 2;
    BasicRingQueue<P, int> queue{1};
    typename P::template plain<bool> got{false, "got"};

    void thread(int index) {
        if (index == 0) return queue.put(1);
        try {
            got.write(queue.get(true, Seconds(1)) == 1);
        } catch (const Empty&) {
        }
    }
    void after() { check(queue.qsize() == (got.read() ? 0U : 1U), "the item was got, or is there"); }
};
HEDDLE_MODEL(RingQueueTimesOutCleanly);

// It holds what it says: a put finds no room until a get has made some.
template <Platform P, int capacity = 1>
struct RingBound {
    static constexpr auto claim = "a RingQueue for one item is full with one";
    static constexpr auto invariants = "INV-RQ-CAP";
    static constexpr int threads = 2;
    BasicRingQueue<P, int> queue{capacity};

    void thread(int index) {
        try {
            queue.put_nowait(index);
        } catch (const Full&) {
        }
    }
    void after() {
        queue.get_nowait();
        check(queue.empty(), "one item was in the queue");
    }
};

template <Platform P>
struct RingQueueKeepsItsBound : RingBound<P> {};
HEDDLE_MODEL(RingQueueKeepsItsBound);

template <Platform P>
struct RingQueueHoldsOneTooMany : RingBound<P, 2> {};
HEDDLE_BROKEN_MODEL(RingQueueHoldsOneTooMany, failure::assertion);

}  // namespace heddle::models
