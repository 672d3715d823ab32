// Loops that wait, and keep something of what they have seen meanwhile; and loops that pause in other ways than once a turn.
#include <atomic>
#include <cassert>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

#include <heddle/unmodified.hpp>

namespace {

/// `polls` looks until the state is 2, while another thread makes it 1 and then 2. Returns: whether it has seen 1.
template <class Polls>
void nobody_sees_what_was_between(Polls polls) {
    std::atomic<int> state{0};
    std::thread other([&] { state = 1, state = 2; });
    const bool saw = polls(state);
    other.join();
    assert(!saw);
}

HEDDLE_BROKEN_TEST(FlagOfWhatWasSeen, assertion) {
    nobody_sees_what_was_between([](const std::atomic<int>& state) {
        bool saw = false;
        for (int now; (now = state) != 2;) {
            if (now == 1) saw = true;
            std::this_thread::yield();
        }
        return saw;
    });
}
HEDDLE_BROKEN_TEST(LastStateThatWasSeen, assertion) {
    nobody_sees_what_was_between([](const std::atomic<int>& state) {
        int last = 0;
        for (int now; (now = state) != 2; last = now) __builtin_ia32_pause();
        return last == 1;
    });
}
/// No turn alone is missed.
HEDDLE_BROKEN_TEST(CountOfStatesThatWereSeen, assertion) {
    std::atomic<int> state{0};
    std::thread other([&] { state = 1, state = 2, state = 3; });
    int seen = 0;
    for (int now, last = 0; (now = state) != 3; std::this_thread::yield())
        if (now != last) last = now, ++seen;
    other.join();
    assert(seen < 2);
}
HEDDLE_BROKEN_TEST(LockThatBothFoundBusy, assertion) {
    std::atomic<bool> held{false};
    bool busy[2] = {};
    const auto locks = [&held](bool& was_busy) {
        for (; held.exchange(true); std::this_thread::yield()) was_busy = true;
        held = false;
    };
    std::thread one([&] { locks(busy[0]); });
    std::thread other([&] { locks(busy[1]); });
    bool mine = false;
    locks(mine);
    one.join();
    other.join();
    assert(!busy[0] || !busy[1]);
}
HEDDLE_BROKEN_TEST(StateBehindManyOthers, assertion) {
    std::atomic<int> state{0};
    std::thread other([&] {
        for (int now = 1; now <= 80; ++now) state = now;
    });
    bool saw = false;
    for (int now; (now = state) != 80; std::this_thread::yield())
        if (now == 70) saw = true;
    other.join();
    assert(!saw);
}
HEDDLE_BROKEN_TEST(StateThatSleepersSaw, assertion) {
    nobody_sees_what_was_between([](const std::atomic<int>& state) {
        bool saw = false;
        for (int now; (now = state) != 2;) {
            if (now == 1) saw = true;
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
        }
        return saw;
    });
}
HEDDLE_BROKEN_TEST(StateThatAFailedExchangeFound, assertion) {
    nobody_sees_what_was_between([](std::atomic<int>& state) {
        bool saw = false;
        for (int expected = 2; !state.compare_exchange_strong(expected, 3); expected = 2) {
            if (expected == 1) saw = true;
            std::this_thread::yield();
        }
        return saw;
    });
}
HEDDLE_BROKEN_TEST(ErrorThatWasSeenBesideTheEnd, assertion) {
    std::atomic<bool> error{false};
    std::atomic<bool> done{false};
    std::thread other([&] { error = true, error = false, done = true; });
    bool failed = false;
    while (!done) {
        if (error) failed = true;
        std::this_thread::yield();
    }
    other.join();
    assert(!failed);
}
HEDDLE_BROKEN_TEST(FlagThatIsLookedAtWhereALockIsTaken, assertion) {
    std::mutex mutex;
    std::atomic<bool> flag{false};
    mutex.lock();
    std::thread other([&] { flag = true, flag = false; });
    bool saw = false;
    std::thread tries([&] {
        while (!mutex.try_lock()) {
            if (flag) saw = true;
            std::this_thread::yield();
        }
        mutex.unlock();
    });
    other.join();
    mutex.unlock();
    tries.join();
    assert(!saw);
}
// Only after a failure without cause is the flag looked at, and it may be set by then.
HEDDLE_BROKEN_TEST(FlagThatIsLookedAtAfterAWeakFailure, assertion) {
    std::atomic<bool> held{false};
    std::atomic<bool> flag{false};
    std::thread other([&] { flag.store(true, std::memory_order_relaxed); });
    for (bool free = false; !held.compare_exchange_weak(free, true, std::memory_order_relaxed); free = false) {
        assert(!flag.load(std::memory_order_relaxed));
        std::this_thread::yield();
    }
    other.join();
}
// Nothing is left of what was seen: one execution, as for any loop that waits.
HEDDLE_TEST(StateThatIsForgotten) {
    std::atomic<int> state{0};
    std::thread other([&] { state = 1, state = 2; });
    for (int now; (now = state) != 2;) {
        const bool saw = now == 1;
        if (saw) std::this_thread::yield();
        else __builtin_ia32_pause();
    }
    other.join();
}

// ---- pauses

/// Looks a few times only, which is less than what is taken for the first turns of a loop of another kind. Returns: whether it
/// has seen the flag.
template <class Pause>
bool looks_at_most(int times, const std::atomic<bool>& set, const Pause& pause) {
    for (int look = 0; look != times; ++look) {
        if (set) return true;
        pause(look);
    }
    return false;
}
void yield_in_each(int) { std::this_thread::yield(); }
void sleep_ever_longer(int look) { std::this_thread::sleep_for(std::chrono::milliseconds(1) * (1 << look)); }
template <class Pause>
void look_at_most(int times, const Pause& pause) {
    std::atomic<bool> set{false};
    std::thread other([&] { set = true; });
    looks_at_most(times, set, pause);
    other.join();
}
HEDDLE_TEST(ThreeLooks) { look_at_most(3, yield_in_each); }
HEDDLE_TEST(FiveLooksEverMoreRarely) { look_at_most(5, sleep_ever_longer); }
HEDDLE_TEST(SixteenLooks) { look_at_most(16, yield_in_each); }
HEDDLE_TEST(SeventeenLooks) { look_at_most(17, yield_in_each); }
HEDDLE_BROKEN_TEST(ThreeLooksMayBeInVain, assertion) {
    std::atomic<bool> set{false};
    std::thread other([&] { set = true; });
    const bool saw = looks_at_most(3, set, yield_in_each);
    other.join();
    assert(saw);
}
HEDDLE_BROKEN_TEST(ThreeLooksMaySeeIt, assertion) {
    std::atomic<bool> set{false};
    std::thread other([&] { set = true; });
    const bool saw = looks_at_most(3, set, yield_in_each);
    other.join();
    assert(!saw);
}
HEDDLE_BROKEN_TEST(NumberOfLooksIsOfUse, assertion) {
    std::atomic<bool> set{false};
    std::thread other([&] { set = true; });
    int looks = 0;
    while (looks != 3 && !set) ++looks, std::this_thread::yield();
    other.join();
    assert(looks != 2);
}

HEDDLE_TEST(TwoPausesInEachTurn) {
    std::atomic<bool> set{false};
    std::thread other([&] { set = true; });
    while (!set)
        for (int pauses = 0; pauses != 2; ++pauses) __builtin_ia32_pause();
    other.join();
}
HEDDLE_BROKEN_TEST(TwoPausesUntilWhatNeverComes, livelock) {
    std::atomic<bool> set{false};
    std::thread other([&] { set = false; });
    while (!set)
        for (int pauses = 0; pauses != 2; ++pauses) __builtin_ia32_pause();
    other.join();
}
template <class Lock>
void two_take(Lock lock, std::memory_order leaving) {
    std::atomic<bool> held{false};
    int inside = 0;
    const auto user = [&] {
        lock(held);
        ++inside;
        held.store(false, leaving);
    };
    std::thread other(user);
    user();
    other.join();
}
/// Yields in some turns only, as its random numbers say.
void lock_with_random_back_off(std::atomic<bool>& held) {
    for (unsigned seed = 1; held.exchange(true, std::memory_order_acquire);) {
        seed = seed * 1103515245 + 12345;
        if ((seed >> 16) % 4 != 0) std::this_thread::yield();
    }
}
HEDDLE_TEST(RandomBackOff) { two_take(lock_with_random_back_off, std::memory_order_release); }
HEDDLE_BROKEN_TEST(RandomBackOffWithoutRelease, data_race) {
    two_take(lock_with_random_back_off, std::memory_order_relaxed);
}

}  // namespace
