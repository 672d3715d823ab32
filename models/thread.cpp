// Thread: starting, running once, ending, joining.
#include <chrono>
#include <functional>
#include <string>
#include <utility>

#include <heddle/checker/faults.hpp>
#include <heddle/checker/model.hpp>
#include <heddle/thread.hpp>

namespace heddle::models {

using namespace std::chrono_literals;

template <Platform P, class AnyThread = BasicThread<P>>
struct StartAndJoin {
    static constexpr auto claim = "start happens-before the body, the body happens-before join's return";
    static constexpr auto invariants = "HB-START HB-JOIN";
    static constexpr int threads = 1;
    static constexpr unsigned spurious_wakeups = 0;
    static constexpr int dynamic_threads = 1;
    typename P::template plain<int> argument{0, "argument"};
    typename P::template plain<int> result{0, "result"};

    void thread(int) {
        argument.write(20);
        AnyThread worker([this] { result.write(argument.read() + 1); });
        worker.start();
        worker.join();
        check(result.read() == 21, "the body has run, once");
        check(!worker.is_alive(), "a joined thread is not alive");
    }
};

template <Platform P>
struct ThreadStartAndJoin : StartAndJoin<P> {};
HEDDLE_MODEL(ThreadStartAndJoin);

template <Platform>
struct ThreadEndsRelaxed : StartAndJoin<checker::LocksBySpecification<checker::ReleasesRelaxed>> {
    static constexpr auto breaks = "HB-JOIN";
    static constexpr auto fails_at = "result";
};
HEDDLE_BROKEN_MODEL(ThreadEndsRelaxed, failure::data_race);

// The thread exists from the beginning and waits, with relaxed steps, until it is started.
template <Platform P>
class StartsEarly {
  public:
    explicit StartsEarly(std::function<void()> body)
        : thread_([this, body = std::move(body)] {
              // Relaxed: the mistake of the twin.
              while (started_.load(std::memory_order_relaxed) == 0) P::wait(started_, 0, Deadline::never());
              body();
          }) {
        thread_.start();
    }
    void start() {
        started_.store(1, std::memory_order_relaxed);  // relaxed: the mistake of the twin
        P::wake_all(started_);
    }
    void join() { thread_.join(); }
    bool is_alive() const { return thread_.is_alive(); }

  private:
    typename P::template atomic<FutexWord> started_{0, "started"};
    BasicThread<P> thread_;
};
template <Platform P>
struct ThreadStartsEarly : StartAndJoin<P, StartsEarly<P>> {
    static constexpr auto breaks = "HB-START";
    static constexpr auto fails_at = "argument";
    void thread(int) {
        StartsEarly<P> worker([this] { this->result.write(this->argument.read() + 1); });
        this->argument.write(20);
        worker.start();
        worker.join();
    }
};
HEDDLE_BROKEN_MODEL(ThreadStartsEarly, failure::data_race);

template <Platform P, class AnyThread = BasicThread<P>>
struct OneRun {
    static constexpr auto claim = "the body of a thread runs once";
    static constexpr auto invariants = "INV-T-RUNSONCE";
    static constexpr int threads = 1;
    static constexpr unsigned spurious_wakeups = 0;
    static constexpr int dynamic_threads = 1;
    static constexpr bool locks_by_specification = true;
    typename P::template plain<int> runs{0, "runs"};

    void thread(int) {
        AnyThread worker([this] { runs.write(runs.read() + 1); });
        worker.start();
        worker.join();
        worker.run();
        check(runs.read() == 1, "the body has run once, though somebody else calls run()");
    }
};

template <Platform P>
struct ThreadRunsOnce : OneRun<P> {};
HEDDLE_MODEL(ThreadRunsOnce);

template <Platform P>
class RunsAgain : public BasicThread<P> {
  public:
    explicit RunsAgain(std::function<void()> body) : body_(std::move(body)) {}
    void run() override {
        body_();
        body_();
    }

  private:
    std::function<void()> body_;
};
template <Platform P>
struct ThreadRunsTwice : OneRun<P, RunsAgain<P>> {
    static constexpr auto breaks = "INV-T-RUNSONCE";
    static constexpr auto fails_at = "the body has run once, though somebody else calls run()";
};
HEDDLE_BROKEN_MODEL(ThreadRunsTwice, failure::assertion);

template <Platform P>
struct ThreadStartsOnce {
    static constexpr auto claim = "of two racing start() exactly one succeeds, and the body runs once";
    static constexpr auto invariants = "INV-T-ONCE";
    static constexpr int threads = 2;
    static constexpr unsigned spurious_wakeups = 0;
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
    static constexpr auto breaks = "INV-T-ONCE";
    static constexpr auto fails_at = "exactly one start is refused";
    static constexpr auto not_exhausted = "two bodies also deadlock, and that is found first";
};
HEDDLE_BROKEN_MODEL(ThreadStartsTwice, failure::assertion);

template <Platform P>
struct ThreadTwoJoiners {
    static constexpr auto claim = "every joiner returns, and only after the body has ended";
    static constexpr auto invariants = "INV-T-JOIN";
    static constexpr int threads = 2;
    static constexpr unsigned spurious_wakeups = 0;
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
struct ThreadOneJoinerForgotten : ThreadTwoJoiners<checker::WakeAllWakesOne> {
    static constexpr auto breaks = "INV-T-JOIN";
    static constexpr auto fails_at = "Thread.phase";
};
HEDDLE_BROKEN_MODEL(ThreadOneJoinerForgotten, failure::deadlock);

template <Platform P>
struct ThreadJoinTimesOut {
    static constexpr auto claim = "join with a time-out tells whether the thread has ended; it may be joined again";
    static constexpr auto invariants = "INV-TO-NOEFFECT";
    static constexpr int threads = 1;
    static constexpr unsigned spurious_wakeups = 0;
    static constexpr int dynamic_threads = 1;
    typename P::template plain<int> result{0, "result"};

    void thread(int) {
        BasicThread<P> worker([this] { result.write(1); });
        worker.start();
        if (!worker.join(1s)) worker.join();
        check(result.read() == 1 && worker.join(0s), "the body has run");
    }
};
HEDDLE_MODEL(ThreadJoinTimesOut);

template <Platform P>
struct ThreadTimeoutTakenForTheEnd {
    static constexpr auto breaks = "HB-JOIN";
    static constexpr auto fails_at = "result";
    static constexpr auto claim = "join with a time-out returns only when the thread has ended (it does not)";
    static constexpr int threads = 1;
    static constexpr unsigned spurious_wakeups = 0;
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

template <Platform P, class AnyThread = BasicThread<P>>
struct FailingBody {
    static constexpr auto claim = "an exception of the body reaches the hook once, before join returns";
    static constexpr auto invariants = "INV-T-HOOK INV-T-CONTAIN";
    static constexpr int threads = 1;
    static constexpr unsigned spurious_wakeups = 0;
    static constexpr int dynamic_threads = 1;
    typename P::template plain<int> calls{0, "calls"};

    void thread(int) {
        set_excepthook<P>([this](const ExceptHookArgs&) { calls.write(calls.read() + 1); });
        AnyThread worker([] { throw ValueError("the body fails"); });
        worker.start();
        worker.join();
        check(calls.read() == 1, "the hook was called once");
    }
};

template <Platform P>
struct ThreadFailureReachesHook : FailingBody<P> {};
HEDDLE_MODEL(ThreadFailureReachesHook);

template <Platform>
struct ThreadHookUnordered : FailingBody<checker::LocksBySpecification<checker::ReleasesRelaxed>> {
    static constexpr auto breaks = "INV-T-HOOK";
    static constexpr auto fails_at = "calls";
};
HEDDLE_BROKEN_MODEL(ThreadHookUnordered, failure::data_race);

// Runs its body with nothing around it.
template <Platform P>
class Bare {
  public:
    explicit Bare(std::function<void()> body) : body_(std::move(body)) {}
    void start() {
        P::spawn(
            body_, [] {}, 0);
    }
    void join() {}

  private:
    std::function<void()> body_;
};
template <Platform P>
struct ThreadFailureEscapes : FailingBody<P, Bare<P>> {
    static constexpr auto breaks = "INV-T-CONTAIN";
    static constexpr auto fails_at = "the body fails";
    void thread(int) {
        Bare<P> worker([] { throw ValueError("the body fails"); });
        worker.start();
    }
};
HEDDLE_BROKEN_MODEL(ThreadFailureEscapes, failure::exception);

}  // namespace heddle::models
