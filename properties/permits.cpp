// RLock, Semaphore and BoundedSemaphore: against specifications that know owners and numbers.
#include <heddle/rlock.hpp>
#include <heddle/semaphore.hpp>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <ostream>
#include <string>
#include <utility>

#include <heddle/properties/property.hpp>
#include <heddle/properties/state_machine.hpp>

#include "lock_under_test.hpp"

namespace heddle::properties {
namespace {

using namespace std::chrono_literals;

// An owner and a level.
struct RLockSpecification {
    enum class Kind { acquire_now, acquire_timed, release, give_up, level, locked };
    struct Operation {
        Kind kind;
        std::size_t thread;
    };
    struct State {
        std::size_t owner = 0;
        int level = 0;
    };
    using Result = std::string;

    static std::pair<Result, State> step(const State& before, const Operation& operation) {
        State state = before;
        const bool owns = state.level != 0 && state.owner == operation.thread;
        switch (operation.kind) {
            case Kind::acquire_now:
            case Kind::acquire_timed:
                if (state.level != 0 && !owns) return {"false", state};
                return {"true", State{operation.thread, state.level + 1}};
            case Kind::release:
                if (!owns) return {"RuntimeError", state};
                return {"done", State{state.owner, state.level - 1}};
            case Kind::give_up:  // and take it back
                return {owns ? std::to_string(state.level) : "RuntimeError", state};
            case Kind::level:
                return {std::to_string(owns ? state.level : 0), state};
            case Kind::locked:
                return {state.level != 0 ? "true" : "false", state};
        }
        return {"?", state};
    }

    friend std::ostream& operator<<(std::ostream& out, const Operation& operation) {
        static constexpr const char* names[] = {"acquire(false)", "acquire(true, 0s)", "release()",
                                                "give up whole",  "recursion_count()", "locked()"};
        return out << "thread " << operation.thread << ": " << names[static_cast<int>(operation.kind)];
    }
};

template <class AnyLock>
void agrees_on_levels() {
    using Operation = RLockSpecification::Operation;
    using Kind = RLockSpecification::Kind;
    const auto operations = rc::gen::build<Operation>(
        rc::gen::set(&Operation::kind, rc::gen::weightedElement<Kind>({{3, Kind::acquire_now},
                                                                       {2, Kind::acquire_timed},
                                                                       {5, Kind::release},
                                                                       {1, Kind::give_up},
                                                                       {1, Kind::level},
                                                                       {1, Kind::locked}})),
        rc::gen::set(&Operation::thread, rc::gen::element<std::size_t>(0, 1, 2)));
    LockUnderTest<AnyLock, RLockSpecification> sut;
    assert_agrees<RLockSpecification>({}, sut, operations);
}

struct FreedByOneRelease : RLock {
    void release() {
        RLock::release();
        while (is_owned()) RLock::release();
    }
};

TEST(RLockProperty, agrees_with_the_specification_of_owner_and_level) {
    expect_holds("an RLock is an owner and a level", &agrees_on_levels<RLock>);
}

TEST(RLockProperty_broken, one_release_for_all_levels_is_caught) {
    expect_caught("an RLock is an owner and a level", &agrees_on_levels<FreedByOneRelease>,
                  {.counterexample_contains = "release()"});
}

// A number, and a bound for it.
template <std::int64_t bound>
struct PermitsSpecification {
    enum class Kind { acquire_now, acquire_timed, release, unlock, value };
    struct Operation {
        Kind kind;
        std::int64_t n;  // release
    };
    using State = std::int64_t;
    using Result = std::string;

    static std::pair<Result, State> step(const State& permits, const Operation& operation) {
        if (operation.kind == Kind::value) return {std::to_string(permits), permits};
        if (operation.kind == Kind::acquire_now || operation.kind == Kind::acquire_timed) {
            return permits == 0 ? std::pair<Result, State>("false", 0) : std::pair<Result, State>("true", permits - 1);
        }
        const std::int64_t n = operation.kind == Kind::unlock ? 1 : operation.n;
        if (n < 1 || n > bound - permits) return {"error", permits};
        return {"done", permits + n};
    }

    friend std::ostream& operator<<(std::ostream& out, const Operation& operation) {
        static constexpr const char* names[] = {"acquire(false)", "acquire(true, 0s)", "release(", "unlock()",
                                                "value()"};
        out << names[static_cast<int>(operation.kind)];
        return operation.kind == Kind::release ? out << operation.n << ')' : out;
    }
};

template <class Specification, class AnySemaphore>
class PermitsUnderTest {
  public:
    using Kind = typename Specification::Kind;

    explicit PermitsUnderTest(std::int64_t permits) : semaphore_(permits) {}

    std::string perform(const typename Specification::Operation& operation) {
        try {
            switch (operation.kind) {
                case Kind::acquire_now:
                    return semaphore_.acquire(false) ? "true" : "false";
                case Kind::acquire_timed:
                    return semaphore_.acquire(true, 0s) ? "true" : "false";
                case Kind::release:
                    return semaphore_.release(operation.n), "done";
                case Kind::unlock:
                    return semaphore_.unlock(), "done";
                case Kind::value:
                    return std::to_string(semaphore_.value());
            }
        } catch (const ValueError&) {
            return "error";
        } catch (const OverflowError&) {
            return "error";
        }
        return "?";
    }

  private:
    AnySemaphore semaphore_;
};

template <class AnySemaphore, std::int64_t bound>
void agrees_on_permits(std::int64_t permits) {
    using Specification = PermitsSpecification<bound>;
    using Operation = typename Specification::Operation;
    using Kind = typename Specification::Kind;
    const auto operations = rc::gen::build<Operation>(
        rc::gen::set(&Operation::kind, rc::gen::weightedElement<Kind>({{2, Kind::acquire_now},
                                                                       {1, Kind::acquire_timed},
                                                                       {3, Kind::release},
                                                                       {1, Kind::unlock},
                                                                       {1, Kind::value}})),
        rc::gen::set(&Operation::n,
                     rc::gen::element<std::int64_t>(-1, 0, 1, 1, 1, 2, 3, permits_max, std::int64_t{1} << 32 | 1)));
    RC_ASSERT_THROWS_AS(AnySemaphore(*rc::gen::inRange<std::int64_t>(-2, 0)), ValueError);
    RC_ASSERT_THROWS_AS(AnySemaphore(std::int64_t{permits_max} + *rc::gen::inRange<std::int64_t>(1, 3)), OverflowError);
    PermitsUnderTest<Specification, AnySemaphore> sut(permits);
    assert_agrees<Specification>(permits, sut, operations);
}

constexpr std::int64_t first_permits = 3;

TEST(SemaphoreProperty, agrees_with_the_arithmetic_of_permits) {
    expect_holds("a Semaphore is a number", [] {
        agrees_on_permits<Semaphore, permits_max>(
            *rc::gen::element<std::int64_t>(0, 1, 2, permits_max - 1, permits_max));
    });
}

TEST(BoundedSemaphoreProperty, agrees_with_the_arithmetic_of_permits) {
    expect_holds("a BoundedSemaphore is a number with a bound",
                 [] { agrees_on_permits<BoundedSemaphore, first_permits>(first_permits); });
}

// Checks whether one permit fits, whatever the number.
struct ChecksForOne : BoundedSemaphore {
    explicit ChecksForOne(std::int64_t permits) : BoundedSemaphore(permits) {}
    void release(std::int64_t n) {
        BoundedSemaphore::release(n < 1 ? n : 1);
        for (std::int64_t more = 1; more < std::min<std::int64_t>(n, 4); ++more) Semaphore::release();
    }
};

TEST(BoundedSemaphoreProperty_broken, a_bound_that_is_checked_for_one_permit_is_caught) {
    expect_caught("a BoundedSemaphore is a number with a bound",
                  [] { agrees_on_permits<ChecksForOne, first_permits>(first_permits); },
                  {.counterexample_contains = "release("});
}

struct Unbounded : Semaphore {
    explicit Unbounded(std::int64_t permits) : Semaphore(permits) {}
    void release(std::int64_t n) { Semaphore::release(n == 0 ? 1 : n); }
};

TEST(SemaphoreProperty_broken, a_release_of_none_that_counts_is_caught) {
    expect_caught("a Semaphore is a number", [] { agrees_on_permits<Unbounded, permits_max>(0); },
                  {.counterexample_contains = "release(0)"});
}

}  // namespace
}  // namespace heddle::properties
