// Code under check that would take its process along.
#include <pthread.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <exception>

#include <heddle/checker/model.hpp>

#undef NDEBUG
#include <cassert>

namespace heddle::cases {

template <Platform P, int kib>
struct LargeFrame {
    static constexpr auto claim = "a thread may have a large frame";
    static constexpr int threads = 2;
    typename P::template atomic<int> result{0, "result"};

    void thread(int index) {
        volatile char frame[kib * 1024];
        for (int n = 0; n < kib * 1024; n += 512) frame[n] = static_cast<char>(index);
        result.store(frame[0], std::memory_order_relaxed);
    }
};
template <Platform P>
struct LargeFrame80 : LargeFrame<P, 80> {};
HEDDLE_MODEL(LargeFrame80);
template <Platform P>
struct LargeFrame200 : LargeFrame<P, 200> {};
HEDDLE_MODEL(LargeFrame200);
template <Platform P>
struct LargeFrame900 : LargeFrame<P, 900> {};
HEDDLE_MODEL(LargeFrame900);
template <Platform P>
struct LargeFrame4000 : LargeFrame<P, 4000> {};
HEDDLE_BROKEN_MODEL(LargeFrame4000, failure::crash);

/// Something that two threads share, and what ends the second one.
template <Platform P>
struct Ends {
    static constexpr auto claim = "the process goes on";
    static constexpr int threads = 2;
    typename P::template atomic<int> word{0, "word"};
    bool is_last() { return word.fetch_add(1, std::memory_order_acq_rel) == 1; }
};
template <Platform P>
struct RecursesForEver : Ends<P> {
    [[gnu::noinline]] static int deeper(volatile int* above) {
        volatile int here = *above + 1;
        return here < 0 ? 0 : deeper(&here) + here;  // it overflows the stack long before
    }
    void thread(int) {
        volatile int start = 0;
        if (this->is_last()) deeper(&start);
    }
};
HEDDLE_BROKEN_MODEL(RecursesForEver, failure::crash);
template <Platform P>
struct FollowsANullPointer : Ends<P> {
    int* volatile nothing = nullptr;
    void thread(int) {
        if (this->is_last()) *nothing = 1;
    }
};
HEDDLE_BROKEN_MODEL(FollowsANullPointer, failure::crash);
template <Platform P>
struct UsesANullObject : Ends<P> {
    typename P::template atomic<int>* volatile nothing = nullptr;
    void thread(int) {
        if (this->is_last()) nothing->store(1, std::memory_order_relaxed);
    }
};
HEDDLE_BROKEN_MODEL(UsesANullObject, failure::crash);
/// Writes beyond an array on its stack, so that it does not find back to its caller: into what is there, or beyond all of it.
template <Platform P, int bytes>
struct Overwrites : Ends<P> {
    [[gnu::noinline]] static void overwrite() {
        char array[16];
        char* at = array;
        __asm__ volatile("" : "+r"(at));
        for (int n = 0; n != bytes; ++n) at[n] = 'A';
        __asm__ volatile("" : : "r"(at) : "memory");
    }
    void thread(int) {
        if (this->is_last()) overwrite();
    }
};
HEDDLE_BROKEN_MODEL_OF(OverwritesItsCaller, failure::crash, Overwrites, 64);
HEDDLE_BROKEN_MODEL_OF(OverwritesTheEngine, failure::crash, Overwrites, 3000);
HEDDLE_BROKEN_MODEL_OF(OverwritesMoreThanItsStack, failure::crash, Overwrites, 100'000);
template <Platform P>
struct CallsNothing : Ends<P> {
    void (*volatile nothing)() = nullptr;
    void thread(int) {
        if (this->is_last()) nothing();
    }
};
HEDDLE_BROKEN_MODEL(CallsNothing, failure::crash);
template <Platform P>
struct SignalsItsParent : Ends<P> {
    void thread(int) {
        if (this->is_last()) kill(getppid(), SIGCONT);
    }
};
HEDDLE_BROKEN_MODEL(SignalsItsParent, failure::misuse);
template <Platform P>
struct Aborts : Ends<P> {
    void thread(int) {
        if (this->is_last()) std::abort();
    }
};
HEDDLE_BROKEN_MODEL(Aborts, failure::crash);
template <Platform P>
struct AssertsWhatIsFalse : Ends<P> {
    void thread(int) {
        const bool last = this->is_last();
        assert(!last);
    }
};
HEDDLE_BROKEN_MODEL(AssertsWhatIsFalse, failure::crash);
template <Platform P>
struct ThrowsThroughNoexcept : Ends<P> {
    [[gnu::noinline]] static void throws() { throw 1; }
    void thread(int) noexcept {
        if (this->is_last()) throws();
    }
};
HEDDLE_BROKEN_MODEL(ThrowsThroughNoexcept, failure::crash);
template <Platform P>
struct DividesByZero : Ends<P> {
    volatile int zero = 0;
    void thread(int) {
        if (this->is_last()) zero = 7 / zero;
    }
};
HEDDLE_BROKEN_MODEL(DividesByZero, failure::crash);
template <Platform P>
struct Exits : Ends<P> {
    void thread(int) {
        if (this->is_last()) std::exit(0);
    }
};
HEDDLE_BROKEN_MODEL(Exits, failure::crash);
template <Platform P>
struct Forks : Ends<P> {
    void thread(int) {
        if (this->is_last() && fork() == 0) _exit(0);
    }
};
HEDDLE_BROKEN_MODEL(Forks, failure::misuse);
template <Platform P>
struct ForksByVfork : Ends<P> {
    void thread(int) {
        if (this->is_last() && vfork() == 0) _exit(0);
    }
};
HEDDLE_BROKEN_MODEL(ForksByVfork, failure::misuse);
template <Platform P>
struct ForksByASystemCall : Ends<P> {
    void thread(int) {
        if (this->is_last() && syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0) == 0) _exit(0);
    }
};
HEDDLE_BROKEN_MODEL(ForksByASystemCall, failure::misuse);
template <Platform P>
struct StartsAProcess : Ends<P> {
    void thread(int) {
        if (this->is_last()) check(std::system("true") == 0);
    }
};
HEDDLE_BROKEN_MODEL(StartsAProcess, failure::misuse);
template <Platform P>
struct IgnoresSignals : Ends<P> {
    void thread(int) {
        if (this->is_last()) std::signal(SIGSEGV, SIG_IGN);
    }
};
HEDDLE_BROKEN_MODEL(IgnoresSignals, failure::misuse);
template <Platform P>
struct BlocksSignals : Ends<P> {
    void thread(int) {
        sigset_t all;
        sigfillset(&all);
        if (this->is_last()) sigprocmask(SIG_BLOCK, &all, nullptr);
    }
};
HEDDLE_BROKEN_MODEL(BlocksSignals, failure::misuse);
template <Platform P>
struct EndsByPthreadExit : Ends<P> {
    void thread(int) {
        if (this->is_last()) pthread_exit(nullptr);
    }
};
HEDDLE_BROKEN_MODEL(EndsByPthreadExit, failure::misuse);
template <Platform P>
struct NeverEnds : Ends<P> {
    void thread(int) {
        if (this->is_last())
            for (volatile int forever = 1; forever != 0;) continue;
    }
};
HEDDLE_BROKEN_MODEL(NeverEnds, failure::livelock);

}  // namespace heddle::cases
