// Loops that poll under a lock: a round that finds what it has found before, and lets the mutex go, waits. How many executions
// there are is in polling_executions.txt. Each of those that are exhausted there is one order of the sections: those that
// set something, and of each poller the round that sees it. A round before counts, too, if it is the first one and the
// frame of the loop is not what it was: a lock_guard that is left by `break` leaves a mark of the compiler's there.
#include <atomic>
#include <cassert>
#include <chrono>
#include <mutex>
#include <thread>
#include <utility>

#include <heddle/unmodified.hpp>

#include "polled_flag.hpp"

namespace {

using heddle::test::Flag;

// ---- with nothing else in the loop, and with what says that it waits

// Setter, poller: one order, as a round before the setter is in vain.
HEDDLE_TEST(PollerWaits) {
    Flag flag;
    std::thread setter([&] { flag.set(); });
    while (!flag.looks()) {
    }
    setter.join();
}
// The same, or a first round before.
HEDDLE_TEST(PollerInTheLoopWaits) {
    Flag flag;
    std::thread setter([&] { flag.set(); });
    flag.poll();
    setter.join();
}
HEDDLE_TEST(PollerThatYieldsWaits) {
    Flag flag;
    std::thread setter([&] { flag.set(); });
    while (!flag.looks()) std::this_thread::yield();
    setter.join();
}
HEDDLE_TEST(PollerThatPausesWaits) {
    Flag flag;
    std::thread setter([&] { flag.set(); });
    while (!flag.looks()) __builtin_ia32_pause();
    setter.join();
}
HEDDLE_TEST(PollerThatSleepsWaits) {
    Flag flag;
    std::thread setter([&] { flag.set(); });
    while (!flag.looks()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    setter.join();
}
// The setter, then two pollers in either order.
HEDDLE_TEST(TwoPollersWait) {
    Flag flag;
    std::thread setter([&] { flag.set(); });
    std::thread other([&] {
        while (!flag.looks()) {
        }
    });
    while (!flag.looks()) {
    }
    setter.join();
    other.join();
}
// Before the setter no first round, one of the three, two in either order, or three in any; after it the three in any
// order: (1 + 3 + 6 + 6) * 6.
HEDDLE_TEST(ThreePollersInTheLoopWait) {
    Flag flag;
    std::thread first([&] { flag.poll(); }), second([&] { flag.poll(); }), third([&] { flag.poll(); });
    flag.set();
    first.join();
    second.join();
    third.join();
}
HEDDLE_TEST(PollersWaitForEachOther) {
    Flag one, two;
    std::thread other([&] {
        one.set();
        while (!two.looks()) {
        }
    });
    while (!one.looks()) {
    }
    two.set();
    other.join();
}

// ---- with other locks

HEDDLE_TEST(PollerThatTriesWaits) {
    Flag flag;
    std::thread setter([&] { flag.set(); });
    for (bool done = false; !done; std::this_thread::yield()) {
        if (!flag.mutex.try_lock()) continue;
        done = flag.is_set;
        flag.mutex.unlock();
    }
    setter.join();
}
HEDDLE_TEST(PollerThatLocksTwiceWaits) {
    std::recursive_mutex mutex;
    bool done = false;
    std::thread setter([&] {
        const std::lock_guard guard(mutex);
        done = true;
    });
    const auto looks = [&] {
        const std::lock_guard outer(mutex);
        const std::lock_guard guard(mutex);
        return done;
    };
    while (!looks()) {
    }
    setter.join();
}
HEDDLE_TEST(PollerLetsGoAndTakesAgain) {
    Flag flag;
    std::thread setter([&] { flag.set(); });
    {
        std::unique_lock lock(flag.mutex);
        while (!flag.is_set) {
            lock.unlock();
            lock.lock();
        }
    }
    setter.join();
}

// ---- queues

struct Items {
    std::mutex mutex;
    int count = 0;
    int sum = 0;
    void put(int item) {
        const std::lock_guard guard(mutex);
        ++count, sum += item;
    }
    bool take_all(int& taken) {
        const std::lock_guard guard(mutex);
        if (count == 0) return false;
        taken += std::exchange(sum, 0);
        count = 0;
        return true;
    }
};
// Both items at once, or each by itself.
HEDDLE_TEST(ConsumerPollsForItems) {
    Items items;
    std::thread producer([&] { items.put(1), items.put(2); });
    for (int taken = 0; taken != 3;)
        if (!items.take_all(taken)) std::this_thread::yield();
    producer.join();
}
HEDDLE_TEST(WorkerPollsUntilItIsStopped) {
    Items items;
    std::atomic<bool> stop{false};
    std::thread worker([&] {
        for (int taken = 0; !stop.load();) items.take_all(taken);
    });
    items.put(1);
    stop = true;
    worker.join();
}
// The first round leaves a mark, another one takes the item, and only the next is in vain: more than two yields.
HEDDLE_TEST(WorkerSleepsUntilItIsStopped) {
    Items items;
    std::atomic<bool> stop{false};
    std::thread worker([&] {
        for (int taken = 0; !stop.load();) {
            items.take_all(taken);
            std::this_thread::sleep_for(std::chrono::seconds(1));
        }
    });
    items.put(1);
    stop = true;
    worker.join();
}
HEDDLE_BROKEN_TEST(WorkerMayNotTakeAllBeforeItIsStopped, assertion) {
    Items items;
    std::atomic<bool> stop{false};
    int taken = 0;
    std::thread worker([&] {
        while (!stop.load()) {
            items.take_all(taken);
            std::this_thread::sleep_for(std::chrono::seconds(1));
        }
    });
    items.put(1);
    stop = true;
    worker.join();
    assert(taken == 1);
}
// Each sees that the other has what it needs, and gives up what it has: that may go on for ever.
HEDDLE_TEST(LocksInTwoOrdersBackOff) {
    std::mutex one, other;
    std::thread thread([&] { const std::scoped_lock guard(one, other); });
    { const std::scoped_lock guard(other, one); }
    thread.join();
}

// Rounds that are not like the one before, but like one of those before that.
template <int period>
void polls_by_turns() {
    std::mutex mutex;
    bool done = false;
    std::thread poller([&] {
        for (int turn = 0;; turn = (turn + 1) % period) {
            const std::lock_guard guard(mutex);
            if (done) break;
        }
    });
    {
        const std::lock_guard guard(mutex);
        done = true;
    }
    poller.join();
}
HEDDLE_TEST(PollsByTwoTurns) { polls_by_turns<2>(); }
HEDDLE_TEST(PollsByThreeTurns) { polls_by_turns<3>(); }

struct Mailbox {
    std::mutex mutex;
    int item = 0;
    int look() {
        const std::lock_guard guard(mutex);
        return item;
    }
    void put(int what) {
        const std::lock_guard guard(mutex);
        item = what;
    }
};
HEDDLE_TEST(PollsTwoMailboxes) {
    Mailbox boxes[2];
    std::thread sender([&] { boxes[1].put(1); });
    for (int at = 0; boxes[at].look() == 0; at = 1 - at) continue;
    sender.join();
}
HEDDLE_BROKEN_TEST(PollsTwoMailboxesInWhichNothingComes, livelock) {
    Mailbox boxes[2];
    std::thread poller([&] {
        for (int at = 0; boxes[at].look() == 0; at = 1 - at) continue;
    });
    poller.join();
}
/// What a round by turns has seen is not lost.
HEDDLE_BROKEN_TEST(SeesWhatIsInTheMailboxBetween, assertion) {
    Mailbox boxes[2];
    std::thread sender([&] {
        boxes[1].put(1);
        boxes[1].put(2);
    });
    bool has_seen = false;
    for (int at = 0, item = 0; item != 2; at = 1 - at) {
        item = boxes[at].look();
        has_seen = has_seen || item == 1;
    }
    sender.join();
    assert(!has_seen);
}

}  // namespace
