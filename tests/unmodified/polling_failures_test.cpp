// Loops that poll under a lock: what lies behind such a loop, or is in it, is found, and rounds that only look as if they were
// in vain are none.
#include <atomic>
#include <cassert>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include <heddle/unmodified.hpp>

#include "polled_flag.hpp"

namespace {

using heddle::test::Flag;

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
