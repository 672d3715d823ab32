// Queue: shutdown, in both modes.
#include <cstddef>
#include <mutex>

#include <heddle/checker/faults.hpp>
#include <heddle/checker/model.hpp>
#include <heddle/queue.hpp>

#include "queue_traffic.hpp"

namespace heddle::models {

template <Platform P, bool immediate>
struct ShutdownOfGetters {
    static constexpr auto claim = "shutdown wakes every blocked getter";
    static constexpr auto invariants = "INV-Q-SD-WAKE";
    static constexpr int threads = 3;
    static constexpr unsigned spurious_wakeups = 0;
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
    void after() {
        check(refused.load(std::memory_order_relaxed) == 2, "both getters are told");
        check(queue.is_shutdown(), "the queue says so, too");
    }
};

template <Platform P>
struct QueueShutdownWakesGetters : ShutdownOfGetters<P, false> {
    static constexpr bool locks_by_specification = true;
};
HEDDLE_MODEL(QueueShutdownWakesGetters);

template <Platform>
struct QueueShutdownWakesNoGetter : ShutdownOfGetters<checker::LocksBySpecification<checker::WakeOneDropped>, false> {
    static constexpr auto breaks = "INV-Q-SD-WAKE";
    static constexpr auto fails_at = "Waiter.word";
};
HEDDLE_BROKEN_MODEL(QueueShutdownWakesNoGetter, failure::deadlock);

template <Platform P, bool immediate, class AnyQueue = BasicQueue<P, int>>
struct ShutdownOfPutters {
    static constexpr auto claim = "shutdown wakes every blocked putter, and nothing enters the Queue after it";
    static constexpr auto invariants = "INV-Q-SD-WAKE INV-Q-SD-NONEW";
    static constexpr int threads = 3;
    static constexpr unsigned spurious_wakeups = 0;
    static constexpr auto search = checker::context_bound(4);
    AnyQueue queue{1};
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
struct QueueShutdownWakesNoPutter : ShutdownOfPutters<checker::LocksBySpecification<checker::WakeOneDropped>, false> {
    static constexpr auto breaks = "INV-Q-SD-WAKE";
    static constexpr auto fails_at = "Waiter.word";
};
HEDDLE_BROKEN_MODEL(QueueShutdownWakesNoPutter, failure::deadlock);

// Asks whether it is shut down only before it waits: who was woken puts its item.
template <Platform P>
class AsksTooEarly {
  public:
    explicit AsksTooEarly(std::size_t maxsize) : maxsize_(maxsize) {}
    void put(int) {
        const std::scoped_lock guard(lock_);
        if (shut_down_) throw ShutDown();
        while (items_ == maxsize_ && !shut_down_) not_full_.wait(lock_, Deadline::never());
        ++items_;
    }
    void shutdown(bool) {
        const std::scoped_lock guard(lock_);
        shut_down_ = true;
        not_full_.notify_all();
    }
    std::size_t qsize() {
        const std::scoped_lock guard(lock_);
        return items_;
    }

  private:
    const std::size_t maxsize_;
    BasicLock<P> lock_;
    heddle::detail::WaitPoint<P> not_full_{"not_full"};
    std::size_t items_ = 0;  // guarded by lock_, as is what follows
    bool shut_down_ = false;
};
template <Platform P>
struct QueueEnteredAfterShutdown : ShutdownOfPutters<P, false, AsksTooEarly<P>> {
    static constexpr bool locks_by_specification = true;
    static constexpr auto breaks = "INV-Q-SD-NONEW";
    static constexpr auto fails_at = "both putters are told";
};
HEDDLE_BROKEN_MODEL(QueueEnteredAfterShutdown, failure::assertion);

// The item that is handed out still counts, the one that is dropped does not
template <Platform P, bool immediate>
struct ShutdownWithJoiner {
    static constexpr auto claim = "after an immediate shutdown join waits only for items already handed out";
    static constexpr auto invariants = "INV-Q-SD-COUNT";
    static constexpr int threads = 3;
    static constexpr unsigned spurious_wakeups = 0;
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
struct QueueShutdownKeepsTasks : ShutdownWithJoiner<P, false> {
    static constexpr auto breaks = "INV-Q-SD-COUNT";
    static constexpr auto fails_at = "Waiter.word";
};
HEDDLE_BROKEN_MODEL(QueueShutdownKeepsTasks, failure::deadlock);

// Shutdown lets getters have what is queued, and then tells them.
template <Platform P, bool immediate>
struct ShutdownOfFullQueue {
    static constexpr auto claim = "after a graceful shutdown getters get what is queued, then ShutDown";
    static constexpr auto invariants = "INV-Q-SD-DRAIN";
    static constexpr int threads = 3;
    static constexpr unsigned spurious_wakeups = 0;
    static constexpr auto search = checker::context_bound(3);
    static constexpr bool locks_by_specification = true;
    BasicQueue<P, int> queue;
    typename P::template atomic<int> got{0, "got"};
    typename P::template atomic<int> told{0, "told"};

    ShutdownOfFullQueue() { queue.put(1); }
    void thread(int index) {
        if (index == 0) return queue.shutdown(immediate);
        try {
            got.fetch_add(queue.get(), std::memory_order_relaxed);  // relaxed: read after the threads have ended
        } catch (const ShutDown&) {
            told.fetch_add(1, std::memory_order_relaxed);  // relaxed: the same
        }
    }
    void after() {
        check(got.load(std::memory_order_relaxed) == 1, "the item was got");
        check(told.load(std::memory_order_relaxed) == 1, "the other getter was told");
    }
};

template <Platform P>
struct QueueShutdownDrains : ShutdownOfFullQueue<P, false> {};
HEDDLE_MODEL(QueueShutdownDrains);

template <Platform P>
struct QueueShutdownDrops : ShutdownOfFullQueue<P, true> {
    static constexpr auto breaks = "INV-Q-SD-DRAIN";
    static constexpr auto fails_at = "the item was got";
};
HEDDLE_BROKEN_MODEL(QueueShutdownDrops, failure::assertion);

// Room: what a getter did before it took an item is seen by the putter that uses the room.
template <Platform P, class AnyQueue = BasicQueue<P, int>>
struct RoomForOne {
    static constexpr auto claim = "the get that makes room happens-before the put that uses it";
    static constexpr auto invariants = "HB-QSPACE INV-Q-CAP";
    static constexpr int threads = 2;
    static constexpr unsigned spurious_wakeups = 0;
    static constexpr auto search = checker::context_bound(4);
    static constexpr bool locks_by_specification = true;
    AnyQueue queue{1};
    typename P::template plain<int> note{0, "note"};

    RoomForOne() { queue.put(1); }
    void thread(int index) {
        if (index == 0) {
            note.write(1);
            queue.get();
        } else {
            queue.put(2);
            check(note.read() == 1, "what came before the get is seen");
        }
    }
};

template <Platform P>
struct QueueOrdersRoom : RoomForOne<P> {};
HEDDLE_MODEL(QueueOrdersRoom);

template <Platform P>
struct QueueRoomUnordered : RoomForOne<P, RelaxedMailbox<P>> {
    static constexpr auto breaks = "HB-QSPACE";
    static constexpr auto fails_at = "note";
};
HEDDLE_BROKEN_MODEL(QueueRoomUnordered, failure::data_race);

}  // namespace heddle::models
