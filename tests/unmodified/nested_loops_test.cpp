// Loops that wait in two ways by turns: they look several times before each yield, pause or sleep, try a lock and look at
// something else meanwhile, or go round several objects. Each is shown to find what comes, to wait for ever where it does
// not come, and to lose nothing that it might see.
#include <array>
#include <atomic>
#include <cassert>
#include <chrono>
#include <cstddef>
#include <thread>
#include <utility>

#include <heddle/unmodified.hpp>

namespace {

using Flag = std::atomic<int>;

void pauses() { __builtin_ia32_pause(); }
void sleeps() { std::this_thread::sleep_for(std::chrono::microseconds(10)); }
void does_nothing() {}

/// Looks `looks` times, with a pause after each, and yields then, whatever that has given.
template <int looks>
void looks_before_it_yields(const Flag& flag) {
    for (;;) {
        for (int left = looks; left != 0; --left) {
            if (flag == 1) return;
            pauses();
        }
        std::this_thread::yield();
    }
}
/// The same with one look, and a count that begins anew: `between` comes after each of the others.
template <int looks, void (*between)(), void (*seldom)()>
void counts_up_to_a_limit(const Flag& flag) {
    for (int count = 0; flag != 1;)
        if (++count < looks) between();
        else count = 0, seldom();
}
/// Looks often, and yields each time from then on.
void yields_in_the_end(const Flag& flag) {
    for (int left = 100; flag != 1;)
        if (left == 0) std::this_thread::yield();
        else --left;
}
void sleeps_in_the_end(const Flag& flag) {
    for (int left = 40; flag != 1;)
        if (left == 0) sleeps();
        else if (--left < 20) std::this_thread::yield();
}
void pauses_ever_longer_and_yields_in_the_end(const Flag& flag) {
    for (unsigned step = 0; flag != 1; step += step <= 10 ? 1 : 0)
        if (step > 6) std::this_thread::yield();
        else
            for (unsigned left = 1U << step; left != 0; --left) pauses();
}
/// Tries to get something by writing, and looks a few times at something else before it tries again.
template <int looks, void (*waits)()>
void tries_and_looks(Flag& flag) {
    const Flag other{0};
    while (flag.exchange(0) != 1) {
        for (int left = looks; left != 0 && other == 0; --left) pauses();
        waits();
    }
}
/// Goes round several objects, and yields only after some of the turns.
template <std::size_t objects, unsigned turns>
void goes_round_objects(Flag& flag) {
    std::array<Flag, objects - 1> others{};
    std::size_t at = 0;
    for (unsigned failures = 0;;) {
        if ((at == objects - 1 ? flag : others[at]).exchange(0) == 1) return;
        at = (at + 1) % objects;
        if (++failures == turns) failures = 0, std::this_thread::yield();
    }
}
/// The same, with a count that never begins anew: it is never what it was.
void goes_round_objects_and_counts(Flag& flag) {
    std::array<Flag, 2> others{};
    for (std::size_t turn = 0; (turn % 3 == 2 ? flag : others[turn % 3]).exchange(0) != 1; ++turn)
        if (turn > 6) std::this_thread::yield();
}
void goes_round_without_a_word(Flag& flag) {
    const Flag other{0};
    for (std::size_t turn = 0; (turn % 2 == 0 ? flag : other) != 1; ++turn) {
    }
}

#define FOR_EACH_LOOP(ONE)                                                                           \
    ONE(LooksTwiceBeforeItYields, looks_before_it_yields<2>)                                         \
    ONE(LooksTenTimesBeforeItYields, looks_before_it_yields<10>)                                     \
    ONE(LooksAThousandTimesBeforeItYields, looks_before_it_yields<997>)                              \
    ONE(CountsPausesAndYields, (counts_up_to_a_limit<10, pauses, std::this_thread::yield>))          \
    ONE(CountsYieldsAndSleeps, (counts_up_to_a_limit<10, std::this_thread::yield, sleeps>))          \
    ONE(CountsInSilenceAndYields, (counts_up_to_a_limit<20, does_nothing, std::this_thread::yield>)) \
    ONE(CountsLongAndYields, (counts_up_to_a_limit<1000, pauses, std::this_thread::yield>))          \
    ONE(YieldsInTheEnd, yields_in_the_end)                                                           \
    ONE(SleepsInTheEnd, sleeps_in_the_end)                                                           \
    ONE(PausesEverLongerAndYieldsInTheEnd, pauses_ever_longer_and_yields_in_the_end)                 \
    ONE(TriesAndLooksAndYields, (tries_and_looks<4, std::this_thread::yield>))                       \
    ONE(TriesAndLooksAndPauses, (tries_and_looks<10, pauses>))                                       \
    ONE(TriesAndLooksLongAndDoesNothing, (tries_and_looks<100, does_nothing>))                       \
    ONE(GoesRoundThreeObjects, (goes_round_objects<3, 7>))                                           \
    ONE(GoesRoundTwoObjects, (goes_round_objects<2, 3>))                                             \
    ONE(GoesRoundObjectsAndCounts, goes_round_objects_and_counts)                                    \
    ONE(GoesRoundWithoutAWord, goes_round_without_a_word)

/// What is waited for comes.
template <class Waits>
void comes(Waits waits) {
    Flag flag{0};
    std::thread setter([&] { flag = 1; });
    waits(flag);
    setter.join();
}
#define COMES(name, waits) \
    HEDDLE_TEST(name) { comes(waits); }
FOR_EACH_LOOP(COMES)

/// It may be overwritten before it is seen.
template <class Waits>
void may_not_come(Waits waits) {
    Flag flag{0};
    std::thread waiter([&] { waits(flag); });
    flag = 1;
    flag = 2;
    waiter.join();
}
#define MAY_NOT_COME(name, waits) \
    HEDDLE_BROKEN_TEST(name##ForEver, livelock) { may_not_come(waits); }
FOR_EACH_LOOP(MAY_NOT_COME)

/// What comes before it may be seen on the way.
template <class Waits>
void hides_nothing(Waits waits) {
    Flag flag{0};
    int data = 0;
    std::thread setter([&] {
        flag.store(1, std::memory_order_relaxed);
        data = 1;
    });
    waits(flag);
    assert(data == 1);
    setter.join();
}
#define HIDES_NOTHING(name, waits) \
    HEDDLE_BROKEN_TEST(name##TooEarly, data_race) { hides_nothing(waits); }
FOR_EACH_LOOP(HIDES_NOTHING)

/// Two threads that exclude each other: neither is in vain for ever.
template <int looks>
class LockWithALookBetween {
  public:
    void lock() {
        while (held_.exchange(1, std::memory_order_acquire) == 1) {
            for (int left = looks; left != 0 && held_.load(std::memory_order_relaxed) == 1; --left) pauses();
            std::this_thread::yield();
        }
    }
    void unlock() { held_.store(0, std::memory_order_release); }

  private:
    Flag held_{0};
};
template <class Lock>
void excludes() {
    Lock lock;
    int count = 0;
    const auto work = [&] {
        lock.lock();
        ++count;
        lock.unlock();
    };
    std::thread other(work);
    work();
    other.join();
    assert(count == 2);
}
/// A worker goes round until it is stopped, and waits within each round: what it waits for is not all that it looks at.
template <class Round>
void stops(Round round) {
    Flag busy{1};
    Flag runs{1};
    std::thread worker([&] {
        while (runs != 0) {
            round(busy);
            std::this_thread::yield();
        }
    });
    busy = 0;
    runs = 0;
    worker.join();
}
void spins(const Flag& busy) {
    while (busy != 0) {
    }
}
void looks_twice_and_spins(const Flag& busy) {
    static_cast<void>(busy.load());
    spins(busy);
}
HEDDLE_TEST(SpinsWithinEachRound) { stops(spins); }
HEDDLE_TEST(LooksAndSpinsWithinEachRound) { stops(looks_twice_and_spins); }
HEDDLE_TEST(SpinsTwiceWithinEachRound) {
    Flag also_busy{1};
    std::thread other([&] { also_busy = 0; });
    stops([&](const Flag& busy) { spins(busy), spins(also_busy); });
    other.join();
}
HEDDLE_TEST(LooksElsewhereInTheFirstRound) {
    const Flag other{0};
    stops([&, is_first = true](const Flag& busy) mutable {
        if (std::exchange(is_first, false)) static_cast<void>(other.load());
        static_cast<void>(busy.load());
    });
}
HEDDLE_BROKEN_TEST(SpinsWithinEachRoundAndHasSeenIt, assertion) {
    bool has_waited = false;
    stops([&](const Flag& busy) {
        while (busy != 0) has_waited = true;
    });
    assert(!has_waited);
}
HEDDLE_BROKEN_TEST(SpinsWithinASecondRound, assertion) {
    int rounds = 0;
    stops([&](const Flag& busy) {
        spins(busy);
        ++rounds;
    });
    assert(rounds < 2);
}
HEDDLE_BROKEN_TEST(SpinsWithinEachRoundForEver, livelock) {
    Flag busy{1};
    const Flag runs{1};
    std::thread worker([&] {
        while (runs != 0) {
            spins(busy);
            std::this_thread::yield();
        }
    });
    busy = 0;
    worker.join();
}

HEDDLE_TEST(ThreeLooksBetween) { excludes<LockWithALookBetween<3>>(); }
HEDDLE_TEST(AHundredLooksBetween) { excludes<LockWithALookBetween<100>>(); }

}  // namespace
