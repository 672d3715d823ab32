// Loops whose turns leave something behind, and that go round for ever where what they wait for does not come; and loops
// whose first turns differ from the others.
#include <atomic>
#include <cassert>
#include <chrono>
#include <cstddef>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>

#include <heddle/unmodified.hpp>

namespace {

/// `waits` for 1, which another thread stores, and a third one overwrites: it may never see it.
template <class Waits>
void may_miss_it(Waits waits) {
    std::atomic<int> flag{0};
    std::thread setter([&] { flag = 1; });
    std::thread waiter([&] { waits(flag); });
    flag = 2;
    setter.join();
    waiter.join();
}

using Flag = std::atomic<int>;

void yields_first(const Flag& flag) {
    do std::this_thread::yield();
    while (flag != 1);
}
void looks_before_the_loop(const Flag& flag) {
    for (int now = flag; now != 1; now = flag) std::this_thread::yield();
}
void backs_off_up_to_a_limit(const Flag& flag) {
    for (int pauses = 1; flag != 1; pauses = pauses < 8 ? 2 * pauses : pauses)
        for (int left = pauses; left != 0; --left) __builtin_ia32_pause();
}
void alternates(const Flag& flag) {
    for (bool odd = false; flag != 1; odd = !odd) std::this_thread::yield();
}
void looks_in_bursts(const Flag& flag) {
    for (;;)
        for (int looks = 0; looks != 4; ++looks) {
            if (flag == 1) return;
            __builtin_ia32_pause();
        }
}
void sleeps(const Flag& flag) {
    while (flag != 1) std::this_thread::sleep_for(std::chrono::milliseconds(1));
}
void writes_a_text(const Flag& flag) {
    while (flag != 1) {
        const std::string text("too long to be kept in the object itself");
        std::this_thread::yield();
    }
}
void throws(const Flag& flag) {
    for (;;) try {
            if (flag != 1) throw std::runtime_error("not yet");
            return;
        } catch (const std::runtime_error&) {
            std::this_thread::yield();
        }
}
void counts(const Flag& flag) {
    for (std::size_t looks = 0; flag != 1; ++looks) __builtin_ia32_pause();
}

HEDDLE_BROKEN_TEST(YieldsFirst, livelock) { may_miss_it(yields_first); }
HEDDLE_BROKEN_TEST(LooksBeforeTheLoop, livelock) { may_miss_it(looks_before_the_loop); }
HEDDLE_BROKEN_TEST(BacksOffUpToALimit, livelock) { may_miss_it(backs_off_up_to_a_limit); }
HEDDLE_BROKEN_TEST(Alternates, livelock) { may_miss_it(alternates); }
HEDDLE_BROKEN_TEST(LooksInBursts, livelock) { may_miss_it(looks_in_bursts); }
HEDDLE_BROKEN_TEST(Sleeps, livelock) { may_miss_it(sleeps); }
HEDDLE_BROKEN_TEST(WritesAText, livelock) { may_miss_it(writes_a_text); }
HEDDLE_BROKEN_TEST(Throws, livelock) { may_miss_it(throws); }
HEDDLE_BROKEN_TEST(Counts, livelock) { may_miss_it(counts); }

/// The same, where it comes for good.
template <class Waits>
void gets_it(Waits waits) {
    Flag flag{0};
    std::thread setter([&] { flag = 1; });
    waits(flag);
    setter.join();
}

HEDDLE_TEST(YieldsFirstAndGetsIt) { gets_it(yields_first); }
HEDDLE_TEST(LooksBeforeTheLoopAndGetsIt) { gets_it(looks_before_the_loop); }
HEDDLE_TEST(BacksOffUpToALimitAndGetsIt) { gets_it(backs_off_up_to_a_limit); }
HEDDLE_TEST(AlternatesAndGetsIt) { gets_it(alternates); }
HEDDLE_TEST(LooksInBurstsAndGetsIt) { gets_it(looks_in_bursts); }
HEDDLE_TEST(SleepsAndGetsIt) { gets_it(sleeps); }
HEDDLE_TEST(WritesATextAndGetsIt) { gets_it(writes_a_text); }
HEDDLE_TEST(ThrowsAndGetsIt) { gets_it(throws); }
HEDDLE_TEST(CountsAndGetsIt) { gets_it(counts); }

/// A thread sees each of three states, one by one, although no turn of its loop is like the one before.
template <class Turn>
void nobody_sees_each_state(Turn turn) {
    Flag state{0};
    std::thread other([&] { state = 1, state = 2, state = 3; });
    int seen = 0;
    int last = 0;
    for (unsigned round = 0;; ++round) {
        const int now = state;
        if (now != last) last = now, ++seen;
        if (now == 3) break;
        turn(round);
    }
    other.join();
    assert(seen < 3);
}

HEDDLE_BROKEN_TEST(EachStateIsSeenByWhoAlternates, assertion) {
    bool odd = false;
    nobody_sees_each_state([&](unsigned) { odd = !odd, std::this_thread::yield(); });
}
HEDDLE_BROKEN_TEST(EachStateIsSeenByWhoCounts, assertion) {
    nobody_sees_each_state([](unsigned) { __builtin_ia32_pause(); });
}

/// Time passes for a thread that asks for it, in whatever loop: the deadline comes.
HEDDLE_BROKEN_TEST(DeadlineThatPasses, assertion) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds(5);
    Flag flag{0};
    std::thread setter([&] { flag = 1; });
    int now = 0;
    while ((now = flag) == 0 && std::chrono::steady_clock::now() < end) std::this_thread::yield();
    setter.join();
    assert(now == 1);
}

/// The same, of a lock that is tried for a time.
HEDDLE_TEST(TriesALockForATime) {
    std::timed_mutex mutex;
    Flag flag{0};
    std::thread setter([&] { flag = 1; });
    while (flag == 0)
        if (mutex.try_lock_for(std::chrono::milliseconds(1))) mutex.unlock();
    setter.join();
}

/// The first turn tries to be the one who initialises, the others only look.
HEDDLE_TEST(TriesFirstAndThenLooks) {
    Flag state{0};
    std::thread other([&] {
        int expected = 0;
        if (state.compare_exchange_strong(expected, 1)) state = 2;
    });
    for (int now; (now = state) != 2;) {
        if (now == 0 && state.compare_exchange_strong(now, 1)) state = 2;
        if (now == 1) std::this_thread::yield();
    }
    other.join();
}

/// A consumer looks into one of two mailboxes after the other.
template <class Pauses>
void gets_what_is_in_the_second(Flag& second, Pauses pauses) {
    Flag first{0};
    Flag* const both[] = {&first, &second};
    for (std::size_t at = 0; *both[at] == 0; at = 1 - at) pauses();
}
HEDDLE_TEST(LooksAtOneAfterTheOther) {
    Flag second{0};
    std::thread other([&] { second = 1; });
    gets_what_is_in_the_second(second, [] {});
    other.join();
}
HEDDLE_TEST(LooksAtOneAfterTheOtherAndYields) {
    Flag second{0};
    std::thread other([&] { second = 1; });
    gets_what_is_in_the_second(second, [] { std::this_thread::yield(); });
    other.join();
}
HEDDLE_BROKEN_TEST(LooksAtTwoInWhichNothingComes, livelock) {
    Flag second{0};
    gets_what_is_in_the_second(second, [] {});
}

/// A thread that goes round and looks at nothing, while another one waits for its end.
template <class Turns>
void is_joined(Turns turns) {
    std::thread thread(turns);
    thread.join();
}
void yields_for_ever() {
    for (;;) std::this_thread::yield();
}
void alternates_for_ever() {
    for (bool odd = false;; odd = !odd) std::this_thread::yield();
}
void sleeps_for_ever() {
    for (;;) std::this_thread::sleep_for(std::chrono::milliseconds(1));
}
void waits_for_plain_memory() {
    static const bool done = false;
    while (!*const_cast<const volatile bool*>(&done)) std::this_thread::yield();
}
HEDDLE_BROKEN_TEST(YieldsForEverAndIsJoined, livelock) { is_joined(yields_for_ever); }
HEDDLE_BROKEN_TEST(AlternatesForEverAndIsJoined, livelock) { is_joined(alternates_for_ever); }
HEDDLE_BROKEN_TEST(SleepsForEverAndIsJoined, livelock) { is_joined(sleeps_for_ever); }
HEDDLE_BROKEN_TEST(WaitsForPlainMemoryAndIsJoined, livelock) { is_joined(waits_for_plain_memory); }
HEDDLE_BROKEN_TEST(YieldsForEverAfterAStep, livelock) {
    Flag flag{0};
    is_joined([&] {
        flag = 1;
        yields_for_ever();
    });
}
HEDDLE_BROKEN_TEST(TheTestYieldsForEver, livelock) { yields_for_ever(); }
HEDDLE_BROKEN_TEST(CountsForEverAndIsJoined, livelock) {
    is_joined([] {
        for (std::size_t turns = 0;; ++turns) std::this_thread::yield();
    });
}
// Nobody waits for it: it may go on as long as the program does, and no execution comes to its end.
HEDDLE_BROKEN_TEST(YieldsForEverAndIsDetached, too_big) { std::thread(yields_for_ever).detach(); }
HEDDLE_BROKEN_TEST(SleepsForEverAndIsDetached, too_big) { std::thread(sleeps_for_ever).detach(); }

// The test waits for a lock whose holder waits for a flag that the test has set already: that holder goes on in time.
HEDDLE_BROKEN_TEST(YieldsForEverWhileOthersWaitForAnother, too_big) {
    std::thread(yields_for_ever).detach();
    std::mutex mutex;
    Flag flag{0};
    std::thread holder([&] {
        const std::lock_guard guard(mutex);
        while (flag.load(std::memory_order_relaxed) == 0) std::this_thread::yield();
    });
    flag.store(1, std::memory_order_relaxed);
    mutex.lock();
    mutex.unlock();
    holder.join();
}

/// More often than is explored of a thread for which nobody waits.
void yields_very_often() {
    for (int left = 100'000; left != 0; --left) std::this_thread::yield();
}
HEDDLE_TEST(YieldsVeryOftenAndIsJoined) { is_joined(yields_very_often); }
HEDDLE_TEST(ReadsVeryOftenAndIsJoined) {
    is_joined([] {
        static const int zeros[2]{};
        for (int left = 9'000'000; left != 0; --left)
            if (zeros[left % 2] != 0) return;
    });
}
// What it does then is done in time for all that others do.
HEDDLE_BROKEN_TEST(IsSeenAfterItHasYieldedVeryOften, assertion) {
    Flag flag{0};
    std::thread thread([&] {
        yields_very_often();
        flag = 1;
    });
    const int seen = flag;
    thread.join();
    assert(seen == 0);
}
// Others go on first, and are seen to race.
HEDDLE_BROKEN_TEST(WaitsForPlainMemoryThatIsWritten, data_race) {
    static int done;
    std::thread thread([] {
        while (done == 0) std::this_thread::yield();
    });
    done = 1;
    thread.join();
}

}  // namespace
