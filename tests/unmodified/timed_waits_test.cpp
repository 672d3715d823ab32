// Loops of waits that end with their time. How many executions there are is in timed_waits_executions.txt. A thread that has timed
// out twice at one place, and is what it was, waits when it does so again; what it leaves behind is a step as before.
#include <atomic>
#include <cassert>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <thread>
#include <utility>

#include <heddle/unmodified.hpp>

namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

/// Something that is set, under a lock, and waited for.
struct Event {
    std::mutex mutex;
    std::condition_variable changed;
    bool is_set = false;

    void set() {
        {
            const std::lock_guard guard(mutex);
            is_set = true;
        }
        changed.notify_all();
    }
    void wait_in_loop() {
        std::unique_lock lock(mutex);
        while (!is_set) changed.wait_for(lock, 1s);
    }
};

// ---- nothing is cut

// The event comes before the wait, or after no, one or two time-outs, each time before the waiter is in the queue or after.
HEDDLE_TEST(WaitsInALoop) {
    Event event;
    std::thread setter([&] { event.set(); });
    event.wait_in_loop();
    setter.join();
}
HEDDLE_TEST(WaitsInALoopByAPredicate) {
    Event event;
    std::thread setter([&] { event.set(); });
    {
        std::unique_lock lock(event.mutex);
        while (!event.changed.wait_for(lock, 1s, [&] { return event.is_set; })) {
        }
    }
    setter.join();
}
HEDDLE_TEST(WaitsInALoopUntilADeadline) {
    Event event;
    const auto deadline = Clock::now() + 1s;
    std::thread setter([&] { event.set(); });
    {
        std::unique_lock lock(event.mutex);
        while (!event.is_set) event.changed.wait_until(lock, deadline);
    }
    setter.join();
}
HEDDLE_TEST(TwoWaitInALoop) {
    Event event;
    std::thread other([&] { event.wait_in_loop(); });
    event.set();
    event.wait_in_loop();
    other.join();
}
HEDDLE_TEST(FlushesWhileItWaits) {
    Event event;
    int pending = 1;
    int flushed = 0;
    std::thread worker([&] {
        std::unique_lock lock(event.mutex);
        while (!event.changed.wait_for(lock, 1s, [&] { return event.is_set; })) flushed += std::exchange(pending, 0);
        flushed += pending;
    });
    event.set();
    worker.join();
    assert(flushed == 1);
}
HEDDLE_TEST(TriesAMutexForATime) {
    std::timed_mutex mutex;
    int count = 0;
    const auto work = [&] {
        while (!mutex.try_lock_for(1s)) {
        }
        ++count;
        mutex.unlock();
    };
    std::thread other(work);
    work();
    other.join();
    assert(count == 2);
}
HEDDLE_TEST(TriesASharedMutexForATime) {
    std::shared_timed_mutex mutex;
    std::thread writer([&] { const std::lock_guard guard(mutex); });
    while (!mutex.try_lock_shared_for(1s)) {
    }
    mutex.unlock_shared();
    writer.join();
}
// A deadline that the program looks at comes.
HEDDLE_TEST(GivesUpAtADeadline) {
    Event event;
    const auto deadline = Clock::now() + 1h;
    std::thread setter([&] { event.set(); });
    {
        std::unique_lock lock(event.mutex);
        while (!event.is_set && Clock::now() < deadline) event.changed.wait_for(lock, 1s);
    }
    setter.join();
}
HEDDLE_BROKEN_TEST(HasItAtTheDeadline, assertion) {
    Event event;
    const auto deadline = Clock::now() + 1h;
    std::thread setter([&] { event.set(); });
    {
        std::unique_lock lock(event.mutex);
        while (!event.is_set && Clock::now() < deadline) event.changed.wait_for(lock, 1s);
        assert(event.is_set);
    }
    setter.join();
}

// ---- what never comes

HEDDLE_BROKEN_TEST(WaitsForWhatNeverComes, livelock) {
    Event event;
    std::thread other([&] { event.changed.notify_one(); });
    event.wait_in_loop();
    other.join();
}
HEDDLE_BROKEN_TEST(TwoWaitForWhatNeverComes, livelock) {
    Event event;
    std::thread other([&] { event.wait_in_loop(); });
    event.wait_in_loop();
    other.join();
}
HEDDLE_BROKEN_TEST(TriesAMutexThatStaysLocked, livelock) {
    std::timed_mutex mutex;
    mutex.lock();
    std::thread other([&] {
        while (!mutex.try_lock_for(1s)) {
        }
        mutex.unlock();
    });
    other.join();
    mutex.unlock();
}

// ---- turns that leave something behind are none in vain

HEDDLE_BROKEN_TEST(CountsTimeOuts, assertion) {
    Event event;
    std::thread setter([&] { event.set(); });
    int time_outs = 0;
    {
        std::unique_lock lock(event.mutex);
        while (!event.is_set)
            if (event.changed.wait_for(lock, 1s) == std::cv_status::timeout) ++time_outs;
    }
    assert(time_outs != 2);
    setter.join();
}
HEDDLE_BROKEN_TEST(CountsTimeOutsInTheHeap, assertion) {
    Event event;
    const auto time_outs = std::make_unique<int>(0);
    std::thread setter([&] { event.set(); });
    {
        std::unique_lock lock(event.mutex);
        while (!event.is_set)
            if (event.changed.wait_for(lock, 1s) == std::cv_status::timeout) ++*time_outs;
    }
    assert(*time_outs != 2);
    setter.join();
}
// What would fail after a third time-out is not explored, and the verdict says so.
HEDDLE_TEST(CountsTimeOutsAndIsCut) {
    Event event;
    std::thread setter([&] { event.set(); });
    int time_outs = 0;
    {
        std::unique_lock lock(event.mutex);
        while (!event.is_set)
            if (event.changed.wait_for(lock, 1s) == std::cv_status::timeout) ++time_outs;
    }
    assert(time_outs <= 2);
    setter.join();
}
// Between two time-outs it has the lock, and leaves something behind; from then to the third, it does not wait.
HEDDLE_TEST(LeavesSomethingAfterItHadTheLock) {
    std::timed_mutex mutex;
    int count = 0;
    std::thread other([&] {
        for (int i = 0; i != 2; ++i) const std::lock_guard guard(mutex);
    });
    while (count != 2) {
        if (!mutex.try_lock_for(1s)) continue;
        ++count;
        mutex.unlock();
    }
    other.join();
}
HEDDLE_BROKEN_TEST(SeesAStateOnTheWay, assertion) {
    Event event;
    int state = 0;
    bool has_seen = false;
    std::thread setter([&] {
        {
            const std::lock_guard guard(event.mutex);
            state = 1;
        }
        event.set();
    });
    {
        std::unique_lock lock(event.mutex);
        while (!event.is_set) {
            if (state == 1) has_seen = true;
            event.changed.wait_for(lock, 1s);
        }
    }
    assert(!has_seen);
    setter.join();
}

}  // namespace
