// Turns of loops that try again, by another load or with what the failed compare-exchange has read. One that leaves nothing
// behind is no execution of its own; wherever one leaves a trace, it is explored.
#include <pthread.h>

#include <atomic>
#include <cassert>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <heddle/unmodified.hpp>

#include "together.hpp"

namespace {

constexpr auto relaxed = std::memory_order_relaxed;

/// Adds one, and calls `in_vain` in each turn in which another thread came in between.
template <bool hands_on, class InVain>
void add_one(std::atomic<int>& word, const InVain& in_vain) {
    int found = word.load(relaxed);
    while (!word.compare_exchange_strong(found, found + 1, relaxed, relaxed)) {
        in_vain(found);
        if (!hands_on) found = word.load(relaxed);
    }
}
template <bool hands_on>
void add_one(std::atomic<int>& word) {
    add_one<hands_on>(word, [](int) {});
}

/// Two threads add one each. `leave` is what the second one does in turns in vain; `is_left`: whether it sees that it did.
template <bool hands_on, class Leave, class IsLeft>
void add_and_look_back(const Leave& leave, const IsLeft& is_left) {
    std::atomic<int> word{0};
    together([&] { add_one<hands_on>(word); },
             [&] {
                 add_one<hands_on>(word, leave);
                 assert(!is_left());
             });
}

/// Four threads add one each.
template <bool hands_on>
void add_four() {
    std::atomic<int> word{0};
    const auto add = [&] { add_one<hands_on>(word); };
    together(add, add, add, add);
    assert(word == 4);
}

/// Begins a test that is to fail in both forms.
#define HEDDLE_BROKEN_IN_BOTH_FORMS(name, kind)                                  \
    template <bool hands_on>                                                     \
    void in_the_form_of_##name();                                                \
    HEDDLE_BROKEN_TEST(name, kind) { in_the_form_of_##name<false>(); }           \
    HEDDLE_BROKEN_TEST(name##HandingOn, kind) { in_the_form_of_##name<true>(); } \
    template <bool hands_on>                                                     \
    void in_the_form_of_##name()

HEDDLE_TEST(TurnsInVainLeaveNothing) { add_four<false>(); }
HEDDLE_TEST(TurnsInVainThatHandOnLeaveNothing) { add_four<true>(); }

int in_global = 0;
HEDDLE_BROKEN_IN_BOTH_FORMS(TurnIsCountedInAGlobal, assertion) {
    add_and_look_back<hands_on>([](int) { ++in_global; }, [] { return in_global != 0; });
}
thread_local int in_thread = 0;
HEDDLE_BROKEN_IN_BOTH_FORMS(TurnIsCountedInAThreadLocal, assertion) {
    add_and_look_back<hands_on>([](int) { ++in_thread; }, [] { return in_thread != 0; });
}
HEDDLE_BROKEN_IN_BOTH_FORMS(TurnIsCountedOnTheHeap, assertion) {
    const auto count = std::make_unique<int>(0);
    add_and_look_back<hands_on>([&](int) { ++*count; }, [&] { return *count != 0; });
}
HEDDLE_BROKEN_IN_BOTH_FORMS(TurnIsCountedOnAnotherStack, assertion) {
    int count = 0;
    add_and_look_back<hands_on>([&](int) { ++count; }, [&] { return count != 0; });
}
HEDDLE_BROKEN_IN_BOTH_FORMS(TurnIsWrittenToAnotherStackUnseen, assertion) {
    std::string text;  // whose functions have no hooks
    add_and_look_back<hands_on>([&](int) { text.push_back('!'); }, [&] { return !text.empty(); });
}
HEDDLE_BROKEN_IN_BOTH_FORMS(TurnIsCountedInALocal, assertion) {
    std::atomic<int> word{0};
    together([&] { add_one<hands_on>(word); },
             [&] {
                 int turns = 0;
                 add_one<hands_on>(word, [&](int) { ++turns; });
                 assert(turns == 0);
             });
}
HEDDLE_BROKEN_IN_BOTH_FORMS(TurnIsHandedOn, assertion) {
    std::atomic<int> word{0}, seen{-1};
    int last = -1;
    together([&] { add_one<hands_on>(word); },
             [&] {
                 add_one<hands_on>(word, [&](int found) { last = found; });
                 seen.store(std::exchange(last, -1), relaxed);
             });
    assert(seen == -1);
}
// The threads that say whether turns are counted do the same in either order.
HEDDLE_BROKEN_IN_BOTH_FORMS(TurnIsCountedWhereAnOrderOfOthersSaysSo, assertion) {
    std::mutex mutex;
    bool counts = false;
    const auto say = [&](bool whether) {
        const std::scoped_lock guard(mutex);
        counts = whether;
    };
    together([&] { say(true); }, [&] { say(false); });
    int turns = 0;
    add_and_look_back<hands_on>([&](int) { turns += counts ? 1 : 0; }, [&] { return turns != 0; });
}
HEDDLE_BROKEN_IN_BOTH_FORMS(TurnSetsErrno, assertion) {
    add_and_look_back<hands_on>([](int) { errno = EAGAIN; }, [] { return errno != 0; });
}
pthread_key_t key() {
    static const pthread_key_t made = [] {
        pthread_key_t fresh{};
        pthread_key_create(&fresh, nullptr);
        return fresh;
    }();
    return made;
}
HEDDLE_BROKEN_IN_BOTH_FORMS(TurnSetsAKey, assertion) {
    key();
    add_and_look_back<hands_on>([](int) { pthread_setspecific(key(), &in_global); },
                                [] { return pthread_getspecific(key()) != nullptr; });
}
HEDDLE_BROKEN_IN_BOTH_FORMS(TurnMakesAKey, assertion) {
    pthread_key_t first{};
    pthread_key_create(&first, nullptr);
    add_and_look_back<hands_on>(
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
HEDDLE_BROKEN_IN_BOTH_FORMS(TurnSleeps, assertion) {
    const auto begin = std::chrono::steady_clock::now();
    add_and_look_back<hands_on>(
        [](int) { std::this_thread::sleep_for(std::chrono::seconds(1)); },
        [begin] { return std::chrono::steady_clock::now() - begin > std::chrono::milliseconds(1); });
}
HEDDLE_BROKEN_IN_BOTH_FORMS(TurnLosesMemory, leak) {
    add_and_look_back<hands_on>([](int) { static_cast<void>(new int(1)); }, [] { return false; });
}
HEDDLE_BROKEN_IN_BOTH_FORMS(TurnRegistersForTheEnd, assertion) {
    add_and_look_back<hands_on>([](int) { std::atexit([] { assert(false); }); }, [] { return false; });
}

// What a turn reads races as it would elsewhere.
HEDDLE_BROKEN_IN_BOTH_FORMS(TurnRaces, data_race) {
    std::atomic<int> word{0};
    int data = 0;
    together([&] { add_one<hands_on>(word), data = 1; },
             [&] { add_one<hands_on>(word, [&](int) { assert(data != 2); }); });
}

}  // namespace
