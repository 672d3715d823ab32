// Small programs whose verdict has been wrong once: each has the right one on both engines, and says the right thing.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <unistd.h>

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "engine/explore.hpp"
#include "harness/possible.hpp"
#include "runner/runner.hpp"

namespace heddle::tests {
namespace {

using testing::HasSubstr;

struct Engines {
    static std::vector<std::string> with_fibers() { return {"exhaustive", "relacy"}; }
};

class Case : public testing::TestWithParam<std::tuple<std::string, std::string>> {};

std::vector<std::string> names_of_cases() {
    std::vector<std::string> names;
    for (const harness::Check& check : harness::registered_checks()) names.push_back(check.name);
    return names;
}

TEST_P(Case, meets_its_expectation) {
    const auto& [engine, model] = GetParam();
    const Verdict verdict = explore_on(engine, model);
    EXPECT_TRUE(verdict.met()) << to_string(verdict.outcome) << ' ' << verdict.message << '\n' << report_of(verdict);
    if (!verdict.counterexample) return;
    EXPECT_THAT(harness::impossibilities(*verdict.counterexample), testing::IsEmpty()) << report_of(verdict);
    EXPECT_THAT(harness::hardships(*verdict.counterexample), testing::IsEmpty()) << report_of(verdict);
}

INSTANTIATE_TEST_SUITE_P(, Case,
                         testing::Combine(testing::ValuesIn(Engines::with_fibers()),
                                          testing::ValuesIn(names_of_cases())),
                         [](const auto& one) { return std::get<0>(one.param) + "_" + std::get<1>(one.param); });

struct Message {
    const char* model;
    const char* says;
};
void PrintTo(const Message& message, std::ostream* out) { *out << message.model; }

class Says : public testing::TestWithParam<Message> {};

TEST_P(Says, what_went_wrong) {
    for (const std::string& engine : Engines::with_fibers()) {
        const Verdict verdict = explore_on(engine, GetParam().model);
        EXPECT_THAT(verdict.message + report_of(verdict), HasSubstr(GetParam().says)) << engine;
    }
}

INSTANTIATE_TEST_SUITE_P(
    Case, Says,
    testing::Values(
        Message{"StackObjectOutlived", "'flag' is used after its destruction"},
        Message{"DeletedTwice", "'data' is destroyed twice"},
        Message{"PlainUseThenRelaxed", "a thread destroys 'data' while another may still use it"},
        Message{"LeakOfALocal", "'counter' was never destroyed"},
        Message{"LargeFrame4000", "a thread needs more than the 1024 KiB of stack"},
        Message{"RecursesForEver", "a thread needs more than the 1024 KiB of stack"},
        Message{"FollowsANullPointer", " address 0, through a null pointer"},
        Message{"Aborts", "the program called abort()"}, Message{"AssertsWhatIsFalse", "the assertion '!last' failed"},
        Message{"Exits", "the program ends its process: exit(0)"}, Message{"Forks", "the code under check forks"},
        Message{"NeverEnds", "without a step that an engine sees"},
        Message{"SpinWithoutYield", "it wants a P::yield()"}, Message{"SpinWithoutYield", "cases/loops.cpp:"},
        Message{"EndsWithItsMutex", "a thread ends while it holds a mutex"},
        Message{"StdMutexLeftIn", "the code under check uses a std::mutex, which no engine sees"},
        Message{"StdThreadLeftIn", "what it needs is P::spawn"},
        Message{"StdAtomicLeftIn", "the code under check uses a std::atomic"},
        Message{"StdSleep", "uses a sleep of the system (std::this_thread)"},
        Message{"StdYield", "std::this_thread::yield(), which no engine sees; what it needs is P::yield()"},
        Message{"PosixSemaphore", "uses a sem_t"},
        Message{"OrdinaryVariablesOnly", "nothing was checked: no two threads met"},
        Message{"YieldsForEver", "a thread yields for ever in the loop at"},
        Message{"ArrayDeletedAsOne", "memory from new[] is given back by delete"},
        Message{"DeletesTheMiddle", "memory is given back that is not where an allocation begins"},
        Message{"StartsAProcess", "starts a process (system)"},
        Message{"IgnoresSignals", "changes what signals do (signal)"},
        Message{"EndsByPthreadExit", "calls pthread_exit, which is not supported"},
        Message{"ForksByASystemCall", "the code under check forks"},
        Message{"OverwritesItsCaller", "the program has overwritten its stack"},
        Message{"OverwritesTheEngine", "the program has overwritten its stack"},
        Message{"OverwritesMoreThanItsStack", "the program has overwritten its stack"},
        Message{"CallsNothing", " address 0, through a null pointer"},
        Message{"SignalsItsParent", "sends signals to another process (kill)"},
        Message{"WritesOverAnother", "the program wrote beyond the end of memory"},
        Message{"ZeroedAtomic", "'other' is used, but its memory was overwritten"},
        Message{"StdConditionNotifies", "uses a std::condition_variable"},
        Message{"StdThreadId", "asks for the thread of the system that runs it"},
        Message{"StdAtomicLoadOfAnOwner", "that make a std::shared_ptr atomic"},
        Message{"PosixThreadData", "what it needs is a thread_local variable"},
        Message{"CMutex", "uses the threads of C (mtx_lock)"},
        Message{"KernelWait", "uses a wait in the kernel (poll)"},
        Message{"KernelSleep", "uses a sleep of the system (sleep)"},
        Message{"KernelAlarm", "has signals sent (alarm)"}),
    [](const auto& one) { return one.param.model + std::to_string(one.index); });

TEST(CaseOfNoThreads, is_misuse_on_every_engine) {
    for (const engine::Engine* const engine : engine::engines()) {
        const engine::Exploration found = engine->explore({.threads = 0, .make = [] { return nullptr; }}, {});
        EXPECT_EQ(found.kind, failure::misuse) << engine->name();
        EXPECT_EQ(found.outcome, Outcome::misuse) << engine->name();
        EXPECT_THAT(found.message, HasSubstr("the model has 0 threads")) << engine->name();
    }
}

/// What real threads show has no steps; those of the exhaustive engine are put beside it.
TEST(CaseOfRealThreads, that_fails_has_the_steps_of_another_engine) {
    struct Fails : engine::Instance {
        void thread(int /*index*/) override { check(false, "the object is gone"); }
        void after() override {}
    };
    for (harness::Check check : harness::registered_checks()) {
        if (check.name != "WeakPtrDecides") continue;
        check.expected.reset();
        check.offers["threads"].program = {.threads = 1, .make = [] { return std::make_unique<Fails>(); }};
        const Verdict verdict = harness::run_check(check, *engine::engines().back());
        EXPECT_EQ(verdict.engine, "threads");
        EXPECT_TRUE(verdict.counterexample);
        EXPECT_THAT(verdict.token, testing::StartsWith("exhaustive:WeakPtrDecides:"));
        EXPECT_THAT(verdict.message, HasSubstr("the exhaustive engine shows how"));
        return;
    }
    FAIL() << "there is no WeakPtrDecides";
}

/// What nobody sees to wait, and what nobody ends.
TEST(CaseOfASleep, in_the_kernel_is_a_deadlock) {
    struct Sleeps : engine::Instance {
        void thread(int /*index*/) override {
            int ends[2];
            char byte = 0;
            check(pipe(ends) == 0 && read(ends[0], &byte, 1) == 0);
        }
        void after() override {}
    };
    harness::Check check{.name = "Sleeps", .claim = "somebody writes (nobody does)", .expected = failure::deadlock};
    std::vector<harness::Job> jobs;
    for (const engine::Engine* const engine : engine::engines()) {
        if (engine->name() == "threads") continue;
        check.offers[std::string(engine->name())].program = {.threads = 1,
                                                             .make = [] { return std::make_unique<Sleeps>(); }};
        jobs.push_back({.check = check, .engine = engine});
    }
    const auto verdicts = harness::run_jobs(jobs, {.processes = 2, .longest_sleep = std::chrono::seconds(1)});
    ASSERT_EQ(verdicts.size(), 2U);
    for (const Verdict& verdict : verdicts) {
        EXPECT_TRUE(verdict.met()) << verdict.engine << ": " << verdict.message;
        EXPECT_THAT(verdict.message, HasSubstr("has slept for 1 s")) << verdict.engine;
    }
}

TEST(CaseOfCuts, that_asks_for_owners_says_that_they_are_not_followed) {
    for (const std::string& engine : Engines::with_fibers())
        EXPECT_THAT(explore_on(engine, "OwnersOfAnotherMake").cut,
                    testing::Contains(HasSubstr("that P::make_shared did not make")))
            << engine;
}

TEST(CaseOfCuts, that_counts_its_looks_says_that_their_number_makes_no_difference) {
    for (const std::string& engine : Engines::with_fibers()) {
        for (const char* const model : {"GivesUpVeryLate", "CountsItsLooks", "CountsItsLooksInAThreadLocal"})
            EXPECT_THAT(explore_on(engine, model).cut, testing::Contains(HasSubstr("after more than 10000 looks")))
                << engine << ' ' << model;
        EXPECT_THAT(explore_on(engine, "LooksForItsFlag").cut, testing::IsEmpty()) << engine;
    }
    EXPECT_THAT(explore_on("exhaustive", "RetriesThenGivesUp").cut, testing::IsEmpty()) << "it has failed before";
    EXPECT_THAT(explore_on("exhaustive", "SpinGivesUp").cut, testing::IsEmpty()) << "time has ended it";
    EXPECT_THAT(explore_on("exhaustive", "SpinOnLoads").cut,
                testing::Contains(HasSubstr("which counts them and gives up")));
}

TEST(CaseOfCuts, that_reads_a_file_says_that_files_are_not_seen) {
    for (const std::string& engine : Engines::with_fibers())
        EXPECT_THAT(explore_on(engine, "ReadsAFile").cut,
                    testing::Contains(HasSubstr("what files, pipes and sockets do")))
            << engine;
}

TEST(CaseOfCuts, that_polls_says_that_time_outs_are_bounded) {
    for (const std::string& engine : Engines::with_fibers())
        EXPECT_THAT(explore_on(engine, "PollsWithATimedWait").cut,
                    testing::Contains(HasSubstr("what a thread does after more than 4 time-outs")))
            << engine;
}

}  // namespace
}  // namespace heddle::tests
