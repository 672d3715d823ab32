// What a Thread answers to its creator, from before its start until after its end.
#include <heddle/event.hpp>
#include <heddle/thread.hpp>

#include <algorithm>
#include <ostream>
#include <string>
#include <utility>

#include <heddle/properties/property.hpp>
#include <heddle/properties/state_machine.hpp>

namespace heddle::properties {
namespace {

using namespace std::chrono_literals;

struct ThreadSpecification {
    enum class Kind {
        start,
        join_now,
        finish,
        is_alive,
        has_ident,
        set_daemon,
        daemon,
        set_name,
        name,
        is_listed,
        runs
    };
    struct Operation {
        Kind kind;
        bool argument;
    };
    struct State {
        enum class Phase { initial, running, ended } phase = Phase::initial;
        bool daemon = false;
        bool renamed = false;
    };
    using Result = std::string;

    static std::pair<Result, State> step(const State& before, const Operation& operation) {
        State state = before;
        return {apply(state, operation), state};
    }

    friend std::ostream& operator<<(std::ostream& out, const Operation& operation) {
        static constexpr const char* names[] = {"start",  "join(0s)", "end",  "is_alive",  "ident", "set_daemon",
                                                "daemon", "set_name", "name", "enumerate", "runs"};
        return out << names[static_cast<int>(operation.kind)] << '(' << operation.argument << ')';
    }

  private:
    static const char* text(bool value) { return value ? "true" : "false"; }
    static Result apply(State& state, const Operation& operation) {
        using Phase = State::Phase;
        const bool was_started = state.phase != Phase::initial;
        switch (operation.kind) {
            case Kind::start:
                if (was_started) return "RuntimeError";
                state.phase = Phase::running;
                return "done";
            case Kind::join_now:
                return was_started ? text(state.phase == Phase::ended) : "RuntimeError";
            case Kind::finish:
                if (state.phase == Phase::running) state.phase = Phase::ended;
                return "done";
            case Kind::is_alive:
            case Kind::is_listed:
                return text(state.phase == Phase::running);
            case Kind::has_ident:
                return text(was_started);
            case Kind::set_daemon:
                if (was_started) return "RuntimeError";
                state.daemon = operation.argument;
                return "done";
            case Kind::daemon:
                return text(state.daemon);
            case Kind::set_name:
                state.renamed = true;
                return "done";
            case Kind::name:
                return state.renamed ? "renamed" : "first";
            case Kind::runs:
                return was_started ? "1" : "0";
        }
        return "?";
    }
};

template <class AnyThread>
class ThreadUnderTest {
  public:
    using Kind = ThreadSpecification::Kind;

    ~ThreadUnderTest() {
        try {
            (void)finish();
        } catch (const RuntimeError&) {  // it was not started
        }
    }

    std::string perform(const ThreadSpecification::Operation& operation) {
        try {
            switch (operation.kind) {
                case Kind::start:
                    thread_.start();
                    return started_ = true, "done";
                case Kind::join_now:
                    return text(thread_.join(0s));
                case Kind::finish:
                    return finish();
                case Kind::is_alive:
                    return text(thread_.is_alive());
                case Kind::has_ident:
                    return text(thread_.ident().has_value() && thread_.native_id().has_value());
                case Kind::set_daemon:
                    return thread_.set_daemon(operation.argument), "done";
                case Kind::daemon:
                    return text(thread_.daemon());
                case Kind::set_name:
                    return thread_.set_name("renamed"), "done";
                case Kind::name:
                    return thread_.name();
                case Kind::is_listed: {
                    const auto all = enumerate();
                    const bool others = active_count() >= all.size() - 1 && all.front() == main_thread();
                    return text(others && std::find(all.begin(), all.end(), thread_) != all.end());
                }
                case Kind::runs:
                    if (started_) began_.wait();
                    return std::to_string(runs_);
            }
        } catch (const RuntimeError&) {
            return "RuntimeError";
        }
        return "?";
    }

  private:
    static const char* text(bool value) { return value ? "true" : "false"; }
    std::string finish() {
        if (!started_) return "done";
        may_end_.set();
        thread_.join();
        return "done";
    }

    Event began_;
    Event may_end_;
    int runs_ = 0;  // written before began_ is set
    bool started_ = false;
    AnyThread thread_{ThreadOptions{.name = "first"}, [this] {
                          ++runs_;
                          began_.set();
                          may_end_.wait();
                      }};
};

template <class AnyThread>
void agrees_on_a_life() {
    using Operation = ThreadSpecification::Operation;
    const auto operations = rc::gen::build<Operation>(
        rc::gen::set(&Operation::kind, rc::gen::map(rc::gen::inRange(0, 11),
                                                    [](int n) { return static_cast<ThreadSpecification::Kind>(n); })),
        rc::gen::set(&Operation::argument));
    ThreadUnderTest<AnyThread> sut;
    assert_agrees<ThreadSpecification>({}, sut, operations);
}

TEST(ThreadCallsProperty, agree_with_the_three_phases_of_its_life) {
    expect_holds("a Thread was not started, runs, or has ended", [] {
        const std::size_t bytes = *rc::gen::inRange(stack_bytes_min, 2 * stack_bytes_min);
        RC_ASSERT(stack_size(bytes) == 0);
        RC_ASSERT_THROWS_AS(stack_size(*rc::gen::inRange<std::size_t>(1, stack_bytes_min)), ValueError);
        RC_ASSERT(stack_size(stack_bytes_min) == bytes);
        RC_ASSERT(stack_size() == stack_bytes_min);
        agrees_on_a_life<Thread>();
    });
}

// Does not mind to be started again.
struct StartsAgain : Thread {
    using Thread::Thread;
    void start() {
        try {
            Thread::start();
        } catch (const RuntimeError&) {
        }
    }
};

TEST(ThreadCallsProperty_broken, a_second_start_that_is_no_error_is_caught) {
    expect_caught("a Thread was not started, runs, or has ended", &agrees_on_a_life<StartsAgain>,
                  {.counterexample_contains = "start"});
}

}  // namespace
}  // namespace heddle::properties
