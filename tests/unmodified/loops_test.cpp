// Loops that wait, and loops that look as if they did: how often a loop went round matters where it leaves a trace.
#include <atomic>
#include <cassert>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>

#include <x86intrin.h>

#include <heddle/unmodified.hpp>

namespace {

struct Other {
    std::atomic<int> flag{0};
    std::thread thread{[this] { flag.store(1); }};
    ~Other() { thread.join(); }
};

HEDDLE_BROKEN_TEST(LoopCountsItsTurnsOnTheHeap, assertion) {
    Other other;
    const auto iterations = std::make_unique<int>(0);
    while (other.flag.load() == 0) {
        ++*iterations;
        std::this_thread::yield();
    }
    assert(*iterations == 0);
}

HEDDLE_BROKEN_TEST(LoopCountsItsTurnsInALocal, assertion) {
    Other other;
    int iterations = 0;
    while (other.flag.load() == 0) {
        ++iterations;
        std::this_thread::yield();
    }
    assert(iterations == 0);
}

/// Looks at one or two flags an iteration. Returns: whether it gave up.
bool gives_up(const std::atomic<int>& first, const std::atomic<int>* second) {
    constexpr int most_iterations = 10;
    for (int iteration = 0; iteration != most_iterations; ++iteration) {
        if (first.load() != 0 || (second != nullptr && second->load() != 0)) return false;
        std::this_thread::yield();
    }
    return true;
}
HEDDLE_BROKEN_TEST(LoopThatLooksOnceATurnGivesUp, assertion) {
    Other other;
    assert(!gives_up(other.flag, nullptr));
}
HEDDLE_BROKEN_TEST(LoopThatLooksTwiceATurnGivesUp, assertion) {
    Other other;
    const std::atomic<int> never{0};
    assert(!gives_up(other.flag, &never));
}

HEDDLE_TEST(LoopsInOneFunctionAreTwo) {
    std::atomic<int> flags[2]{};
    const auto wait_for = [](const std::atomic<int>& flag) {
        while (flag.load() == 0) std::this_thread::yield();
    };
    std::thread first([&] { flags[0].store(1), wait_for(flags[1]); });
    std::thread second([&] { wait_for(flags[0]), flags[1].store(1); });
    first.join();
    second.join();
}

HEDDLE_BROKEN_TEST(LoopWaitsForWhatNeverComes, livelock) {
    const std::atomic<int> flag{0};
    std::thread waiter([&] {
        while (flag.load() == 0) std::this_thread::yield();
    });
    waiter.join();
}

// ---- loops that spin without a word

HEDDLE_TEST(SpinWithoutAPauseWaits) {
    Other other;
    while (other.flag.load() == 0) {
    }
}

HEDDLE_BROKEN_TEST(SpinWithoutAPauseWaitsForWhatNeverComes, livelock) {
    const std::atomic<int> flag{0};
    std::thread waiter([&] {
        while (flag.load() == 0) {
        }
    });
    waiter.join();
}

HEDDLE_TEST(SpinOverTwoAtomicsWaits) {
    std::atomic<int> first{0}, second{0};
    std::thread other([&] { first.store(1), second.store(1); });
    while (first.load() == 0 || second.load() == 0) {
    }
    other.join();
}

HEDDLE_TEST(SpinOfExchangesWaits) {
    std::atomic<bool> held{true};
    std::thread other([&] { held.store(false); });
    while (held.exchange(true)) {
    }
    other.join();
}

HEDDLE_BROKEN_TEST(SpinThatCountsGivesUp, assertion) {
    Other other;
    int left = 300;
    while (other.flag.load() == 0 && left != 0) --left;
    assert(left != 0);
}

// How often a loop has looked makes no difference, unless somebody asks for it: then turns are steps.
HEDDLE_BROKEN_TEST(SomebodyAsksHowOftenASpinHasLooked, assertion) {
    Other other;
    int looks = 0;
    while (other.flag.load() == 0 && looks != 300) ++looks;
    assert(looks != 3);
}
HEDDLE_BROKEN_TEST(SomebodyAsksLaterHowOftenASpinHasLooked, assertion) {
    std::atomic<int> flag{0}, asks{0}, sum{0};
    std::thread other([&] { flag = 1, asks = 1; });
    int looks = 0;
    while (flag.load() == 0 && looks != 300) ++looks;
    sum = asks.load() != 0 ? looks : 0;
    assert(sum.load() != 3);
    other.join();
}
HEDDLE_BROKEN_TEST(SomebodyAsksHowOftenALoopHasYielded, assertion) {
    Other other;
    int looks = 0;
    for (; other.flag.load() == 0 && looks != 300; ++looks) std::this_thread::yield();
    assert(looks != 1);
}
// Two loops that count, each with two looks a turn: what comes after both is reached.
HEDDLE_BROKEN_TEST(LoopsThatCountGiveUpOneAfterTheOther, deadlock) {
    std::atomic<int> flag{0}, other_flag{0}, word{0};
    std::thread other([&] { flag = 1, other_flag = 1; });
    for (int loop = 0; loop != 3; ++loop)
        for (int looks = 0; flag.load() == 0 && other_flag.load() == 0 && looks != 40; ++looks)
            std::this_thread::yield();
    if (flag.load() == 0) word.wait(0);
    other.join();
}

HEDDLE_BROKEN_TEST(LooksInARowAreNoLoop, assertion) {
    Other other;
    int seen = 0;
    for (int look = 0; look != 4; ++look) seen = seen * 2 + other.flag.load();
    assert(seen != 1);
}

HEDDLE_BROKEN_TEST(SpinOverPlainMemoryRaces, data_race) {
    volatile bool done = false;
    std::thread other([&] { done = true; });
    while (!done) {
    }
    other.join();
}

HEDDLE_BROKEN_TEST(YieldsOverPlainMemoryRace, data_race) {
    volatile bool done = false;
    std::thread other([&] { done = true; });
    while (!done) std::this_thread::yield();
    other.join();
}

// ---- what follows a bounded number of tries

template <class Try>
void try_then_wait(const Try& succeeds, std::atomic<int>& word) {
    bool slept = false;
    for (int tries = 0; tries != 100 && !succeeds(); ++tries) __builtin_ia32_pause();
    if (word.load() == 1) slept = true;
    assert(!slept);
}
HEDDLE_BROKEN_TEST(TriesToExchangeEnd, assertion) {
    std::atomic<int> word{1};
    std::thread other([&] { word.store(0); });
    try_then_wait(
        [&] {
            int free = 0;
            return word.compare_exchange_strong(free, 2);
        },
        word);
    other.join();
}
HEDDLE_BROKEN_TEST(TriesToLockEnd, assertion) {
    std::mutex mutex;
    std::atomic<int> locked{0};
    std::thread other([&] {
        const std::lock_guard guard(mutex);
        locked.store(1), locked.store(0);
    });
    try_then_wait([&] { return mutex.try_lock() && (mutex.unlock(), true); }, locked);
    other.join();
}

// ---- time-outs

HEDDLE_TEST(LoopOfTimedWaitsIsCutOff) {
    std::mutex mutex;
    std::condition_variable condition;
    bool ready = false;
    std::thread other([&] {
        const std::lock_guard guard(mutex);
        ready = true;  // and tells nobody
    });
    {
        std::unique_lock lock(mutex);
        while (!ready) condition.wait_for(lock, std::chrono::milliseconds(1));
    }
    other.join();
}

HEDDLE_TEST(LoopOfTimedLocksIsCutOff) {
    std::timed_mutex mutex;
    std::thread other([&] { const std::lock_guard guard(mutex); });
    while (!mutex.try_lock_for(std::chrono::milliseconds(1))) {
    }
    mutex.unlock();
    other.join();
}

HEDDLE_TEST(SpinThenSleepEnds) {
    std::atomic<int> flag{0};
    std::thread waiter([&] {
        for (int spins = 0; spins != 100 && flag.load() == 0; ++spins) __builtin_ia32_pause();
        flag.wait(0);
    });
    flag.store(1);
    flag.notify_one();
    waiter.join();
}

HEDDLE_BROKEN_TEST(DeadlineComesWhileAThreadPolls, assertion) {
    Other other;
    const auto give_up_at = std::chrono::steady_clock::now() + std::chrono::milliseconds(5);
    bool gave_up = false;
    while (other.flag.load() == 0 && !gave_up) {
        gave_up = std::chrono::steady_clock::now() > give_up_at;
        std::this_thread::yield();
    }
    assert(!gave_up);
}

HEDDLE_BROKEN_TEST(DeadlineOfTheProcessorsClockComes, assertion) {
    Other other;
    const auto give_up_at = __rdtsc() + 1'000'000'000;
    bool in_time = true;
    while (other.flag.load() == 0 && in_time) in_time = __rdtsc() < give_up_at;
    assert(in_time);
}
HEDDLE_TEST(TheProcessorsClockStandsStill) {
    const auto first = __rdtsc();
    unsigned processor = 1;
    assert(__rdtscp(&processor) == first && processor == 0);
}
/// Each turn has a deadline of its own: time does not come to its end.
HEDDLE_TEST(PausesUntilTimesAreOver) {
    Other other;
    for (unsigned cycles = 10; other.flag.load() == 0; cycles += 10)
        for (const auto end = __rdtsc() + cycles; __rdtsc() < end;) __builtin_ia32_pause();
}

HEDDLE_BROKEN_TEST(SleepIsNoSynchronisation, data_race) {
    int data = 0;
    std::thread writer([&] { data = 1; });
    std::this_thread::sleep_for(std::chrono::seconds(1));
    assert(data == 0 || data == 1);
    writer.join();
}

HEDDLE_TEST(LockOfTwoMutexesBacksOff) {
    std::mutex first, second;
    std::thread one([&] { const std::scoped_lock both(first, second); });
    std::thread two([&] { const std::scoped_lock both(second, first); });
    one.join();
    two.join();
}

}  // namespace
