// What the text says of the steps of an execution: how many of them it shows, and by which names.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include <heddle/harness/verdict.hpp>

#include "report/cause.hpp"
#include "report/html.hpp"

namespace heddle::harness {
namespace {

using engine::Counterexample;
using engine::OperationKind;
using testing::HasSubstr;
using testing::Not;

/// The page of the HTML report on it.
std::string page_of(const Counterexample& counterexample) {
    Verdict verdict;
    verdict.outcome = engine::Outcome::failed;
    verdict.counterexample = counterexample;
    return html_report({.verdicts = {verdict}}, SourceFiles("/"), "program").back().text;
}

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

/// One thread ends an object and gives a mutex back; the other takes it, and uses the object.
Counterexample used_after_its_end() {
    Counterexample counterexample{
        .kind = engine::FailureKind::use_after_free, .message = "used", .thread = 1, .other_step = 0};
    counterexample.objects = {{"a", engine::ObjectKind::plain, {}}, {"mutex", engine::ObjectKind::mutex, {}}};
    const auto add = [&](std::uint64_t thread, OperationKind kind, std::size_t object) {
        counterexample.steps.push_back({.thread = thread,
                                        .kind = kind,
                                        .object = object,
                                        .success = true,
                                        .finished = kind != OperationKind::read});
    };
    add(0, OperationKind::destroy, 0), add(0, OperationKind::unlock, 1);
    add(1, OperationKind::lock, 1), add(1, OperationKind::read, 0);
    counterexample.steps[2].reads_from = 1;
    return counterexample;
}

TEST(Uses, after_the_end_of_an_object_are_not_said_to_lack_an_order_that_they_have) {
    const Counterexample counterexample = used_after_its_end();
    EXPECT_THAT(describe(counterexample), HasSubstr("\n    step 4 comes after step 1 in every order\n"));
    const std::string page = page_of(counterexample);
    EXPECT_THAT(page, HasSubstr("<h1>thread 0 destroys a in step 1, and thread 1 reads it in step 4</h1>"));
    EXPECT_THAT(page, Not(HasSubstr("nothing orders")));
}

Counterexample on_the_heap() {
    Counterexample counterexample{.kind = engine::FailureKind::assertion, .message = "it is false", .thread = 0};
    counterexample.objects = {{"heap#10+8", engine::ObjectKind::atomic, {}}};
    counterexample.legend = {{"heap#1", "4 bytes"}, {"heap#10", "16 bytes of thread 0"}, {"heap#2", "8 bytes"}};
    for (const char* const value : {"0", "&heap#2", "3"})
        counterexample.steps.push_back(
            {.kind = OperationKind::store, .object = 0, .value = value, .finished = true, .place = {"a/file.cpp", 1}});
    return counterexample;
}

TEST(Legend, explains_each_name_of_the_steps_once_and_no_other) {
    const Counterexample counterexample = on_the_heap();
    EXPECT_THAT(describe(counterexample), HasSubstr("\n  heap#10: 16 bytes of thread 0\n  heap#2: 8 bytes\n"));
    EXPECT_THAT(in_brief(Trace(counterexample)), testing::EndsWith("\nheap#10: 16 bytes of thread 0\nheap#2: 8 bytes"));
    const std::string page = page_of(counterexample);
    EXPECT_THAT(page, HasSubstr("<li>heap#10: 16 bytes of thread 0</li>\n<li>heap#2: 8 bytes</li>"));
    EXPECT_THAT(page, Not(HasSubstr("heap#1:")));
}

TEST(Legend, leaves_out_what_the_message_explains) {
    Counterexample counterexample = on_the_heap();
    counterexample.message = "heap#2 (8 bytes) is lost";
    EXPECT_THAT(describe(counterexample), Not(HasSubstr("heap#2: 8 bytes")));
    EXPECT_THAT(describe(counterexample), HasSubstr("\n  heap#10: 16 bytes of thread 0\n"));
}

}  // namespace
}  // namespace heddle::harness
