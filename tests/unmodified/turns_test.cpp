// Turns of loops that try again. One that leaves nothing behind is no execution of its own; wherever one leaves a trace, it
// is explored.
#include <pthread.h>

#include <atomic>
#include <cassert>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <heddle/unmodified.hpp>

#include "together.hpp"

namespace {

constexpr auto relaxed = std::memory_order_relaxed;

/// Adds one, and calls `in_vain` in each turn in which another thread came in between.
template <class InVain>
void add_one(std::atomic<int>& word, const InVain& in_vain) {
    for (;;) {
        int found = word.load(relaxed);
        if (word.compare_exchange_strong(found, found + 1, relaxed, relaxed)) return;
        in_vain(found);
    }
}
void add_one(std::atomic<int>& word) {
    add_one(word, [](int) {});
}

/// Two threads add one each. `leave` is what the second one does in turns in vain; `is_left`: whether it sees that it did.
template <class Leave, class IsLeft>
void add_and_look_back(const Leave& leave, const IsLeft& is_left) {
    std::atomic<int> word{0};
    together([&] { add_one(word); },
             [&] {
                 add_one(word, leave);
                 assert(!is_left());
             });
}

HEDDLE_TEST(TurnsInVainLeaveNothing) {
    std::atomic<int> word{0};
    together([&] { add_one(word); }, [&] { add_one(word); }, [&] { add_one(word); }, [&] { add_one(word); });
    assert(word == 4);
}

int in_global = 0;
HEDDLE_BROKEN_TEST(TurnIsCountedInAGlobal, assertion) {
    add_and_look_back([](int) { ++in_global; }, [] { return in_global != 0; });
}
thread_local int in_thread = 0;
HEDDLE_BROKEN_TEST(TurnIsCountedInAThreadLocal, assertion) {
    add_and_look_back([](int) { ++in_thread; }, [] { return in_thread != 0; });
}
HEDDLE_BROKEN_TEST(TurnIsCountedOnTheHeap, assertion) {
    const auto count = std::make_unique<int>(0);
    add_and_look_back([&](int) { ++*count; }, [&] { return *count != 0; });
}
HEDDLE_BROKEN_TEST(TurnIsCountedOnAnotherStack, assertion) {
    int count = 0;
    add_and_look_back([&](int) { ++count; }, [&] { return count != 0; });
}
HEDDLE_BROKEN_TEST(TurnIsWrittenToAnotherStackUnseen, assertion) {
    std::string text;  // whose functions have no hooks
    add_and_look_back([&](int) { text.push_back('!'); }, [&] { return !text.empty(); });
}
HEDDLE_BROKEN_TEST(TurnIsCountedInALocal, assertion) {
    std::atomic<int> word{0};
    together([&] { add_one(word); },
             [&] {
                 int turns = 0;
                 add_one(word, [&](int) { ++turns; });
                 assert(turns == 0);
             });
}
HEDDLE_BROKEN_TEST(TurnIsHandedOn, assertion) {
    std::atomic<int> word{0}, seen{-1};
    int last = -1;
    together([&] { add_one(word); },
             [&] {
                 add_one(word, [&](int found) { last = found; });
                 seen.store(std::exchange(last, -1), relaxed);
             });
    assert(seen == -1);
}
HEDDLE_BROKEN_TEST(TurnSetsErrno, assertion) {
    add_and_look_back([](int) { errno = EAGAIN; }, [] { return errno != 0; });
}
pthread_key_t key() {
    static const pthread_key_t made = [] {
        pthread_key_t fresh{};
        pthread_key_create(&fresh, nullptr);
        return fresh;
    }();
    return made;
}
HEDDLE_BROKEN_TEST(TurnSetsAKey, assertion) {
    key();
    add_and_look_back([](int) { pthread_setspecific(key(), &in_global); },
                      [] { return pthread_getspecific(key()) != nullptr; });
}
HEDDLE_BROKEN_TEST(TurnMakesAKey, assertion) {
    pthread_key_t first{};
    pthread_key_create(&first, nullptr);
    add_and_look_back(
        [](int) {
            pthread_key_t unused{};
            pthread_key_create(&unused, nullptr);
        },
        [first] {
            pthread_key_t next{};
            pthread_key_create(&next, nullptr);
            return next != first + 1;
        });
}
HEDDLE_BROKEN_TEST(TurnSleeps, assertion) {
    const auto begin = std::chrono::steady_clock::now();
    add_and_look_back([](int) { std::this_thread::sleep_for(std::chrono::seconds(1)); },
                      [begin] { return std::chrono::steady_clock::now() - begin > std::chrono::milliseconds(1); });
}
HEDDLE_BROKEN_TEST(TurnLosesMemory, leak) {
    add_and_look_back([](int) { static_cast<void>(new int(1)); }, [] { return false; });
}
HEDDLE_BROKEN_TEST(TurnRegistersForTheEnd, assertion) {
    add_and_look_back([](int) { std::atexit([] { assert(false); }); }, [] { return false; });
}

// What a turn reads races as it would elsewhere.
HEDDLE_BROKEN_TEST(TurnRaces, data_race) {
    std::atomic<int> word{0};
    int data = 0;
    together([&] { add_one(word), data = 1; }, [&] { add_one(word, [&](int) { assert(data != 2); }); });
}

}  // namespace
