// Loops that give up, pause, or look at a clock, in other shapes than those of loops.cpp.
#include <sys/time.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <ctime>
#include <mutex>

#include <heddle/checker/model.hpp>
#include <heddle/checker/standard.hpp>

namespace heddle::cases {

using namespace std::chrono_literals;

/// One thread that sets a flag, and one that looks for it.
template <Platform P>
struct Flagged {
    static constexpr int threads = 2;
    typename P::template atomic<int> flag{0, "flag"};
    typename P::template plain<int> data{0, "data"};
    bool is_set() { return flag.load(std::memory_order_acquire) != 0; }
    void set() {
        data.write(1);
        flag.store(1, std::memory_order_release);
    }
};

template <Platform P>
struct OnlyYields : Flagged<P> {
    static constexpr auto claim = "after twenty yields the flag has come (it need not have)";
    void thread(int index) {
        if (index == 0) return this->set();
        for (int n = 0; n != 20; ++n) P::yield();
        check(this->is_set());
    }
};
HEDDLE_BROKEN_MODEL(OnlyYields, failure::assertion);
template <Platform P>
struct YieldsForEver : Flagged<P> {
    static constexpr auto claim = "a thread ends that only yields (it does not)";
    void thread(int index) {
        if (index == 0) return this->set();
        this->is_set();
        for (;;) P::yield();
    }
};
HEDDLE_BROKEN_MODEL(YieldsForEver, failure::livelock);

template <Platform P, bool ordered>
struct PausesDouble : Flagged<P> {
    static constexpr auto claim = "a thread that waits may pause ever longer between its looks";
    void thread(int index) {
        if (index == 0) return this->set();
        for (int pause = 1; this->flag.load(std::memory_order_relaxed) == 0; pause = std::min(64, 2 * pause))
            for (int n = 0; n != pause; ++n) P::yield();
        if (ordered) P::fence(std::memory_order_acquire);
        this->data.read();
    }
};
HEDDLE_MODEL_OF(PausesDoubleThenFence, PausesDouble, true);
HEDDLE_BROKEN_MODEL_OF(PausesDoubleWithoutFence, failure::data_race, PausesDouble, false);

/// A loop that looks at a clock and at nothing else.
template <Platform P, bool told>
struct SpinsOnTheClock : Flagged<P> {
    static constexpr auto claim = "after a time the flag has come (it need not have)";
    void thread(int index) {
        if (index == 0) return this->set();
        const auto until = P::now() + 5ms;
        while (P::now() < until) P::yield();
        if (!told) return check(this->is_set());
        while (!this->is_set()) P::yield();
    }
};
HEDDLE_MODEL_OF(SpinsOnTheClockThenWaits, SpinsOnTheClock, true);
HEDDLE_BROKEN_MODEL_OF(SpinsOnTheClockAlone, failure::assertion, SpinsOnTheClock, false);

/// The clocks of the standard library are those of the execution.
template <Platform P, class Clock>
struct SpinsUntil : Flagged<P> {
    static constexpr auto claim = "the flag comes in time (it need not)";
    void thread(int index) {
        if (index == 0) return this->set();
        const auto until = Clock::now() + 5ms;
        while (!this->is_set()) {
            check(Clock::now() < until, "in time");
            P::yield();
        }
    }
};
HEDDLE_BROKEN_MODEL_OF(SpinsUntilSteady, failure::assertion, SpinsUntil, std::chrono::steady_clock);
HEDDLE_BROKEN_MODEL_OF(SpinsUntilSystem, failure::assertion, SpinsUntil, std::chrono::system_clock);
template <Platform P>
struct StampsWithTheClock : Flagged<P> {
    static constexpr auto claim = "what a clock of the standard library says is the same in each execution";
    typename P::template atomic<std::int64_t> stamp{0, "stamp"};
    static std::int64_t clocks() {
        timeval time{};
        timespec fine{};
        check(gettimeofday(&time, nullptr) == 0 && timespec_get(&fine, TIME_UTC) == TIME_UTC);
        return std::chrono::steady_clock::now().time_since_epoch().count() + std::time(nullptr) + time.tv_usec +
               fine.tv_nsec;
    }
    void thread(int index) {
        const std::int64_t now = clocks();
        if (index == 0) stamp.store(now, std::memory_order_relaxed);
        else check(stamp.load(std::memory_order_relaxed) <= now);
    }
};
HEDDLE_MODEL(StampsWithTheClock);

/// What is not seen to give up is taken to wait for ever: if it counts its looks, the verdict says that it might.
template <Platform P>
struct GivesUpVeryLate : Flagged<P> {
    static constexpr auto claim = "the flag comes within so many looks (it need not)";
    void thread(int index) {
        if (index == 0) return this->set();
        for (int look = 0; look != 20'000; ++look) {
            if (this->is_set()) return;
            P::yield();
        }
        check(false, "it has come");
    }
};
HEDDLE_MODEL(GivesUpVeryLate);
template <Platform P>
struct CountsItsLooks : Flagged<P> {
    static constexpr auto claim = "a thread does not look a million times";
    void thread(int index) {
        if (index == 0) return this->set();
        int looks = 0;
        for (; !this->is_set(); ++looks) P::yield();
        check(looks != 1'000'000);
    }
};
HEDDLE_MODEL(CountsItsLooks);
/// The same, where no frame tells.
inline thread_local int looks_of_thread = 0;
template <Platform P>
struct CountsItsLooksInAThreadLocal : Flagged<P> {
    static constexpr auto claim = "a thread does not look a million times";
    void thread(int index) {
        if (index == 0) return this->set();
        while (!this->is_set()) {
            ++looks_of_thread;
            P::yield();
        }
        check(looks_of_thread != 1'000'000);
    }
};
HEDDLE_MODEL(CountsItsLooksInAThreadLocal);
/// A turn of a loop that tries again is not in vain if it is counted, wherever that is.
enum class Counted : std::uint8_t { in_frame, in_thread_local, in_memory };
inline thread_local int turns_of_thread = 0;
template <Platform P, Counted where>
struct CountsItsTurns {
    static constexpr auto claim = "nobody has to try twice";
    static constexpr int threads = 2;
    typename P::template atomic<int> word{0, "word"};
    std::array<int, 2> turns_of{};

    void thread(int index) {
        int turns_here = 0;
        int& turns = where == Counted::in_frame          ? turns_here
                     : where == Counted::in_thread_local ? turns_of_thread
                                                         : turns_of[static_cast<std::size_t>(index)];
        for (bool done = false; !done; ++turns) {
            int seen = word.load(std::memory_order_relaxed);
            done = word.compare_exchange_strong(seen, seen + 1, std::memory_order_relaxed, std::memory_order_relaxed);
        }
        check(turns < 2);
    }
};
HEDDLE_BROKEN_MODEL_OF(CountsItsTurnsInAFrame, failure::assertion, CountsItsTurns, Counted::in_frame);
HEDDLE_BROKEN_MODEL_OF(CountsItsTurnsInAThreadLocal, failure::assertion, CountsItsTurns, Counted::in_thread_local);
HEDDLE_BROKEN_MODEL_OF(CountsItsTurnsInMemory, failure::assertion, CountsItsTurns, Counted::in_memory);
/// It leaves nothing behind.
template <Platform P>
struct LooksForItsFlag : Flagged<P> {
    static constexpr auto claim = "the flag comes";
    void thread(int index) {
        if (index == 0) return this->set();
        while (!this->is_set()) P::yield();
        this->data.read();
    }
};
HEDDLE_MODEL(LooksForItsFlag);

/// More yields than are followed in a loop that writes, unless no execution is left without.
template <Platform P>
struct WritesAndYields : Flagged<P> {
    static constexpr auto claim = "nobody comes behind four rounds that write (somebody does)";
    void thread(int index) {
        if (index == 1) return static_cast<void>(this->is_set());
        for (int n = 0; n != 4; ++n) {
            this->flag.fetch_add(1, std::memory_order_relaxed);
            P::yield();
        }
        check(false, "behind the loop");
    }
};
HEDDLE_BROKEN_MODEL(WritesAndYields, failure::assertion);

/// Code behind a bounded number of tries.
template <Platform P>
struct TriesThenGoesOn : Flagged<P> {
    static constexpr auto claim = "five tries are enough for a lock (they are not)";
    heddle::mutex<P> mutex;
    void thread(int) {
        for (int n = 0; n != 5; ++n) {
            const std::unique_lock guard(mutex, std::try_to_lock);
            if (guard) return this->data.write(1);
            P::yield();
        }
        this->data.write(2);
    }
};
HEDDLE_BROKEN_MODEL(TriesThenGoesOn, failure::data_race);

template <Platform P>
struct ScopedLockOfSharedMutexes {
    static constexpr auto claim = "std::scoped_lock does not deadlock on any kind of mutex";
    static constexpr int threads = 2;
    static constexpr auto search = checker::context_bound(1);
    heddle::shared_mutex<P> first, second;
    void thread(int index) {
        if (index == 0) std::scoped_lock guard(first, second);
        else std::scoped_lock guard(second, first);
    }
};
HEDDLE_MODEL(ScopedLockOfSharedMutexes);

template <Platform P>
struct ScopedLockOfSeveralTypes {
    static constexpr auto claim = "std::scoped_lock does not deadlock where its mutexes are of several types";
    static constexpr int threads = 2;
    heddle::mutex<P> first;
    heddle::recursive_mutex<P> second;
    void thread(int index) {
        if (index == 0) std::scoped_lock guard(first, second);
        else std::scoped_lock guard(second, first);
    }
};
HEDDLE_MODEL(ScopedLockOfSeveralTypes);

}  // namespace heddle::cases
