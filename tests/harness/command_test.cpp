// What the command line selects, shows and says of itself.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <sstream>
#include <string>

#include <nlohmann/json.hpp>

#include "harness/process.hpp"

namespace heddle {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using tests::Ended;
using tests::Process;
using tests::run;

Ended failing(const std::string& arguments) { return run(HEDDLE_FAILING_MODELS, arguments); }

std::vector<std::string> listed(const std::string& arguments) {
    const Ended list = failing("--list --json - " + arguments);
    EXPECT_EQ(list.status, 0) << list.output;
    std::vector<std::string> names;
    const auto json = nlohmann::json::parse(list.output);
    for (const auto& model : json.at("models")) names.push_back(model.at("model"));
    return names;
}

TEST(Selection, takes_what_each_of_several_filters_takes) {
    EXPECT_THAT(listed("--filter 'Le*' --filter SpinsForEver"), testing::ElementsAre("Leaks", "SpinsForEver"));
}

TEST(Selection, leaves_out_what_is_negated) {
    EXPECT_THAT(listed("--filter 'S*' --filter '!Spins*'"), testing::ElementsAre("Sampled", "StartsTooManyThreads"));
    EXPECT_THAT(listed("--filter 'S*' --filter=-Spins*"), testing::ElementsAre("Sampled", "StartsTooManyThreads"));
}

TEST(Selection, knows_engines_and_labels) {
    EXPECT_THAT(listed("--filter 'label:model,S*'"), testing::ElementsAre("Sampled"));
    const Ended one = failing("--filter 'engine:relacy,Leaks'");
    EXPECT_THAT(one.output, AllOf(HasSubstr("1 of 1 met"), HasSubstr("Leaks (relacy)"))) << one.output;
    EXPECT_THAT(failing("--filter colour:red").output, HasSubstr("there is no 'colour:'"));
    EXPECT_EQ(failing("--filter colour:red").status, 2);
}

TEST(Selection, of_nothing_is_an_error_of_a_list_too) {
    const Ended none = failing("--list --filter 'No*Such'");
    EXPECT_EQ(none.status, 2);
    EXPECT_THAT(none.output, HasSubstr("none of 16 models matches --filter 'No*Such'"));
}

TEST(Lists, say_as_json_what_a_model_claims_and_who_runs_it) {
    const auto list = nlohmann::json::parse(failing("--list --json - --filter Leaks").output);
    EXPECT_EQ(list.at("version"), 1);
    const auto& leaks = list.at("models").at(0);
    EXPECT_EQ(leaks.at("expected"), "leak");
    EXPECT_THAT(leaks.at("engines"), testing::ElementsAre("exhaustive", "relacy"));
    EXPECT_TRUE(leaks.at("declined").contains("threads"));
}

TEST(Lists, go_to_a_file) {
    const std::string path = tests::temporary(".list");
    EXPECT_EQ(failing("--list --json " + path).status, 0);
    EXPECT_EQ(nlohmann::json::parse(tests::contents(path)).at("models").size(), 16U);
    std::filesystem::remove(path);
}

TEST(Help, says_what_the_exit_statuses_mean_and_which_variables_count) {
    const Ended help = failing("--help");
    EXPECT_EQ(help.status, 0);
    EXPECT_THAT(help.output,
                AllOf(HasSubstr("Exit status:"), HasSubstr("130"), HasSubstr("143"), HasSubstr("HEDDLE_BUDGET")));
    const Ended version = failing("--version");
    EXPECT_EQ(version.status, 0);
    EXPECT_THAT(version.output, testing::MatchesRegex("heddle [0-9]+\\.[0-9]+\\.[0-9]+\n"));
}

TEST(Environment, gives_values_and_the_run_says_so) {
    const Ended one =
        run("HEDDLE_FILTER=Leaks HEDDLE_BUDGET=5 HEDDLE_WORKERS=2 " HEDDLE_FAILING_MODELS, "--engine relacy");
    EXPECT_EQ(one.status, 0);
    EXPECT_THAT(one.output, testing::StartsWith("filter 'Leaks' (HEDDLE_FILTER); engines relacy; budget 5 s each "
                                                "(HEDDLE_BUDGET); 2 workers (HEDDLE_WORKERS)\n"));
    EXPECT_THAT(one.output, HasSubstr("1 of 1 met"));
}

TEST(Environment, yields_to_the_command_line) {
    const Ended one = run("HEDDLE_FILTER=Leaks " HEDDLE_FAILING_MODELS, "--engine relacy --filter ThrowsOut");
    EXPECT_THAT(one.output, testing::StartsWith("filter 'ThrowsOut'; engines relacy;"));
    EXPECT_EQ(run("HEDDLE_BUDGET=soon " HEDDLE_FAILING_MODELS, "").status, 2);
}

std::size_t lines_in(const std::string& text) {
    return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

TEST(Summary, fits_on_a_screen_and_verbose_has_the_rows) {
    const std::string arguments = "--filter 'engine:relacy,[!S]*' --filter engine:threads";
    const Ended brief = failing(arguments);
    EXPECT_EQ(brief.status, 0);
    EXPECT_LE(lines_in(brief.output), 24U) << brief.output;
    EXPECT_THAT(brief.output, Not(HasSubstr("ok   Leaks")));
    const Ended all = failing(arguments + " --verbose");
    EXPECT_THAT(all.output, HasSubstr("ok   Leaks (relacy): failed (leak), as it must"));
    EXPECT_THAT(
        all.output,
        HasSubstr("not run on threads: a broken twin on real threads is undefined behaviour: AllocatesTooMuch"));
    EXPECT_GT(lines_in(all.output), 2 * 12U) << "a row when it is done, and one of the table";
}

TEST(Summary, repeats_the_row_of_a_failure_whose_report_came_before) {
    const Ended red = run(HEDDLE_RED_MODELS, "--engine exhaustive --filter 'BrokenTwin*' --filter HasNoThreads");
    const auto report = red.output.find("FAILED  BrokenTwinThatHolds");
    const auto row = red.output.find("FAIL BrokenTwinThatHolds (exhaustive): exhausted, expected data_race");
    ASSERT_NE(report, std::string::npos) << red.output;
    ASSERT_NE(row, std::string::npos) << red.output;
    EXPECT_LT(report, row);
}

TEST(Annotations, are_printed_where_GITHUB_ACTIONS_is_set) {
    const std::string arguments = "--engine exhaustive --filter BrokenTwinOfAnotherKind";
    const Ended there = run("GITHUB_ACTIONS=true " HEDDLE_RED_MODELS, arguments);
    EXPECT_EQ(there.status, 1);
    EXPECT_THAT(there.output, testing::ContainsRegex("\n::error [^\n]*title=BrokenTwinOfAnotherKind \\(exhaustive\\)"));
    EXPECT_THAT(run("env -u GITHUB_ACTIONS " HEDDLE_RED_MODELS, arguments).output, Not(HasSubstr("::error")));
    EXPECT_THAT(run("env -u GITHUB_ACTIONS " HEDDLE_RED_MODELS, arguments + " --annotations").output,
                HasSubstr("\n::error"));
}

constexpr const char* erased = "\r\033[K";

TEST(Terminal, shows_one_line_that_fits_and_that_is_gone_in_the_end) {
    constexpr unsigned short columns = 50;
    Process process(
        "/usr/bin/env",
        {"NO_COLOR=1", HEDDLE_FAILING_MODELS, "--engine", "exhaustive", "--filter", "[FLR]*", "--workers", "2"},
        columns);
    const Ended ended = process.end();
    EXPECT_EQ(ended.status, 0) << ended.output;
    std::size_t shown = 0;
    for (auto at = ended.output.find(erased); at != std::string::npos; at = ended.output.find(erased, at + 1)) {
        const std::string line = ended.output.substr(at + 4, ended.output.find('\r', at + 4) - at - 4);
        if (!line.starts_with('[')) continue;
        ++shown;
        EXPECT_LT(line.size(), columns) << line;
        EXPECT_EQ(line.find('\n'), std::string::npos) << line;
    }
    EXPECT_GT(shown, 6U) << "a line at each beginning and end";
    EXPECT_EQ(ended.output.find('[', ended.output.rfind(erased) + 4), std::string::npos) << "the last one is erased";
}

TEST(Terminal, has_colours_but_where_NO_COLOR_forbids_them) {
    const std::vector<std::string> arguments{"--engine", "exhaustive", "--filter", "BrokenTwinThatHolds"};
    EXPECT_THAT(Process(HEDDLE_RED_MODELS, arguments, 80).end().output, HasSubstr("\033[31;1mFAILED\033[0m"));
    std::vector<std::string> without{"NO_COLOR=1", HEDDLE_RED_MODELS};
    without.insert(without.end(), arguments.begin(), arguments.end());
    EXPECT_THAT(Process("/usr/bin/env", without, 80).end().output,
                AllOf(HasSubstr("FAILED  BrokenTwinThatHolds"), Not(HasSubstr("\033[31"))));
}

TEST(Terminal, is_needed_for_a_line_that_moves) {
    EXPECT_THAT(failing("--engine exhaustive --filter Leaks").output,
                AllOf(Not(HasSubstr("\r")), Not(HasSubstr("\033"))));
}

}  // namespace
}  // namespace heddle
