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

namespace {

constexpr auto relaxed = std::memory_order_relaxed;
constexpr auto acquire = std::memory_order_acquire;
constexpr auto release = std::memory_order_release;
constexpr auto seq_cst = std::memory_order_seq_cst;

template <class... Bodies>
void together(Bodies... bodies) {
    std::thread threads[] = {std::thread(bodies)...};
    for (std::thread& thread : threads) thread.join();
}

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

// ---- memory

HEDDLE_TEST(SharedPointersCountTheirOwners) {
    auto owner = std::make_shared<int>(7);
    std::thread first([owner] { assert(*owner == 7); });
    std::thread second([owner] { assert(*owner == 7); });
    owner.reset();
    first.join();
    second.join();
}

HEDDLE_BROKEN_TEST(PointerOutlivesTheLastOwner, use_after_free) {
    auto owner = std::make_shared<int>(7);
    const int* const pointer = owner.get();
    std::thread first([owner = std::move(owner)]() mutable { owner.reset(); });
    std::thread second([pointer] { assert(*pointer == 7); });
    first.join();
    second.join();
}

HEDDLE_BROKEN_TEST(MemoryIsFreedTwice, double_free) {
    std::atomic<int*> shared{new int(1)};
    const auto free = [&] { delete shared.load(acquire); };
    std::mutex mutex;
    const auto free_in_turn = [&] {
        const std::lock_guard guard(mutex);
        free();
    };
    together(free_in_turn, free_in_turn);
}

HEDDLE_BROKEN_TEST(MemoryIsLost, leak) {
    std::atomic<int*> last{nullptr};
    const auto replace = [&](int value) { last.exchange(new int(value), std::memory_order_acq_rel); };
    together([&] { replace(1); }, [&] { replace(2); });
    delete last.load(relaxed);
}

HEDDLE_BROKEN_TEST(MemoryIsReadBeforeItIsWritten, uninitialised_read) {
    const std::unique_ptr<int[]> numbers(new int[4]);
    assert(numbers[2] != 3);
}

struct Loop {
    std::atomic<bool> finished{false};
    std::atomic<int> wakes{0};
};
std::thread start_loop() {
    Loop loop;
    std::thread thread([&loop] {
        loop.finished.store(true, release);
        loop.wakes.fetch_add(1);
    });
    while (!loop.finished.load(acquire)) std::this_thread::yield();
    return thread;
}
HEDDLE_BROKEN_TEST(FrameIsUsedAfterItsFunction, use_after_free) {
    std::thread thread = start_loop();
    thread.join();
}

// ---- statics, globals, thread-local memory: new in each execution

struct Counted {
    Counted() { ++made; }
    int value = 5;
    static inline int made = 0;
};
Counted& only_one() {
    static Counted one;
    return one;
}
HEDDLE_TEST(StaticOfAFunctionIsMadeOnce) {
    const auto user = [] { assert(only_one().value == 5); };
    together(user, user);
    assert(Counted::made == 1);
}

int global = 1;
thread_local int local = 3;
HEDDLE_TEST(GlobalsAreNewInEachExecution) {
    assert(global == 1 && local == 3);
    global = 2, local = 4;
    std::atomic<int> race{0};
    std::thread other([&] {
        assert(local == 3 && global == 2);
        local = 5, race = 1;
    });
    race.load();
    other.join();
    assert(local == 4);
}

thread_local std::string text = "each thread's own";
HEDDLE_TEST(ThreadLocalObjectsAreMadeAndDestroyed) {
    const auto user = [] {
        text += ", and longer than fits into the object itself";
        assert(text.ends_with("itself"));
    };
    together(user, user);
    user();
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
