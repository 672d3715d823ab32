// Loops that poll under a lock: a round that finds what it has found before, and lets the mutex go, waits. How many executions
// there are is in polling_executions.txt. Each of those that are exhausted there is one order of the sections: those that
// set something, and of each poller the round that sees it. A round before counts, too, if it is the first one and the
// frame of the loop is not what it was: a lock_guard that is left by `break` leaves a mark of the compiler's there.
#include <atomic>
#include <cassert>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>

#include <heddle/unmodified.hpp>

namespace {

struct Flag {
    std::mutex mutex;
    bool is_set = false;

    void set() {
        const std::lock_guard guard(mutex);
        is_set = true;
    }
    bool looks() {
        const std::lock_guard guard(mutex);
        return is_set;
    }
    void poll() {
        for (;;) {
            const std::lock_guard guard(mutex);
            if (is_set) break;
        }
    }
};

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

// ---- what lies behind such a loop, or is in it, is found

HEDDLE_BROKEN_TEST(PollerWaitsForWhatNeverComes, livelock) {
    Flag flag;
    std::thread other([&] { flag.looks(); });
    flag.poll();
    other.join();
}
HEDDLE_BROKEN_TEST(PollersWaitForWhatNeverComes, livelock) {
    Flag flag;
    std::thread other([&] { flag.poll(); });
    flag.poll();
    other.join();
}
HEDDLE_BROKEN_TEST(PollerHoldsWhatTheSetterNeeds, livelock) {
    Flag flag;
    std::mutex outer;
    std::thread setter([&] {
        const std::lock_guard guard(outer);
        flag.set();
    });
    {
        const std::lock_guard guard(outer);
        flag.poll();
    }
    setter.join();
}
HEDDLE_BROKEN_TEST(StaleBehindThePoll, assertion) {
    Flag flag;
    std::atomic<int> value{0};
    std::thread setter([&] {
        flag.set();
        value.store(1, std::memory_order_relaxed);
    });
    flag.poll();
    assert(value.load(std::memory_order_relaxed) == 1);
    setter.join();
}
HEDDLE_BROKEN_TEST(RaceBehindThePoll, data_race) {
    Flag flag;
    int value = 0;
    std::thread setter([&] {
        flag.set();
        value = 1;
    });
    flag.poll();
    assert(value == 0 || value == 1);
    setter.join();
}
HEDDLE_BROKEN_TEST(PollWithoutTheLockRaces, data_race) {
    Flag flag;
    std::thread setter([&] { flag.is_set = true; });
    flag.poll();
    setter.join();
}
HEDDLE_BROKEN_TEST(WakeUpBehindThePollIsLost, deadlock) {
    Flag flag;
    bool ready = false;
    std::condition_variable condition;
    std::thread setter([&] {
        flag.set();
        {
            const std::lock_guard guard(flag.mutex);
            ready = true;
        }
        condition.notify_one();
    });
    flag.poll();
    bool is_ready = false;
    {
        const std::lock_guard guard(flag.mutex);
        is_ready = ready;
    }
    std::unique_lock lock(flag.mutex);
    if (!is_ready) condition.wait(lock);
    lock.unlock();
    setter.join();
}
HEDDLE_BROKEN_TEST(DeadlineComesWhileItPolls, assertion) {
    Flag flag;
    std::thread setter([&] { flag.set(); });
    const auto until = std::chrono::steady_clock::now() + std::chrono::milliseconds(5);
    bool in_time = true;
    while (in_time && !flag.looks()) in_time = std::chrono::steady_clock::now() < until;
    assert(in_time);
    setter.join();
}

// ---- rounds that are not in vain, although they look like it

// Whoever tries the mutex sees that the poller holds it.
HEDDLE_BROKEN_TEST(PollerIsMetByWhoTries, assertion) {
    Flag flag;
    std::atomic<bool> was_free{true};
    std::thread setter([&] {
        if (!flag.mutex.try_lock()) {
            was_free = false;
            flag.mutex.lock();
        }
        flag.is_set = true;
        flag.mutex.unlock();
    });
    flag.poll();
    setter.join();
    assert(was_free);
}
// Setter, poller, with a first round of the poller before or not; the setter met in the first round, or in a second one.
HEDDLE_TEST(SetterTriesBeforeItWaits) {
    Flag flag;
    std::thread setter([&] {
        if (!flag.mutex.try_lock()) flag.mutex.lock();
        flag.is_set = true;
        flag.mutex.unlock();
    });
    flag.poll();
    setter.join();
}
// It has put back what it has written, but not before another thread could see it.
HEDDLE_BROKEN_TEST(PollerSaysThatItWaits, assertion) {
    Flag flag;
    bool waits = false, is_seen = false;
    std::thread setter([&] {
        {
            const std::lock_guard guard(flag.mutex);
            is_seen = waits;
        }
        flag.set();
    });
    for (;;) {
        {
            const std::lock_guard guard(flag.mutex);
            if (flag.is_set) break;
            waits = true;
        }
        const std::lock_guard guard(flag.mutex);
        waits = false;
    }
    setter.join();
    assert(!is_seen);
}
// What the standard library's compiled code writes is seen by no hook.
template <class Text>
void grow(Text& text) {
    std::mutex mutex;
    std::thread other([&] {
        for (bool done = false; !done;) {
            const std::lock_guard guard(mutex);
            text.append("x");
            done = text.size() == 3;
        }
    });
    other.join();
}
std::string global_text;
HEDDLE_BROKEN_TEST(RoundsWriteToAGlobal, assertion) {
    grow(global_text);
    assert(global_text.empty());
}
HEDDLE_BROKEN_TEST(RoundsWriteToTheHeap, assertion) {
    const auto text = std::make_unique<std::string>();
    grow(*text);
    assert(text->empty());
}
HEDDLE_BROKEN_TEST(RoundsWriteToAnothersFrame, assertion) {
    std::string text;
    grow(text);
    assert(text.empty());
}

}  // namespace
