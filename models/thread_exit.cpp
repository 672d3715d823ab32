// Threads that nobody joins: the low level, and the exit phase.
#include <type_traits>

#include <heddle/checker/faults.hpp>
#include <heddle/checker/model.hpp>
#include <heddle/low_level.hpp>
#include <heddle/thread.hpp>

namespace heddle::models {

// The low level: nobody can join the thread, so it releases a lock that its creator waits for.
template <Platform P>
struct LowLevelThreadIsAwaited {
    static constexpr auto claim = "a low-level thread runs once, and a lock tells what it did";
    static constexpr int threads = 1;
    static constexpr unsigned spurious_wakeups = 0;
    static constexpr int dynamic_threads = 1;
    BasicLock<P> done;
    typename P::template plain<int> runs{0, "runs"};

    void thread(int) {
        done.acquire();
        start_new_thread<P>([this] {
            runs.write(runs.read() + 1);
            done.release();
        });
        done.acquire();
        check(runs.read() == 1, "the function has run once");
    }
};
HEDDLE_MODEL(LowLevelThreadIsAwaited);

template <Platform>
struct LowLevelThreadUnordered : LowLevelThreadIsAwaited<checker::ReleasesRelaxed> {
    static constexpr auto breaks = "HB-LOCK";
    static constexpr auto fails_at = "runs";
};
HEDDLE_BROKEN_MODEL(LowLevelThreadUnordered, failure::data_race);

template <Platform P, void (*exit_phase)()>
struct ExitPhase {
    static constexpr auto claim = "shutdown waits for every non-daemon thread, those started meanwhile included";
    static constexpr auto invariants = "INV-X-JOINALL HB-EXIT";
    static constexpr int threads = 1;
    static constexpr unsigned spurious_wakeups = 0;
    static constexpr int dynamic_threads = 2;
    static constexpr auto search = checker::context_bound(4);
    typename P::template plain<int> finished{0, "finished"};
    BasicThread<P> late{[this] { finished.write(1); }};
    BasicThread<P> early{[this] { late.start(); }};

    void thread(int) {
        early.start();
        exit_phase();
        check(finished.read() == 1, "the late thread has ended");
    }
};

template <Platform P>
struct ShutdownJoinsEveryThread : ExitPhase<P, &shutdown<P>> {
    static constexpr auto search = checker::context_bound(3);  // one more takes half a minute
    static constexpr bool locks_by_specification = true;
};
HEDDLE_MODEL(ShutdownJoinsEveryThread);

// Waits for a sign of the end that orders nothing.
template <Platform P>
struct ShutdownUnordered : ExitPhase<P, &shutdown<P>> {
    static constexpr auto breaks = "HB-EXIT";
    static constexpr auto fails_at = "finished";
    typename P::template atomic<FutexWord> ended{0, "ended"};
    BasicThread<P> worker{[this] {
        this->finished.write(1);
        ended.store(1, std::memory_order_relaxed);  // relaxed: the mistake of the twin
        P::wake_all(ended);
    }};

    void thread(int) {
        worker.start();
        // Relaxed: the mistake of the twin.
        while (ended.load(std::memory_order_relaxed) == 0) P::wait(ended, 0, Deadline::never());
        check(this->finished.read() == 1, "the thread has ended");
        worker.join();
    }
};
HEDDLE_BROKEN_MODEL(ShutdownUnordered, failure::data_race);

template <Platform P>
void shutdown_of_one_thread() {
    const auto state = heddle::detail::Runtime<P>::instance().any_non_daemon();
    if (state) state->wait_while(heddle::detail::ThreadState<P>::started, Deadline::never());
}
template <Platform P>
struct ShutdownForgetsLateThreads : ExitPhase<P, &shutdown_of_one_thread<P>> {
    static constexpr auto breaks = "INV-X-JOINALL";
    static constexpr auto fails_at = "finished";
};
HEDDLE_BROKEN_MODEL(ShutdownForgetsLateThreads, failure::data_race);

template <Platform P, bool daemon>
struct ExitWithAThreadLeft {
    static constexpr auto claim = "shutdown waits for a thread, and not for a daemon thread";
    static constexpr auto invariants = "INV-X-DAEMON";
    static constexpr int threads = 1;
    static constexpr unsigned spurious_wakeups = 0;
    static constexpr int dynamic_threads = 2;
    static constexpr bool locks_by_specification = true;
    static constexpr auto search = checker::context_bound(4);
    BasicLock<P> gate;
    typename P::template plain<int> ended{0, "ended"};

    void thread(int) {
        gate.acquire();
        BasicThread<P> worker(ThreadOptions{.daemon = daemon}, [this] { gate.acquire(); });
        worker.start();
        BasicThread<P> no_daemon([this] { ended.write(1); });
        no_daemon.start();
        shutdown<P>();
        check(ended.read() == 1, "the thread that is no daemon has ended");
        gate.release();
        worker.join();
    }
};

template <Platform P>
struct ShutdownIgnoresDaemons : ExitWithAThreadLeft<P, true> {};
HEDDLE_MODEL(ShutdownIgnoresDaemons);

template <Platform P>
struct ShutdownWaitsForStuckThread : ExitWithAThreadLeft<P, false> {
    static constexpr auto breaks = "INV-X-DAEMON";
    static constexpr auto fails_at = "Thread.phase";
};
HEDDLE_BROKEN_MODEL(ShutdownWaitsForStuckThread, failure::deadlock);

template <Platform P, void (*exit_phase)()>
struct ExitOfAThread {
    static constexpr auto claim = "a thread that calls shutdown waits neither for itself nor for the main thread";
    static constexpr auto invariants = "INV-X-JOINALL";
    static constexpr int threads = 1;
    static constexpr unsigned spurious_wakeups = 0;
    static constexpr int dynamic_threads = 1;
    static constexpr bool locks_by_specification = true;

    void thread(int) {
        BasicThread<P> worker([] {
            (void)main_thread<P>();  // it is listed then, and goes on
            exit_phase();
        });
        worker.start();
        worker.join();
        if (P::is_main_thread()) check(main_thread<P>().is_alive(), "the main thread goes on");
    }
};

template <Platform P>
struct ShutdownOfAThreadReturns : ExitOfAThread<P, &shutdown<P>> {};
HEDDLE_MODEL(ShutdownOfAThreadReturns);

template <Platform P>
void shutdown_of_the_caller() {
    using State = heddle::detail::ThreadState<P>;
    heddle::detail::Runtime<P>::current()->wait_while(State::started, Deadline::never());
}
template <Platform P>
struct ShutdownOfAThreadWaitsForItself : ExitOfAThread<P, &shutdown_of_the_caller<P>> {
    static constexpr auto breaks = "INV-X-JOINALL";
    static constexpr auto fails_at = "Thread.phase";
};
HEDDLE_BROKEN_MODEL(ShutdownOfAThreadWaitsForItself, failure::deadlock);

// On real threads a model has no main thread.
template <Platform P, void (*exit_phase)()>
struct EndOfTheMainThread {
    static constexpr auto claim = "the main thread counts as ended once it has called shutdown";
    static constexpr auto invariants = "INV-T-JOIN";
    static constexpr int threads = 2;
    static constexpr unsigned spurious_wakeups = 0;
    static constexpr bool locks_by_specification = true;
    static constexpr auto search = checker::context_bound(3);
    static constexpr bool has_main_thread = !std::is_same_v<P, StdPlatform>;

    void thread(int index) {
        if (index == 0) exit_phase();
        if (index == 0 || !has_main_thread) return;
        main_thread<P>().join();
        check(!main_thread<P>().is_alive() && enumerate<P>().front() == main_thread<P>(),
              "it has ended, and is listed");
    }
};

template <Platform P>
struct MainThreadEndsByShutdown : EndOfTheMainThread<P, &shutdown<P>> {};
HEDDLE_MODEL(MainThreadEndsByShutdown);

inline void no_exit_phase() {}
template <Platform P>
struct MainThreadNeverEnds : EndOfTheMainThread<P, &no_exit_phase> {
    static constexpr auto breaks = "INV-T-JOIN";
    static constexpr auto fails_at = "Thread.phase";
};
HEDDLE_BROKEN_MODEL(MainThreadNeverEnds, failure::deadlock);

}  // namespace heddle::models
