// Where a failing execution and one that passes part.
#include <gtest/gtest.h>

#include "report/difference.hpp"

namespace heddle::harness {
namespace {

using engine::Counterexample;
using engine::OperationKind;

Counterexample::Step step(std::uint64_t thread, OperationKind kind, const char* value) {
    return {
        .thread = thread, .kind = kind, .object = 0, .value = value, .read = value, .success = true, .finished = true};
}

/// Thread 0 stores 1, thread 1 loads it.
Counterexample one_that_passes() {
    Counterexample execution;
    execution.objects = {{"a", engine::ObjectKind::atomic, {}}};
    execution.steps = {step(Counterexample::main_thread, OperationKind::construct, "0"),
                       step(0, OperationKind::store, "1"), step(1, OperationKind::load, "1")};
    execution.steps[2].reads_from = 1;
    return execution;
}

std::optional<Difference> difference_from_it(const Counterexample& failing) {
    const Counterexample passing = one_that_passes();
    return first_difference(Trace(failing), Trace(passing));
}

TEST(ADifference, is_none_between_an_execution_and_itself_in_another_order) {
    EXPECT_FALSE(difference_from_it(one_that_passes()));
    Counterexample independent = one_that_passes();
    independent.steps[2].reads_from = 0;
    Counterexample other = independent;
    std::swap(other.steps[1], other.steps[2]);
    EXPECT_FALSE(first_difference(Trace(independent), Trace(other)));
}

TEST(ADifference, is_the_first_step_that_does_or_finds_something_else) {
    Counterexample failing = one_that_passes();
    failing.steps[2].read = "0";
    const auto difference = difference_from_it(failing);
    ASSERT_TRUE(difference);
    EXPECT_EQ(difference->step, 2U);
    EXPECT_EQ(difference->instead, 2U);
}

TEST(ADifference, is_where_the_same_value_comes_from_elsewhere) {
    Counterexample failing = one_that_passes();
    failing.steps[2].reads_from = 0;
    EXPECT_TRUE(difference_from_it(failing));
}

TEST(ADifference, is_where_the_other_execution_has_no_such_step) {
    Counterexample failing = one_that_passes();
    failing.steps.push_back(step(1, OperationKind::load, "1"));
    const auto difference = difference_from_it(failing);
    ASSERT_TRUE(difference);
    EXPECT_EQ(difference->step, 3U);
    EXPECT_FALSE(difference->instead);
}

}  // namespace
}  // namespace heddle::harness
