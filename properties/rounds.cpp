// Condition and Barrier, as one thread calls them that nobody comes to: against specifications of a few bits.
#include <heddle/barrier.hpp>
#include <heddle/condition.hpp>

#include <chrono>
#include <mutex>
#include <ostream>
#include <stdexcept>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include <heddle/properties/property.hpp>
#include <heddle/properties/state_machine.hpp>

#include "operations.hpp"

namespace heddle::properties {
namespace {

using namespace std::chrono_literals;

const char* text(bool value) { return value ? "true" : "false"; }

// A Condition over a lock of its own, all calls by one thread.
struct ConditionSpecification {
    enum class Kind { acquire, release, wait, wait_for, notify, notify_all, locked };
    struct Operation {
        Kind kind;
        int argument;  // wait_for: whether it is true at once
    };
    using State = bool;  // held
    using Result = std::string;

    static std::pair<Result, State> step(const State& held, const Operation& operation) {
        switch (operation.kind) {
            case Kind::acquire:
                return {held ? "false" : "true", true};
            case Kind::wait_for:
                if (operation.argument != 0) return {"true", held};  // asks for no lock
                return {held ? "false" : "RuntimeError", held};
            case Kind::locked:
                return {text(held), held};
            case Kind::wait:
                return {held ? "false" : "RuntimeError", held};
            case Kind::release:
                return {held ? "done" : "RuntimeError", false};
            case Kind::notify:
            case Kind::notify_all:
                return {held ? "done" : "RuntimeError", held};
        }
        return {"?", held};
    }
    friend std::ostream& operator<<(std::ostream& out, const Operation& operation) {
        static constexpr const char* names[] = {"acquire", "release",    "wait",  "wait_for",
                                                "notify",  "notify_all", "locked"};
        return out << names[static_cast<int>(operation.kind)] << '(' << operation.argument << ')';
    }
};

struct AnyCondition {
    std::string perform(const ConditionSpecification::Operation& operation) {
        using Kind = ConditionSpecification::Kind;
        try {
            switch (operation.kind) {
                case Kind::acquire:
                    return text(condition.acquire(false));
                case Kind::release:
                    return condition.release(), "done";
                case Kind::wait:
                    return text(condition.wait(0s));
                case Kind::wait_for:
                    return text(condition.wait_for(
                        [&, times = 0]() mutable { return operation.argument != 0 || ++times == 10; }, 0s));
                case Kind::notify:
                    return condition.notify(operation.argument), "done";
                case Kind::notify_all:
                    return condition.notify_all(), "done";
                case Kind::locked:
                    return text(condition.locked());
            }
        } catch (const RuntimeError&) {
            return "RuntimeError";
        }
        return "?";
    }
    Lock lock;
    Condition<Lock> condition{lock};
};

TEST(ConditionProperty, of_one_thread_asks_for_its_lock) {
    expect_holds("whoever waits or notifies must hold the lock", [] {
        AnyCondition sut;
        assert_agrees<ConditionSpecification>(false, sut, operations_of<ConditionSpecification, 7>(3));
    });
}

struct NotifiesUnasked : AnyCondition {
    std::string perform(const ConditionSpecification::Operation& operation) {
        return operation.kind == ConditionSpecification::Kind::notify ? "done" : AnyCondition::perform(operation);
    }
};

TEST(ConditionProperty_broken, a_notify_that_asks_for_no_lock_is_caught) {
    expect_caught("whoever waits or notifies must hold the lock",
                  [] {
                      NotifiesUnasked sut;
                      assert_agrees<ConditionSpecification>(false, sut, operations_of<ConditionSpecification, 7>(3));
                  },
                  {.counterexample_contains = "notify"});
}

// Whoever is about to sleep is asked to stop, and then woken for nothing, a few times.
struct AsksToStop : StdPlatform {
    static inline std::stop_source source;
    static inline int sleeps = 0;
    static WaitResult wait(const StdPlatform::atomic<FutexWord>&, FutexWord, Deadline) {
        source.request_stop();
        if (++sleeps == 10) throw std::logic_error("it sleeps on");
        return WaitResult::woken;
    }
};

// How often a predicate is asked that is never true, first by a call that is asked to stop while it waits, then by a late one.
template <class AnyCondition>
void stops() {
    using Asked = std::vector<int>;
    AsksToStop::source = std::stop_source();
    AsksToStop::sleeps = 0;
    BasicLock<AsksToStop> lock;
    AnyCondition condition(lock);
    Asked asked;
    for (int call = 0; call != 2; ++call) {
        const std::scoped_lock guard(lock);
        condition.wait_for(AsksToStop::source.get_token(), [&, times = 0]() mutable {
            asked.resize(static_cast<std::size_t>(call) + 1);
            asked.back() = ++times;
            return times == 10;
        });
    }
    RC_ASSERT(asked == (Asked{2, 1}));
}

using Stoppable = BasicCondition<AsksToStop, BasicLock<AsksToStop>>;

TEST(ConditionProperty, of_a_stop_token_ends_and_does_not_begin_to_wait) {
    expect_holds("a request to stop ends a wait_for, or keeps it from waiting", &stops<Stoppable>);
}

struct BeginsToWait : Stoppable {
    using Stoppable::Stoppable;
    template <class Predicate>
    void wait_for(const std::stop_token& stop, Predicate predicate) {
        if (stop.stop_requested()) (void)predicate();
        (void)Stoppable::wait_for(stop, std::move(predicate));
    }
};

TEST(ConditionProperty_broken, one_that_begins_to_wait_is_caught) {
    expect_caught("a request to stop ends a wait_for, or keeps it from waiting", &stops<BeginsToWait>);
}

// A Barrier for one or two with an action, and nobody else who comes.
struct BarrierSpecification {
    enum class Kind { wait, abort, reset, broken, n_waiting, rounds };
    struct Operation {
        Kind kind;
        int argument;  // wait: what the action does: nothing, throw, call the barrier
    };
    struct State {
        int parties = 1;
        bool broken = false;
        int rounds = 0;  // begun by the action
    };
    using Result = std::string;

    static std::pair<Result, State> step(const State& before, const Operation& operation) {
        State state = before;
        switch (operation.kind) {
            case Kind::wait:
                if (state.broken) return {"broken", state};
                if (state.parties == 2) return state.broken = true, std::pair<Result, State>("broken", state);
                ++state.rounds;
                state.broken = operation.argument != 0;
                return {operation.argument == 0 ? "0" : operation.argument == 1 ? "thrown" : "RuntimeError", state};
            case Kind::abort:
                return state.broken = true, std::pair<Result, State>("done", state);
            case Kind::reset:
                return state.broken = false, std::pair<Result, State>("done", state);
            case Kind::broken:
                return {text(state.broken), state};
            case Kind::n_waiting:
                return {"0 of " + std::to_string(state.parties), state};
            case Kind::rounds:
                return {std::to_string(state.rounds), state};
        }
        return {"?", state};
    }
    friend std::ostream& operator<<(std::ostream& out, const Operation& operation) {
        static constexpr const char* names[] = {"wait", "abort", "reset", "broken", "n_waiting", "rounds"};
        return out << names[static_cast<int>(operation.kind)] << '(' << operation.argument << ')';
    }
};

class BarrierUnderTest {
  public:
    explicit BarrierUnderTest(int parties)
        : barrier_(
              parties, [this] { act(); }, 0s) {}

    std::string perform(const BarrierSpecification::Operation& operation) {
        using Kind = BarrierSpecification::Kind;
        try {
            switch (operation.kind) {
                case Kind::wait:
                    told_ = operation.argument;
                    return std::to_string(barrier_.wait());
                case Kind::abort:
                    return barrier_.abort(), "done";
                case Kind::reset:
                    return barrier_.reset(), "done";
                case Kind::broken:
                    return text(barrier_.broken());
                case Kind::n_waiting:
                    return std::to_string(barrier_.n_waiting()) + " of " + std::to_string(barrier_.parties());
                case Kind::rounds:
                    return std::to_string(rounds_);
            }
        } catch (const BrokenBarrierError&) {
            return "broken";
        } catch (const RuntimeError&) {
            return "RuntimeError";
        } catch (const std::domain_error&) {
            return "thrown";
        }
        return "?";
    }

  private:
    void act() {
        ++rounds_;
        if (told_ == 1) throw std::domain_error("the action");
        if (told_ == 2) (void)barrier_.wait();
        if (told_ == 3) barrier_.reset();
        if (told_ == 4) barrier_.abort();
    }

    int told_ = 0;
    int rounds_ = 0;
    Barrier barrier_;
};

void agrees_on_rounds() {
    RC_ASSERT_THROWS_AS(Barrier(*rc::gen::inRange(-2, 1)), ValueError);
    const int parties = *rc::gen::inRange(1, 3);
    BarrierUnderTest sut(parties);
    assert_agrees<BarrierSpecification>({.parties = parties}, sut, operations_of<BarrierSpecification, 6>(5));
}

TEST(BarrierProperty, of_one_thread_breaks_and_is_mended) {
    expect_holds("a Barrier trips, breaks or is reset", &agrees_on_rounds);
}

TEST(BarrierProperty_broken, one_that_lets_go_too_early_is_caught) {
    expect_caught("a Barrier trips, breaks or is reset",
                  [] {
                      BarrierUnderTest sut(1);
                      assert_agrees<BarrierSpecification>({.parties = 2}, sut,
                                                          operations_of<BarrierSpecification, 6>(5));
                  },
                  {.counterexample_contains = "wait"});
}

}  // namespace
}  // namespace heddle::properties
