// A thread that the system refuses: start() may be tried again, by another thread, too.
#include <algorithm>
#include <cstdint>
#include <functional>
#include <system_error>
#include <utility>

#include <heddle/checker/faults.hpp>
#include <heddle/checker/model.hpp>
#include <heddle/low_level.hpp>
#include <heddle/thread.hpp>

namespace heddle::models {

/// A platform that has no thread to give when it is first asked for one, nor every second time after that: on real threads
/// it has been asked in the executions before, too.
template <Platform P>
struct RefusesEveryOther : P {
    template <class Body, class Epilogue>
    static std::uint64_t spawn(Body body, Epilogue epilogue, std::size_t stack_bytes) {
        // Relaxed: only a number.
        if (P::template global<Asked>().times.fetch_add(1, std::memory_order_relaxed) % 2 == 0)
            throw std::system_error(std::make_error_code(std::errc::resource_unavailable_try_again));
        return P::spawn(std::move(body), std::move(epilogue), stack_bytes);
    }

  private:
    struct Asked {
        typename P::template atomic<int> times{0, "asked for a thread"};
    };
};

template <Platform P>
struct RefusedStart {
    static constexpr auto claim = "a thread that could not be started is started by whoever tries it next, once";
    static constexpr auto invariants = "INV-T-ONCE INV-T-RUNSONCE";
    static constexpr int threads = 2;
    static constexpr int dynamic_threads = 1;
    static constexpr auto search = checker::context_bound(4);
    static constexpr bool locks_by_specification = true;
    typename P::template plain<int> runs{0, "runs"};
    typename P::template atomic<int> started{0, "started"};
    using Q = RefusesEveryOther<P>;
    BasicThread<Q> worker{[this] {
        runs.write(runs.read() + 1);
        const auto all = enumerate<Q>();
        check(std::count(all.begin(), all.end(), worker) == 1, "a refusal unlists no thread that runs");
    }};

    typename P::template atomic<bool> one_is_refused{false, "one_is_refused"};

    void thread(int) {
        // Acquire: synchronizes-with the release below.
        const bool is_next = one_is_refused.load(std::memory_order_acquire);
        try {
            worker.start();
        } catch (const RuntimeError&) {  // the system refused it, or the other one has it in hand
            check(!is_next, "who comes after a refusal starts it");
            one_is_refused.store(true, std::memory_order_release);  // release: synchronizes-with the acquire above
            return;
        }
        started.fetch_add(1, std::memory_order_relaxed);  // relaxed: read after the threads have ended
        worker.join();
    }
    void after() {
        const int times = started.load(std::memory_order_relaxed);  // relaxed: the threads have ended
        check(times <= 1, "at most one start succeeds");
        check(runs.read() == times, "the body runs if a start succeeded");
    }
};

template <Platform P>
struct ThreadStartsAfterARefusal : RefusedStart<P> {};
HEDDLE_MODEL(ThreadStartsAfterARefusal);

template <Platform P, class AnyThread = BasicThread<RefusesEveryOther<P>>>
struct SecondTry {
    static constexpr auto claim =
        "a thread that could not be started is not listed, and may be started with other settings";
    static constexpr auto invariants = "INV-T-RUNSONCE INV-T-ENUM";
    static constexpr int threads = 1;
    static constexpr auto search = checker::context_bound(1);
    static constexpr int dynamic_threads = 1;
    static constexpr bool locks_by_specification = true;
    using Q = RefusesEveryOther<P>;
    typename P::template plain<int> runs{0, "runs"};
    typename P::template plain<bool> has_daemons{false, "has_daemons"};
    AnyThread worker{[this] {
        runs.write(runs.read() + 1);
        has_daemons.write(BasicThread<Q>().daemon());
    }};

    void thread(int) {
        try {
            worker.start();
            check(false, "the system has no thread to give");
        } catch (const RuntimeError&) {
        }
        check(active_count<Q>() == 1, "only the main thread is listed");
        worker.set_daemon(true);
        check(worker.daemon() && stack_size<Q>() == 0, "settings may still change");
        worker.start();
        worker.join();
        check(runs.read() == 1, "it ran once");
        check(has_daemons.read(), "what a daemon makes is a daemon, too");
    }
};

template <Platform P>
struct ThreadStartsAtTheSecondTry : SecondTry<P> {};
HEDDLE_MODEL(ThreadStartsAtTheSecondTry);

// Takes a try for a start.
template <Platform Q>
class TriesOnce : public BasicThread<Q> {
  public:
    using BasicThread<Q>::BasicThread;
    void start() {
        if (std::exchange(tried_, true)) throw RuntimeError("threads can only be started once");
        BasicThread<Q>::start();
    }

  protected:
    bool runs_on_object() const override { return false; }

  private:
    bool tried_ = false;
};
template <Platform P>
struct ThreadIsTriedOnce : SecondTry<P, TriesOnce<RefusesEveryOther<P>>> {
    static constexpr auto breaks = "INV-T-RUNSONCE";
    static constexpr auto fails_at = "threads can only be started once";
};
HEDDLE_BROKEN_MODEL(ThreadIsTriedOnce, failure::exception);

/// A platform that has no thread to give.
template <Platform P>
struct RefusesAll : P {
    template <class Body, class Epilogue>
    static std::uint64_t spawn(Body, Epilogue, std::size_t) {
        throw std::system_error(std::make_error_code(std::errc::resource_unavailable_try_again));
    }
};

template <Platform P>
struct RefusedTwice {
    static constexpr auto claim = "who is refused a thread gives it back as it was to whoever tries it next";
    static constexpr auto invariants = "INV-T-ONCE";
    static constexpr int threads = 2;
    static constexpr unsigned spurious_wakeups = 0;
    static constexpr bool locks_by_specification = true;
    BasicThread<RefusesAll<P>> worker{[] {}};

    void thread(int) {
        bool refused = false;
        try {
            worker.start();
        } catch (const RuntimeError&) {
            refused = true;
        }
        check(refused && !worker.is_alive(), "nobody has started it");
    }
};

template <Platform P>
struct ThreadIsRefusedTwice : RefusedTwice<P> {};
HEDDLE_MODEL(ThreadIsRefusedTwice);

// Both may wait for the end of the start that is refused.
template <Platform P>
struct ShutdownsDuringARefusal {
    static constexpr auto claim = "shutdowns during a start that is refused return";
    static constexpr auto invariants = "INV-X-JOINALL";
    static constexpr int threads = 3;
    static constexpr unsigned spurious_wakeups = 0;
    static constexpr bool locks_by_specification = true;
    static constexpr auto search = checker::context_bound(2);
    using Q = RefusesAll<P>;
    BasicThread<Q> worker{[] {}};

    void thread(int index) {
        if (index != 0) return shutdown<Q>();
        try {
            worker.start();
        } catch (const RuntimeError&) {
        }
    }
};
template <Platform P>
struct ShutdownsEndAtARefusal : ShutdownsDuringARefusal<P> {};
HEDDLE_MODEL(ShutdownsEndAtARefusal);

template <Platform>
struct ShutdownIsWokenInsteadOfTheOther
    : ShutdownsDuringARefusal<checker::LocksBySpecification<checker::WakeAllWakesOne>> {
    static constexpr auto breaks = "INV-X-JOINALL";
    static constexpr auto fails_at = "Thread.phase";
};
HEDDLE_BROKEN_MODEL(ShutdownIsWokenInsteadOfTheOther, failure::deadlock);

template <Platform>
struct ThreadIsNotGivenBack : RefusedTwice<checker::LocksBySpecification<checker::AcquiresRelaxed>> {
    static constexpr auto breaks = "INV-T-ONCE";
    static constexpr auto fails_at = "Thread.runs_on_this_object";
};
HEDDLE_BROKEN_MODEL(ThreadIsNotGivenBack, failure::data_race);

template <Platform>
struct ThreadRefusalUnordered : RefusedStart<checker::LocksBySpecification<checker::AcquiresRelaxed>> {
    static constexpr auto breaks = "INV-T-ONCE";
    static constexpr auto fails_at = "Thread.runs_on_this_object";
};
HEDDLE_BROKEN_MODEL(ThreadRefusalUnordered, failure::data_race);

template <Platform P, std::uint64_t (*start)(std::function<void()>)>
struct RefusedLowLevelThread {
    static constexpr auto claim = "start_new_thread tells if the system has no thread to give, and calls nothing";
    static constexpr auto invariants = "INV-EXC";
    static constexpr int threads = 1;
    static constexpr unsigned spurious_wakeups = 0;
    typename P::template plain<bool> called{false, "called"};

    void thread(int) {
        try {
            start([this] { called.write(true); });
            check(false, "it is refused");
        } catch (const RuntimeError&) {
        }
        check(!called.read(), "the function was not called");
    }
};

template <Platform Q>
std::uint64_t start_low_level(std::function<void()> function) {
    return start_new_thread<Q>(std::move(function));
}
template <Platform P>
struct LowLevelThreadIsRefused : RefusedLowLevelThread<P, &start_low_level<RefusesAll<P>>> {};
HEDDLE_MODEL(LowLevelThreadIsRefused);

template <Platform Q>
std::uint64_t start_or_call(std::function<void()> function) {
    try {
        return start_new_thread<Q>(function);
    } catch (const RuntimeError&) {
        function();
        throw;
    }
}
template <Platform P>
struct LowLevelThreadRunsInItsCreator : RefusedLowLevelThread<P, &start_or_call<RefusesAll<P>>> {
    static constexpr auto breaks = "INV-EXC";
    static constexpr auto fails_at = "the function was not called";
};
HEDDLE_BROKEN_MODEL(LowLevelThreadRunsInItsCreator, failure::assertion);

}  // namespace heddle::models
