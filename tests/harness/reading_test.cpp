// Four failures that need no weak memory, and whose reports once misled their reader: what each must say.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "found.hpp"
#include "possible.hpp"
#include "report/trace.hpp"

namespace heddle::harness {
namespace {

using engine::Counterexample;
using engine::OperationKind;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class Reader : public testing::TestWithParam<const char*> {
  protected:
    void read(const char* model) {
        const auto verdicts =
            verdicts_of(HEDDLE_TRACED_MODELS, std::string("--filter ") + model + " --engine " + GetParam());
        ASSERT_EQ(verdicts.size(), 1U);
        found = verdicts.front().counterexample.value();
        report = describe(found);
        EXPECT_FALSE(found.needs_weak_memory()) << report;
        EXPECT_THAT(report, Not(HasSubstr("STALE")));
        EXPECT_THAT(impossibilities(found), IsEmpty()) << report;
    }

    std::vector<Counterexample::Step> steps(OperationKind kind) const {
        std::vector<Counterexample::Step> chosen;
        for (const auto& step : found.steps)
            if (step.kind == kind) chosen.push_back(step);
        return chosen;
    }

    Counterexample found;
    std::string report;
};

TEST_P(Reader, sees_a_load_of_the_first_value_before_the_store) {
    read("StoreComesFirst");
    EXPECT_THAT(report, HasSubstr("a.load(seq_cst) = 0, the first value"));
    const auto place = [&](const char* what) { return report.find(what); };
    if (!steps(OperationKind::store).empty()) {
        EXPECT_LT(place("a.load("), place("a.store("));
    }
}

TEST_P(Reader, is_not_told_that_the_first_value_is_stale) {
    read("NobodyCounts");
    const auto loads = steps(OperationKind::load);
    ASSERT_EQ(loads.size(), 2U);
    EXPECT_EQ(loads[0].read, "0");
    EXPECT_EQ(loads[1].read, "1");
}

TEST_P(Reader, sees_one_thread_at_a_time_in_a_mutex_at_lines_of_the_program) {
    read("FirstInTheMutex");
    EXPECT_THAT(report, HasSubstr("writes first = 1"));
    EXPECT_THAT(report, HasSubstr("reads first = 1"));
    EXPECT_THAT(report, Not(HasSubstr("c++/"))) << "a place in the standard library";
    const auto locks = steps(OperationKind::lock);
    ASSERT_GE(locks.size(), 2U);
    for (const auto& lock : locks) EXPECT_EQ(lock.place.file, "harness/traced_models.cpp");
}

TEST_P(Reader, can_tell_what_the_constructor_and_after_do_from_what_threads_do) {
    read("WritesAfterwards");
    for (const auto& store : steps(OperationKind::store))
        EXPECT_EQ(store.thread, Counterexample::main_thread) << report;
    const auto loads = steps(OperationKind::load);
    EXPECT_EQ(loads.back().thread, Counterexample::main_thread);
    EXPECT_EQ(loads.back().read, "3");
    EXPECT_THAT(report, HasSubstr("main"));
}

INSTANTIATE_TEST_SUITE_P(Reports, Reader, testing::Values("exhaustive", "relacy"),
                         [](const auto& one) { return one.param; });

/// The lines of a report that say what is the matter, and those that show it.
struct Loop {
    const char* model;
    const char* engine;
    const char* says;
};
void PrintTo(const Loop& loop, std::ostream* out) { *out << loop.model; }

class Loops : public testing::TestWithParam<Loop> {};

TEST_P(Loops, are_shown_once_with_what_they_wait_for) {
    const auto& [model, engine, says] = GetParam();
    const auto verdicts = verdicts_of(HEDDLE_WAITING_MODELS, std::string("--filter ") + model + " --engine " + engine);
    const std::string report = describe(verdicts.at(0).counterexample.value());
    EXPECT_THAT(report, HasSubstr(says));
    EXPECT_LE(std::count(report.begin(), report.end(), '\n'), 24) << report;
}

constexpr const char* no_end = "finds word = 1 each time, and not 0";

// Engine exhaustive leaves out who the failure does not depend on: the one who tries.
INSTANTIATE_TEST_SUITE_P(
    Reports, Loops,
    testing::Values(

        Loop{"SpinsByComparing", "exhaustive", no_end}, Loop{"SpinsByComparing", "relacy", no_end},
        Loop{"SpinsWithoutAWord", "exhaustive", no_end}, Loop{"SpinsWithoutAWord", "relacy", no_end},
        Loop{"SpinsByTrying", "exhaustive", "finds done = false each time"},
        Loop{"SpinsByTrying", "relacy", "finds mutex locked each time: thread 0 holds it since step 1\n"}),
    [](const auto& one) { return std::string(one.param.model) + '_' + one.param.engine; });

}  // namespace
}  // namespace heddle::harness
