// Every shape of the literature with every kind of order: how many executions it has, whether its weak outcome is allowed,
// and what Relacy makes of it. Two executions differ in who reads from whom or in a coherence order.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <set>
#include <string>

#include "explored.hpp"
#include "litmus.hpp"
#include "oracle.hpp"

namespace heddle::oracle {
namespace {

using namespace std::chrono_literals;

class LitmusTest : public testing::TestWithParam<Litmus> {};

TEST_P(LitmusTest, has_the_known_number_of_executions) {
    for (const Orders orders : all_orders) {
        const Program program = program_of(GetParam(), orders);
        const auto explored = explored_executions(program);
        EXPECT_EQ(explored.size(), GetParam().executions[static_cast<std::size_t>(orders)]) << program;
        EXPECT_EQ(explored.size(), all_executions(program).size()) << program;
        for (const auto& [execution, times] : explored) EXPECT_EQ(times, 1U) << execution;
    }
}

TEST_P(LitmusTest, has_its_weak_outcome_where_cpp20_allows_it_and_nowhere_else) {
    for (const Orders orders : all_orders) {
        const Program program = program_of(GetParam(), orders);
        const auto [outcomes, all] = outcomes_on("exhaustive", program, 60s);
        ASSERT_TRUE(all);
        const bool reached = std::any_of(outcomes.begin(), outcomes.end(),
                                         [](const auto& outcome) { return matches(outcome, GetParam().weak); });
        EXPECT_EQ(reached, GetParam().allowed[static_cast<std::size_t>(orders)]) << GetParam().weak << '\n' << program;
    }
}

INSTANTIATE_TEST_SUITE_P(Shapes, LitmusTest, testing::ValuesIn(litmus_shapes()),
                         [](const auto& shape) { return std::string(shape.param.name); });

// Known from GenMC, too. What an execution costs must not grow with its fences more than with anything else in it; that is
// measured (bench/engines.cpp), but not asserted.
TEST(Litmus, store_buffering_round_after_round_has_the_known_number_of_executions_with_fences) {
    const std::size_t known[] = {3, 19, 141, 1107, 8953};
    Program program;
    program.locations = 2;
    program.threads.resize(2);
    for (const std::size_t executions : known) {
        for (const std::size_t own : {std::size_t{0}, std::size_t{1}}) {
            Thread& thread = program.threads[own];
            thread.push_back({.kind = Kind::store, .location = own, .value = thread.size() + 1});
            thread.push_back({.kind = Kind::fence, .order = std::memory_order_seq_cst});
            thread.push_back({.kind = Kind::load, .location = 1 - own});
        }
        EXPECT_EQ(explored_executions(program).size(), executions);
    }
}

TEST(Litmus, has_at_least_60_shapes_with_orders) { EXPECT_GE(3 * litmus_shapes().size(), 60U); }

// Relacy's loads see the latest store or the one before, and its full search is over those: it reaches less.
TEST(Litmus, whatever_outcome_relacy_reaches_the_exhaustive_engine_reaches) {
    std::size_t compared = 0;
    std::set<std::string> ours_only;
    for (const Litmus& shape : litmus_shapes()) {
        for (const Orders orders : all_orders) {
            const Program program = program_of(shape, orders);
            const auto ours = outcomes_on("exhaustive", program, 60s).outcomes;
            const auto [theirs, all] = outcomes_on("relacy", program, 500ms);  // those that end take a tenth of it
            for (const std::string& outcome : theirs)
                EXPECT_TRUE(ours.contains(outcome)) << shape.name << ": " << outcome << " on Relacy only\n" << program;
            compared += theirs.size();
            for (const std::string& outcome : ours)
                if (all && !theirs.contains(outcome))
                    ours_only.insert(std::string(shape.name) + " " + name_of(orders) + ": " + outcome);
        }
    }
    EXPECT_GT(compared, 3 * litmus_shapes().size());
    // All of one kind: Relacy's coherence order is the order in which the stores run, but C++ lets a store come before one
    // that ran earlier. Each of these outcomes needs that in two locations at once, or beside a read of the later store.
    const std::set<std::string> known{"S relaxed: 1|210",
                                      "2plus2W relaxed: |110",
                                      "2plus2W release/acquire: |110",
                                      "3_2W relaxed: |111",
                                      "3_2W release/acquire: |111",
                                      "WWC relaxed: 21|210",
                                      "WRW2W relaxed: 1|120",
                                      "WRW2W relaxed: 1|220",
                                      "WRW2W relaxed: 2|220",
                                      "WRW2W release/acquire: 2|220"};
    EXPECT_EQ(ours_only, known);
}

}  // namespace
}  // namespace heddle::oracle
