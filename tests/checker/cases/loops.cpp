// Loops that wait by looking again: those that give up, those that wait for a time, those that do not yield.
#include <chrono>

#include <heddle/checker/model.hpp>

namespace heddle::cases {

/// A lock that looks a few times, yields in between and then sleeps.
template <Platform P, int most_looks, bool wakes>
struct Adaptive {
    static constexpr auto claim = "two threads take the lock in turn";
    static constexpr int threads = 2;
    typename P::template atomic<FutexWord> held{0, "held"};
    typename P::template plain<int> inside{0, "inside"};

    void lock() {
        for (int look = 0; look != most_looks; ++look) {
            if (held.exchange(1, std::memory_order_acquire) == 0) return;
            P::yield();
        }
        while (held.exchange(2, std::memory_order_acquire) != 0) P::wait(held, 2, Deadline::never());
    }
    void thread(int) {
        lock();
        inside.write(inside.read() + 1);
        const auto was = held.exchange(0, std::memory_order_release);
        if (wakes && was == 2) P::wake_one(held);
    }
};
template <Platform P>
struct SpinThenSleep : Adaptive<P, 2, false> {};
HEDDLE_BROKEN_MODEL(SpinThenSleep, failure::deadlock);
template <Platform P>
struct SpinLongThenSleep : Adaptive<P, 100, false> {};
HEDDLE_BROKEN_MODEL(SpinLongThenSleep, failure::deadlock);

/// A lock that spins with loads, then takes it or sleeps; the flag that somebody sleeps is set by an exchange that
/// overwrites it wherever it spins first, so both kinds of unlock must see it.
template <Platform P>
struct SpinOnLoads {
    static constexpr auto claim = "who gave up spinning is woken";
    static constexpr int threads = 2;
    typename P::template atomic<FutexWord> state{0, "state"};

    void thread(int index) {
        if (index == 0) {
            state.store(1, std::memory_order_release);
            P::wake_all(state);
            return;
        }
        for (int look = 0; look != 3; ++look) {
            if (state.load(std::memory_order_acquire) != 0) return;
            P::yield();
        }
        while (state.load(std::memory_order_acquire) == 0) P::wait(state, 0, Deadline::never());
    }
};
HEDDLE_MODEL(SpinOnLoads);

/// A bounded number of looks: nobody promises that the flag has come by then.
template <Platform P>
struct RetriesThenGivesUp {
    static constexpr auto claim = "the flag has come after five looks (it need not have)";
    static constexpr int threads = 2;
    typename P::template atomic<bool> flag{false, "flag"};

    void thread(int index) {
        if (index == 0) return flag.store(true, std::memory_order_release);
        bool seen = false;
        for (int look = 0; look != 5 && !seen; ++look) {
            seen = flag.load(std::memory_order_acquire);
            if (!seen) P::yield();
        }
        check(seen, "the flag has come");
    }
};
HEDDLE_BROKEN_MODEL(RetriesThenGivesUp, failure::assertion);

/// A loop that spins until the time is out.
template <Platform P, bool freed>
struct SpinUntilDeadline {
    static constexpr auto claim = "a spin lock gives up when the time is out";
    static constexpr int threads = 2;
    typename P::template atomic<bool> held{true, "held"};
    typename P::template atomic<bool> gave_up{false, "gave up"};

    bool try_lock_for(std::chrono::milliseconds timeout) {
        const Deadline until = Deadline::after(P::now(), timeout);
        while (held.exchange(true, std::memory_order_acquire)) {
            if (until.passed(P::now())) return false;
            P::yield();
        }
        return true;
    }
    void thread(int index) {
        if (index == 0) {
            if (freed) held.store(false, std::memory_order_release);
            else held.load(std::memory_order_relaxed);
        } else if (!try_lock_for(std::chrono::milliseconds(5))) {
            gave_up.store(true, std::memory_order_relaxed);
        }
    }
    void after() { check(gave_up.load(std::memory_order_relaxed) == !freed, "it gives up if nobody frees the lock"); }
};
template <Platform P>
struct SpinGivesUp : SpinUntilDeadline<P, false> {};
HEDDLE_MODEL(SpinGivesUp);
template <Platform P>
struct SpinGivesUpWrongly : SpinUntilDeadline<P, true> {};
HEDDLE_BROKEN_MODEL(SpinGivesUpWrongly, failure::assertion);

template <Platform P>
struct SpinWithoutYield {
    static constexpr auto claim = "the flag comes";
    static constexpr int threads = 2;
    typename P::template atomic<bool> flag{false, "flag"};

    void thread(int index) {
        if (index == 0) return flag.store(true, std::memory_order_release);
        while (!flag.load(std::memory_order_acquire)) {
        }
    }
};
HEDDLE_BROKEN_MODEL(SpinWithoutYield, failure::livelock);

/// Nobody ever sets the flag: however the loop is written, this is a livelock.
template <Platform P>
struct SpinsForNothing {
    static constexpr auto claim = "the flag comes (it does not)";
    static constexpr int threads = 2;
    typename P::template atomic<bool> flag{false, "flag"};
    void thread(int index) {
        if (index == 0) static_cast<void>(flag.load(std::memory_order_relaxed));
        else
            while (!flag.load(std::memory_order_acquire)) P::yield();
    }
};
HEDDLE_BROKEN_MODEL(SpinsForNothing, failure::livelock);

}  // namespace heddle::cases
