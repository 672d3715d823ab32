// What an engine has left out, or had without running the program, stands in the bounds of the verdict or among its cuts.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>

#include "explore.hpp"

namespace heddle::tests {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::Not;

template <Platform P, int threads_, int times>
struct CountsUp {
    static constexpr auto claim = "each increment counts";
    static constexpr int threads = threads_;
    typename P::template atomic<int> count{0, "count"};
    void thread(int) {
        for (int n = 0; n != times; ++n) count.fetch_add(1, std::memory_order_relaxed);
    }
    void after() { check(count.load(std::memory_order_relaxed) == threads * times); }
};
HEDDLE_MODEL_OF(CountsUpALittle, CountsUp, 2, 2);
HEDDLE_MODEL_OF(CountsUpOften, CountsUp, 3, 3);
HEDDLE_MODEL_OF(CountsUpTooOften, CountsUp, 3, 7);

template <Platform P>
struct CountsUpByTrying : CountsUp<P, 2, 2> {
    void thread(int) {
        int found = this->count.load(std::memory_order_relaxed);
        while (
            !this->count.compare_exchange_weak(found, found + 2, std::memory_order_relaxed, std::memory_order_relaxed))
            found = this->count.load(std::memory_order_relaxed);
    }
};
HEDDLE_MODEL(CountsUpByTrying);

TEST(Bounds, of_relacy_say_how_deep_it_has_searched) {
    const Verdict verdict =
        explore_on("relacy", "CountsUpTooOften", {.budget = std::chrono::seconds(2), .search = engine::Search{}});
    EXPECT_TRUE(verdict.met());
    EXPECT_THAT(verdict.cut, Contains(testing::ContainsRegex("interleavings with more than [2-9] preemptions")));
    EXPECT_THAT(explore_on("relacy", "CountsUpALittle").cut, testing::IsEmpty());
}

TEST(Bounds, say_how_many_turns_were_in_vain) {
    const Verdict verdict = explore_on("exhaustive", "CountsUpByTrying");
    EXPECT_TRUE(verdict.met());
    EXPECT_THAT(verdict.bounds, HasSubstr(std::to_string(verdict.turns_in_vain) + " turns in vain left out"));
    EXPECT_THAT(explore_on("exhaustive", "CountsUpALittle").bounds, Not(HasSubstr("turns in vain")));
}

template <Platform P>
struct CountsUpByAnyLock : CountsUp<P, 2, 1> {
    static constexpr bool locks_by_specification = true;
};
HEDDLE_MODEL(CountsUpByAnyLock);

TEST(Bounds, say_that_locks_are_by_their_specification) {
    EXPECT_THAT(explore_on("exhaustive", "CountsUpByAnyLock").bounds, HasSubstr("Lock by its specification"));
    EXPECT_THAT(explore_on("relacy", "CountsUpByAnyLock").bounds, Not(HasSubstr("specification")));
}

TEST(Bounds, say_how_many_runs_were_replaced) {
    const Verdict verdict = explore_on("exhaustive", "CountsUpOften");
    EXPECT_EQ(verdict.executions, 1680U);  // 9! / 3!^3
    EXPECT_GT(verdict.runs_replaced, 100U);
    EXPECT_THAT(verdict.bounds, HasSubstr(", " + std::to_string(verdict.runs_replaced) + " runs replaced by"));
    EXPECT_THAT(explore_on("exhaustive", "CountsUpALittle").bounds, Not(HasSubstr("runs replaced")));
}

}  // namespace
}  // namespace heddle::tests
