// What ordinary C++ means on the exhaustive engine: each test, and each broken twin, ends as it must.
#include <atomic>
#include <cassert>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>

#include <heddle/unmodified.hpp>

#include "together.hpp"

namespace {

constexpr auto relaxed = std::memory_order_relaxed;
constexpr auto acquire = std::memory_order_acquire;
constexpr auto release = std::memory_order_release;
constexpr auto seq_cst = std::memory_order_seq_cst;

// ---- plain data and mutexes

HEDDLE_TEST(MutexProtectsData) {
    std::mutex mutex;
    int count = 0;
    const auto counter = [&] {
        const std::lock_guard guard(mutex);
        ++count;
    };
    together(counter, counter);
    assert(count == 2);
}

HEDDLE_BROKEN_TEST(DataWithoutMutexRaces, data_race) {
    int count = 0;
    const auto counter = [&] { ++count; };
    together(counter, counter);
}

HEDDLE_BROKEN_TEST(UpdateInTwoSectionsIsLost, assertion) {
    std::mutex mutex;
    int count = 0;
    const auto read = [&] {
        const std::lock_guard guard(mutex);
        return count;
    };
    const auto counter = [&] {
        const int seen = read();
        const std::lock_guard guard(mutex);
        count = seen + 1;
    };
    together(counter, counter);
    assert(count == 2);
}

// ---- memory orders

void pass_message(std::memory_order order) {
    std::atomic<int> flag{0};
    int data = 0;
    together([&] { data = 42, flag.store(1, order); },
             [&] {
                 if (flag.load(acquire) == 1) assert(data == 42);
             });
}
HEDDLE_TEST(ReleasePublishesData) { pass_message(release); }
HEDDLE_BROKEN_TEST(RelaxedPublishesNothing, data_race) { pass_message(relaxed); }

HEDDLE_BROKEN_TEST(RelaxedDataIsStale, assertion) {
    std::atomic<int> data{0}, flag{0};
    together([&] { data.store(42, relaxed), flag.store(1, relaxed); },
             [&] {
                 if (flag.load(acquire) == 1) assert(data.load(relaxed) == 42);
             });
}

/// Returns: whether a thread has seen the other one's store.
bool store_and_load(std::memory_order store, std::memory_order load) {
    std::atomic<int> x{0}, y{0};
    int saw_y = 0, saw_x = 0;
    together([&] { x.store(1, store), saw_y = y.load(load); }, [&] { y.store(1, store), saw_x = x.load(load); });
    return saw_x == 1 || saw_y == 1;
}
HEDDLE_TEST(SequentialStoresAreSeen) { assert(store_and_load(seq_cst, seq_cst)); }
HEDDLE_BROKEN_TEST(RelaxedStoresAreBuffered, assertion) { assert(store_and_load(relaxed, relaxed)); }

// ---- conditions

HEDDLE_TEST(ConditionWakesWhoWaits) {
    std::mutex mutex;
    std::condition_variable condition;
    bool ready = false;
    together(
        [&] {
            std::unique_lock guard(mutex);
            while (!ready) condition.wait(guard);
        },
        [&] {
            {
                const std::lock_guard guard(mutex);
                ready = true;
            }
            condition.notify_one();
        });
}

HEDDLE_BROKEN_TEST(WakeUpOutsideOfTheMutexIsLost, deadlock) {
    std::mutex mutex;
    std::condition_variable condition;
    std::atomic<bool> ready{false};
    together(
        [&] {
            std::unique_lock guard(mutex);
            while (!ready) condition.wait(guard);
        },
        [&] {
            ready = true;
            condition.notify_one();
        });
}

/// Who has seen the flag destroys the condition, which may be notified only then.
template <void (std::condition_variable::*notify)()>
void notify_who_destroys() {
    struct Event {
        std::mutex mutex;
        std::condition_variable condition;
        bool ready = false;
    };
    auto* const event = new Event;
    together(
        [event] {
            {
                std::unique_lock guard(event->mutex);
                while (!event->ready) event->condition.wait(guard);
            }
            delete event;
        },
        [event] {
            {
                const std::lock_guard guard(event->mutex);
                event->ready = true;
            }
            (event->condition.*notify)();
        });
}

HEDDLE_BROKEN_TEST(ConditionEndsBeforeAllAreNotified, use_after_free) {
    notify_who_destroys<&std::condition_variable::notify_all>();
}

HEDDLE_BROKEN_TEST(ConditionEndsBeforeOneIsNotified, use_after_free) {
    notify_who_destroys<&std::condition_variable::notify_one>();
}

/// Some execution fails where the condition ends, and the same one where it is notified, as the threads take turns: either way
/// it is the same failure.
HEDDLE_BROKEN_TEST(ConditionEndsWhileOneIsNotified, use_after_free) {
    struct Event {
        std::mutex mutex;
        std::condition_variable condition;
        std::atomic<bool> ready{false};
    };
    auto* const event = new Event;
    std::thread notifier([event] {
        const std::lock_guard guard(event->mutex);
        event->ready.store(true, release);
        event->condition.notify_one();
    });
    if (!event->ready.load(acquire)) {
        std::unique_lock guard(event->mutex);
        event->condition.wait(guard, [event] { return event->ready.load(relaxed); });
    }
    delete event;
    notifier.join();
}

HEDDLE_TEST(WaitTimesOutOrIsWoken) {
    std::mutex mutex;
    std::condition_variable condition;
    bool ready = false;
    together(
        [&] {
            std::unique_lock guard(mutex);
            condition.wait_for(guard, std::chrono::seconds(1), [&] { return ready; });
        },
        [&] {
            {
                const std::lock_guard guard(mutex);
                ready = true;
            }
            condition.notify_one();
        });
}

// ---- loops, exceptions

HEDDLE_TEST(LoopWaitsForAFlag) {
    std::atomic<int> flag{0};
    int data = 0;
    together([&] { data = 1, flag.store(1, release); },
             [&] {
                 while (flag.load(acquire) == 0) std::this_thread::yield();
                 assert(data == 1);
             });
}

HEDDLE_TEST(ExceptionsStayInTheirThreads) {
    std::atomic<int> caught{0};
    const auto thrower = [&](const char* what) {
        try {
            throw std::runtime_error(what);
        } catch (const std::exception&) {
            ++caught;
            try {
                throw;
            } catch (const std::exception& again) {
                assert(std::string(again.what()) == what);
            }
        }
    };
    together([&] { thrower("first"); }, [&] { thrower("second"); });
    assert(caught == 2);
}

HEDDLE_BROKEN_TEST(ExceptionLeavesAThread, exception) {
    std::thread thread([] { throw std::runtime_error("nobody catches it"); });
    thread.join();
}

HEDDLE_BROKEN_TEST(ThreadIsNotJoined, exception) {
    std::thread thread([] {});
}

HEDDLE_BROKEN_TEST(TwoMutexesInTwoOrders, deadlock) {
    std::mutex first, second;
    together(
        [&] {
            const std::lock_guard outer(first);
            const std::lock_guard inner(second);
        },
        [&] {
            const std::lock_guard outer(second);
            const std::lock_guard inner(first);
        });
}

}  // namespace
