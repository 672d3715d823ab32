// Thread: starting, ending, joining, and the exit phase.
#include <chrono>
#include <string>

#include <heddle/checker/faults.hpp>
#include <heddle/checker/model.hpp>
#include <heddle/low_level.hpp>
#include <heddle/thread.hpp>

namespace heddle::models {

using namespace std::chrono_literals;

template <Platform P>
struct ThreadStartAndJoin {
    static constexpr auto claim = "start happens-before the body, the body happens-before join's return";
    static constexpr auto invariants = "HB-START HB-JOIN INV-T-RUNSONCE";
    static constexpr int threads = 1;
    static constexpr int dynamic_threads = 1;
    typename P::template plain<int> argument{0, "argument"};
    typename P::template plain<int> result{0, "result"};

    void thread(int) {
        argument.write(20);
        BasicThread<P> worker([this] { result.write(argument.read() + 1); });
        worker.start();
        worker.join();
        check(result.read() == 21, "the body has run, once");
        check(!worker.is_alive(), "a joined thread is not alive");
    }
};
HEDDLE_MODEL(ThreadStartAndJoin);

template <Platform>
struct ThreadEndsRelaxed : ThreadStartAndJoin<checker::ReleasesRelaxed> {};
HEDDLE_BROKEN_MODEL(ThreadEndsRelaxed, failure::data_race);

template <Platform P>
struct ThreadArgumentWrittenAfterStart {
    static constexpr auto claim = "what is written after start is ordered with the body (it is not)";
    static constexpr int threads = 1;
    static constexpr int dynamic_threads = 1;
    typename P::template plain<int> argument{0, "argument"};

    void thread(int) {
        BasicThread<P> worker([this] { argument.read(); });
        worker.start();
        argument.write(1);
        worker.join();
    }
};
HEDDLE_BROKEN_MODEL(ThreadArgumentWrittenAfterStart, failure::data_race);

template <Platform P>
struct ThreadStartsOnce {
    static constexpr auto claim = "of two racing start() exactly one succeeds, and the body runs once";
    static constexpr auto invariants = "INV-T-ONCE";
    static constexpr int threads = 2;
    static constexpr int dynamic_threads = 2;
    static constexpr auto search = checker::context_bound(4);
    typename P::template atomic<int> bodies{0, "bodies"};
    typename P::template atomic<int> refused{0, "refused"};
    BasicThread<P> worker{[this] { bodies.fetch_add(1, std::memory_order_relaxed); }};

    void thread(int) {
        try {
            worker.start();
            worker.join();
        } catch (const RuntimeError&) {
            refused.fetch_add(1, std::memory_order_relaxed);  // relaxed: read after the threads have ended
        }
    }
    void after() {
        check(refused.load(std::memory_order_relaxed) == 1, "exactly one start is refused");
        check(bodies.load(std::memory_order_relaxed) == 1, "the body runs once");
    }
};
HEDDLE_MODEL(ThreadStartsOnce);

template <Platform>
struct ThreadStartsTwice : ThreadStartsOnce<checker::TornReadModifyWrites> {
    static constexpr auto not_exhausted = "two bodies also deadlock, and that is found first";
};
HEDDLE_BROKEN_MODEL(ThreadStartsTwice, failure::assertion);

template <Platform P>
struct ThreadTwoJoiners {
    static constexpr auto claim = "every joiner returns, and only after the body has ended";
    static constexpr auto invariants = "INV-T-JOIN";
    static constexpr int threads = 2;
    static constexpr int dynamic_threads = 1;
    static constexpr auto search = checker::context_bound(4);
    BasicLock<P> started;
    typename P::template plain<int> result{0, "result"};
    BasicThread<P> worker{[this] { result.write(1); }};

    ThreadTwoJoiners() { started.acquire(); }
    void thread(int index) {
        if (index == 0) {
            worker.start();
            started.release();
        } else {
            started.acquire();
        }
        worker.join();
        check(result.read() == 1, "the body has run");
    }
};
HEDDLE_MODEL(ThreadTwoJoiners);

template <Platform>
struct ThreadOneJoinerForgotten : ThreadTwoJoiners<checker::WakeAllWakesOne> {};
HEDDLE_BROKEN_MODEL(ThreadOneJoinerForgotten, failure::deadlock);

template <Platform P>
struct ThreadJoinTimesOut {
    static constexpr auto claim = "join with a time-out tells whether the thread has ended; it may be joined again";
    static constexpr auto invariants = "INV-TO-NOEFFECT";
    static constexpr int threads = 1;
    static constexpr int dynamic_threads = 1;
    typename P::template plain<int> result{0, "result"};

    void thread(int) {
        BasicThread<P> worker([this] { result.write(1); });
        worker.start();
        if (!worker.join(1s)) worker.join();
        check(result.read() == 1, "the body has run");
    }
};
HEDDLE_MODEL(ThreadJoinTimesOut);

template <Platform P>
struct ThreadTimeoutTakenForTheEnd {
    static constexpr auto claim = "join with a time-out returns only when the thread has ended (it does not)";
    static constexpr int threads = 1;
    static constexpr int dynamic_threads = 1;
    typename P::template plain<int> result{0, "result"};

    void thread(int) {
        BasicThread<P> worker([this] { result.write(1); });
        worker.start();
        worker.join(1s);
        check(result.read() == 1, "the body has run");
        worker.join();
    }
};
HEDDLE_BROKEN_MODEL(ThreadTimeoutTakenForTheEnd, failure::data_race);

template <Platform P>
struct ThreadNamesDiffer {
    static constexpr auto claim = "two threads made at once get different names";
    static constexpr auto invariants = "INV-T-NAME";
    static constexpr int threads = 2;
    BasicLock<P> lock;
    std::string names[2];

    void thread(int index) { names[index] = BasicThread<P>().name(); }
    void after() { check(names[0] != names[1], "the names differ"); }
};
HEDDLE_MODEL(ThreadNamesDiffer);

template <Platform>
struct ThreadNamesRepeat : ThreadNamesDiffer<checker::TornReadModifyWrites> {};
HEDDLE_BROKEN_MODEL(ThreadNamesRepeat, failure::assertion);

template <Platform P>
struct ThreadFailureReachesHook {
    static constexpr auto claim = "an exception of the body reaches the hook once, before join returns";
    static constexpr auto invariants = "INV-T-HOOK INV-T-CONTAIN";
    static constexpr int threads = 1;
    static constexpr int dynamic_threads = 1;
    typename P::template plain<int> calls{0, "calls"};

    void thread(int) {
        set_excepthook<P>([this](const ExceptHookArgs&) { calls.write(calls.read() + 1); });
        BasicThread<P> worker([] { throw ValueError("the body fails"); });
        worker.start();
        worker.join();
        check(calls.read() == 1, "the hook was called once");
    }
};
HEDDLE_MODEL(ThreadFailureReachesHook);

template <Platform P>
struct ThreadHookUnordered : ThreadFailureReachesHook<checker::ReleasesRelaxed> {};
HEDDLE_BROKEN_MODEL(ThreadHookUnordered, failure::data_race);

// The low level: nobody can join the thread, so it releases a lock that its creator waits for.
template <Platform P>
struct LowLevelThreadIsAwaited {
    static constexpr auto claim = "a low-level thread runs once, and a lock tells what it did";
    static constexpr int threads = 1;
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
struct LowLevelThreadUnordered : LowLevelThreadIsAwaited<checker::ReleasesRelaxed> {};
HEDDLE_BROKEN_MODEL(LowLevelThreadUnordered, failure::data_race);

template <Platform P, void (*exit_phase)()>
struct ExitPhase {
    static constexpr auto claim = "shutdown waits for every non-daemon thread, those started meanwhile included";
    static constexpr auto invariants = "INV-X-JOINALL HB-EXIT";
    static constexpr int threads = 1;
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
    static constexpr bool locks_by_specification = true;
};
HEDDLE_MODEL(ShutdownJoinsEveryThread);

template <Platform P>
void shutdown_of_one_thread() {
    const auto state = heddle::detail::Runtime<P>::instance().any_non_daemon();
    if (state) state->wait_while(heddle::detail::ThreadState<P>::started, Deadline::never());
}
template <Platform P>
struct ShutdownForgetsLateThreads : ExitPhase<P, &shutdown_of_one_thread<P>> {};
HEDDLE_BROKEN_MODEL(ShutdownForgetsLateThreads, failure::data_race);

}  // namespace heddle::models
