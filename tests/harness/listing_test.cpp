// What the text says of the steps of an execution: how many of them it shows, and by which names.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include <heddle/harness/verdict.hpp>

namespace heddle::harness {
namespace {

using engine::Counterexample;
using engine::OperationKind;
using testing::HasSubstr;
using testing::Not;

/// Two threads take turns, `steps` in all, and each step reads what is old.
Counterexample long_one(engine::FailureKind kind, std::size_t steps) {
    Counterexample counterexample{.kind = kind, .message = "it is long", .thread = (steps - 1) % 2};
    counterexample.objects = {{"a", engine::ObjectKind::atomic, {}}};
    for (std::size_t at = 0; at != steps; ++at)
        counterexample.steps.push_back({.thread = at % 2,
                                        .kind = OperationKind::load,
                                        .object = 0,
                                        .read = std::to_string(at),
                                        .finished = true,
                                        .newer = 0,
                                        .place = {"a/file.cpp", 1}});
    return counterexample;
}

TEST(LongExecutions, of_a_program_that_is_too_big_show_how_they_begin_and_end) {
    const std::string text = describe(long_one(engine::FailureKind::too_big, 300));
    EXPECT_LE(std::count(text.begin(), text.end(), '\n'), 20) << text;
    for (const char* const step : {"a.load(relaxed) = 0;", "a.load(relaxed) = 3;", "a.load(relaxed) = 298;"})
        EXPECT_THAT(text, HasSubstr(step));
    EXPECT_THAT(text, HasSubstr("... 288 lines are left out; --html and --json have them\n"));
    EXPECT_THAT(text, Not(HasSubstr("weak memory"))) << "no step of it is wrong";
}

TEST(LongExecutions, name_the_first_of_many_steps_that_need_weak_memory) {
    const std::string text = describe(long_one(engine::FailureKind::assertion, 300));
    EXPECT_LE(std::count(text.begin(), text.end(), '\n'), 60) << text;
    EXPECT_THAT(text, HasSubstr("step 5, step 6 and 294 more\n"));
    const std::string few = describe(long_one(engine::FailureKind::assertion, 6));
    EXPECT_THAT(few, HasSubstr("step 5, step 6\n"));
}

}  // namespace
}  // namespace heddle::harness
