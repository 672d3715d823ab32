// Runs that end early, or whose results have no place to go: what is told, what is left behind.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "harness/process.hpp"

namespace heddle {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using tests::contents;
using tests::Ended;
using tests::Process;
using tests::run;

/// A check that fails at once, and one that outlasts any test.
std::vector<std::string> one_that_ends_and_one_that_does_not(const std::string& json) {
    return {"--engine", "exhaustive", "--filter", "BrokenTwinThatHolds", "--filter", "IsTooLarge", "--budget",
            "1000",     "--json",     json,       "--workers",           "2"};
}

class Signal : public testing::TestWithParam<int> {};

TEST_P(Signal, ends_a_run_with_what_it_has_found_and_without_its_workers) {
    const std::string path = tests::temporary(".interrupted.json");
    Process process(HEDDLE_RED_MODELS, one_that_ends_and_one_that_does_not(path));
    ASSERT_TRUE(process.says("FAILED  BrokenTwinThatHolds"));
    const auto workers = process.children();
    ASSERT_FALSE(workers.empty());
    process.signal(GetParam());
    const Ended ended = process.end();
    EXPECT_EQ(ended.status, 128 + GetParam()) << ended.output;
    EXPECT_THAT(ended.output, HasSubstr("0 of 1 met, 1 not run"));
    for (const pid_t worker : workers) EXPECT_FALSE(tests::still_runs(worker));
    const auto json = nlohmann::json::parse(contents(path));
    fs::remove(path);
    EXPECT_EQ(json.at("models").size(), 1U);
    EXPECT_EQ(json.at("summary").at("not_run"), 1);
    EXPECT_EQ(json.at("summary").at("green"), false);
}

INSTANTIATE_TEST_SUITE_P(Ending, Signal, testing::Values(SIGINT, SIGTERM));

TEST(Ending, by_a_signal_is_red_even_if_nothing_had_failed) {
    const std::string path = tests::temporary(".interrupted.xml");
    Process process(HEDDLE_RED_MODELS, {"--filter", "IsTooLarge", "--budget", "1000", "--junit", path});
    ASSERT_TRUE(process.says("budget"));
    while (process.children().empty()) continue;
    process.signal(SIGINT);
    EXPECT_EQ(process.end().status, 130);
    EXPECT_THAT(contents(path), HasSubstr("tests=\"1\" failures=\"0\" errors=\"1\""));
    fs::remove(path);
}

TEST(Ending, of_a_process_that_is_killed_leaves_neither_workers_nor_half_a_file) {
    const std::string path = tests::temporary(".killed.json");
    std::ofstream(path) << "as it was";
    pid_t worker = 0;
    {
        Process process(HEDDLE_RED_MODELS, one_that_ends_and_one_that_does_not(path));
        ASSERT_TRUE(process.says("FAILED  BrokenTwinThatHolds"));
        EXPECT_TRUE(fs::exists(path + ".part")) << "it is written beside its place";
        ASSERT_FALSE(process.children().empty());
        worker = process.children().front();
        process.signal(SIGKILL);
        EXPECT_EQ(process.end().status, 128 + SIGKILL);
    }
    EXPECT_FALSE(tests::still_runs(worker));
    EXPECT_EQ(contents(path), "as it was");
    fs::remove(path);
    fs::remove(path + ".part");
}

TEST(Ending, well_renames_what_was_written_beside_its_place) {
    const std::string path = tests::temporary(".whole.json");
    EXPECT_EQ(run(HEDDLE_FAILING_MODELS, "--engine relacy --filter Leaks --json " + path).status, 0);
    EXPECT_FALSE(fs::exists(path + ".part"));
    EXPECT_EQ(nlohmann::json::parse(contents(path)).at("summary").at("green"), true);
    fs::remove(path);
}

TEST(Ending, comes_with_the_first_failure_if_that_is_asked_for) {
    const Ended red =
        run(HEDDLE_RED_MODELS, "--engine exhaustive --fail-fast --filter 'BrokenTwin*' --filter IsTooLarge");
    EXPECT_EQ(red.status, 1);
    EXPECT_THAT(red.output, HasSubstr("0 of 1 met, 2 not run"));
}

TEST(Ending, of_a_worker_by_the_program_has_the_bounds_of_the_front_end_too) {
    const std::string path = tests::temporary(".killed_worker.json");
    const Ended red = run(HEDDLE_RED_MODELS, "--engine exhaustive --filter KillsItsProcess --json " + path);
    EXPECT_EQ(red.status, 1);
    const auto verdict = nlohmann::json::parse(contents(path)).at("models").at(0);
    fs::remove(path);
    EXPECT_THAT(verdict.at("message"), HasSubstr("was killed"));
    EXPECT_THAT(verdict.at("bounds"), testing::EndsWith(", Lock by its specification"));
}

TEST(FullDisk, is_an_error_wherever_the_results_go) {
    const std::string program = std::string(HEDDLE_FAILING_MODELS) + " --engine relacy --filter Leaks";
    for (const char* arguments : {"", "--list", "--verbose", "--help", "--replay relacy:Leaks:full:0~00000001"}) {
        const Ended lost = run("bash -c '" + program + ' ' + arguments + " >/dev/full'", "");
        EXPECT_EQ(lost.status, 2) << arguments << lost.output;
        EXPECT_THAT(lost.output, HasSubstr("standard output cannot be written: No space left on device")) << arguments;
    }
    for (const char* flag : {"--json", "--junit", "--sarif"}) {
        const Ended lost = run(program, std::string(flag) + " /dev/full");
        EXPECT_EQ(lost.status, 2) << flag;
        EXPECT_THAT(lost.output, HasSubstr("writing to '/dev/full' failed"));
        EXPECT_THAT(lost.output, HasSubstr("1 of 1 met")) << "what there is to say is said";
    }
}

TEST(FullDisk, is_an_error_of_pages_too_and_keeps_no_other_report_from_being_written) {
    const fs::path folder = tests::temporary(".pages");
    fs::create_directories(folder);
    fs::create_symlink("/dev/full", folder / "index.html");
    const std::string path = tests::temporary(".beside.xml");
    const Ended lost = run(HEDDLE_FAILING_MODELS, "--engine relacy --filter Leaks --json /dev/full --junit " + path +
                                                      " --html " + folder.string());
    EXPECT_EQ(lost.status, 2);
    EXPECT_THAT(lost.output, HasSubstr("index.html' failed"));
    EXPECT_THAT(contents(path), HasSubstr("tests=\"1\" failures=\"0\""));
    fs::remove_all(folder);
    fs::remove(path);
}

}  // namespace
}  // namespace heddle
