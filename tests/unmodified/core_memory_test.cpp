// What memory of ordinary C++ is on the exhaustive engine: when it ends, and that every execution begins with it anew.
#include <atomic>
#include <cassert>
#include <csetjmp>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include <heddle/unmodified.hpp>

#include "together.hpp"

namespace {

constexpr auto relaxed = std::memory_order_relaxed;
constexpr auto acquire = std::memory_order_acquire;
constexpr auto release = std::memory_order_release;

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

HEDDLE_BROKEN_TEST(MemoryIsFreedByTwoThreads, double_free) {
    const auto shared = new int(1);  // NOLINT: whose is it?
    const auto free = [shared] { delete shared; };
    together(free, free);
}

HEDDLE_BROKEN_TEST(MemoryIsLost, leak) {
    std::atomic<int*> last{nullptr};
    const auto replace = [&](int value) { last.exchange(new int(value), std::memory_order_acq_rel); };
    together([&] { replace(1); }, [&] { replace(2); });
    delete last.load(relaxed);
}

HEDDLE_BROKEN_TEST(OwnersOfEachOtherAreLost, leak) {
    struct Node {
        std::shared_ptr<Node> other;
    };
    const auto first = std::make_shared<Node>();
    first->other = std::make_shared<Node>();
    first->other->other = first;
}

// What a program keeps for ever is not lost: it can still find it when it ends.
std::vector<std::unique_ptr<std::string>> kept;
HEDDLE_TEST(GlobalsKeepTheirMemory) {
    std::mutex mutex;
    const auto keep = [&] {
        const std::lock_guard guard(mutex);
        kept.push_back(std::make_unique<std::string>("too long for the object itself, which is in the vector"));
    };
    together(keep, keep);
    assert(kept.size() == 2);
}
HEDDLE_TEST(StaticIsNeverDestroyed) {
    const auto instance = []() -> std::atomic<int>& {
        static auto* const one = new std::atomic<int>(0);
        return *one;
    };
    together([&] { ++instance(); }, [&] { ++instance(); });
    assert(instance() == 2);
}
thread_local std::string* of_thread = nullptr;
HEDDLE_TEST(FirstThreadKeepsItsOwn) {
    of_thread = new std::string("lasts as long as the program");
    together([] { assert(of_thread == nullptr); });
}
HEDDLE_BROKEN_TEST(OtherThreadLosesItsOwn, leak) {
    together([] { of_thread = new std::string("nobody can find it"); });
}

// longjmp() leaves functions behind that have not returned.
thread_local std::jmp_buf out_of_depth;
void go_down(int levels) {
    if (levels == 0) std::longjmp(out_of_depth, 1);
    go_down(levels - 1);
}
template <class Count>
void count_when_back(const Count& count) {
    if (setjmp(out_of_depth) == 0) go_down(3);
    else count();
}
HEDDLE_TEST(JumpLeadsOut) {
    std::mutex mutex;
    int times = 0;
    const auto count = [&] {
        count_when_back([&] {
            const std::lock_guard guard(mutex);
            ++times;
        });
    };
    together(count, count);
    assert(times == 2);
}
HEDDLE_BROKEN_TEST(JumpLeadsToARace, data_race) {
    int times = 0;
    const auto count = [&] { count_when_back([&] { ++times; }); };
    together(count, count);
}

// At the end of the program its globals end, in turn.
struct Lines {
    ~Lines() { text.clear(); }
    std::string text = "a line that is too long for the object";
};
Lines lines;
HEDDLE_BROKEN_TEST(GlobalEndsBeforeAThread, data_race) {
    std::thread([] { assert(!lines.text.empty()); }).detach();
}
HEDDLE_TEST(GlobalOutlivesAThread) {
    together([] { assert(!lines.text.empty()); });
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

struct Statistics {
    std::atomic<long> events{0};
};
thread_local Statistics statistics;
HEDDLE_BROKEN_TEST(ThreadLocalIsUsedAfterItsThread, use_after_free) {
    int* theirs = nullptr;
    std::thread other([&] { theirs = &local; });
    other.join();
    assert(*theirs == 3);
}
HEDDLE_BROKEN_TEST(ThreadLocalAtomicMayBeUsedAfterItsThread, use_after_free) {
    std::atomic<Statistics*> theirs{nullptr};
    std::thread other([&] { theirs = &statistics; });
    if (const Statistics* const found = theirs) found->events.load();
    other.join();
}
HEDDLE_TEST(ThreadLocalsAreAddedUpWhileTheirThreadWaits) {
    std::atomic<Statistics*> theirs{nullptr};
    std::atomic<bool> added{false};
    std::thread other([&] {
        statistics.events.fetch_add(1);
        theirs = &statistics;
        added.wait(false);
    });
    while (theirs == nullptr) std::this_thread::yield();
    assert(theirs.load()->events == 1 && statistics.events == 0);
    added = true;
    added.notify_one();
    other.join();
}
HEDDLE_BROKEN_TEST(ThreadLocalOfAnotherRaces, data_race) {
    int* const mine = &local;
    together([=] { ++*mine; }, [=] { ++*mine; });
}

HEDDLE_BROKEN_TEST(ExpectedValueOfTwoThreadsRaces, data_race) {
    std::atomic<int> count{1};
    int expected = 0;
    const auto fails = [&] { count.compare_exchange_strong(expected, 2); };
    together(fails, fails);
}

}  // namespace
