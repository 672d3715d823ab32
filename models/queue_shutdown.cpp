// Queue: shutdown, in both modes.
#include <heddle/checker/faults.hpp>
#include <heddle/checker/model.hpp>
#include <heddle/queue.hpp>

namespace heddle::models {

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
    static constexpr bool locks_by_specification = true;
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
    static constexpr bool locks_by_specification = true;
};
HEDDLE_MODEL(QueueShutdownWakesPutters);

template <Platform P>
struct QueueShutdownNowWakesPutters : ShutdownOfPutters<P, true> {
    static constexpr bool locks_by_specification = true;
};
HEDDLE_MODEL(QueueShutdownNowWakesPutters);

template <Platform>
struct QueueShutdownWakesOnePutter : ShutdownOfPutters<checker::LocksBySpecification<checker::WakeAllWakesOne>, false> {
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
    static constexpr bool locks_by_specification = true;
};
HEDDLE_MODEL(QueueShutdownNowReleasesJoin);

template <Platform P>
struct QueueShutdownKeepsTasks : ShutdownWithJoiner<P, false> {};
HEDDLE_BROKEN_MODEL(QueueShutdownKeepsTasks, failure::deadlock);

}  // namespace heddle::models
