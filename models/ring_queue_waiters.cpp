// RingQueue: several that wait for one slot.
#include <heddle/checker/faults.hpp>
#include <heddle/checker/model.hpp>
#include <heddle/ring_queue.hpp>

namespace heddle::models {

// Both getters may sleep on the first slot when the first item comes; the second item comes into another one.
template <Platform P>
struct RingTwoGetters {
    static constexpr auto claim = "two getters that wait for one slot of a RingQueue get the items of two";
    static constexpr auto invariants = "INV-RQ-WAKE INV-RQ-NOLOSS";
    static constexpr int threads = 3;
    static constexpr unsigned spurious_wakeups = 0;
    static constexpr auto search = checker::context_bound(2);
    BasicRingQueue<P, int> queue{2};
    typename P::template atomic<int> sum{0, "sum"};

    void thread(int index) {
        if (index == 0) {
            queue.put(1);
            queue.put(2);
        } else {
            sum.fetch_add(queue.get(), std::memory_order_relaxed);  // relaxed: read after the threads have ended
        }
    }
    void after() { check(sum.load(std::memory_order_relaxed) == 3, "each item was got once"); }
};

template <Platform P>
struct RingQueueWakesEveryGetter : RingTwoGetters<P> {};
HEDDLE_MODEL(RingQueueWakesEveryGetter);

template <Platform>
struct RingQueueWakesOneGetter : RingTwoGetters<checker::WakeAllWakesOne> {
    static constexpr auto breaks = "INV-RQ-WAKE";
    static constexpr auto fails_at = "RingQueue.word";
};
HEDDLE_BROKEN_MODEL(RingQueueWakesOneGetter, failure::deadlock);

}  // namespace heddle::models
