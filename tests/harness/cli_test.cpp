// The command line of model executables, as a person or a CI server meets it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

#include <nlohmann/json.hpp>

#include "harness/process.hpp"

namespace heddle {
namespace {

using testing::HasSubstr;
using tests::contents;
using tests::Ended;
using tests::run;
using tests::temporary;

Ended failing(const std::string& arguments) { return run(HEDDLE_FAILING_MODELS, arguments); }
Ended red(const std::string& arguments) { return run(HEDDLE_RED_MODELS, arguments); }

std::string replay_token_in(const std::string& output) {
    const auto begin = output.find("--replay '");
    if (begin == std::string::npos) return "";
    const auto start = begin + std::string("--replay '").size();
    return output.substr(start, output.find('\'', start) - start);
}

TEST(CommandLine, every_kind_of_failure_is_found_and_named_by_both_engines) {
    for (const char* engine : {"relacy", "exhaustive"}) {
        const Ended all = failing(std::string("--engine ") + engine);
        EXPECT_EQ(all.status, 0) << all.output;
        EXPECT_THAT(all.output, HasSubstr("16 of 16 met"));
    }
}

TEST(CommandLine, models_run_on_real_threads) {
    const Ended all = failing("--engine threads");
    EXPECT_EQ(all.status, 0) << all.output;
    EXPECT_THAT(all.output, HasSubstr("2 of 2 met"));
}

TEST(CommandLine, a_filter_that_matches_nothing_is_an_error) {
    const Ended none = failing("--filter 'No*Such'");
    EXPECT_EQ(none.status, 2);
    EXPECT_THAT(none.output, HasSubstr("no model to check: none of 16 models matches --filter 'No*Such'"));
}

TEST(CommandLine, an_engine_that_the_build_lacks_is_an_error_that_lists_the_others) {
    const Ended none = failing("--engine loom");
    EXPECT_EQ(none.status, 2);
    EXPECT_THAT(none.output, HasSubstr("there is no engine 'loom' in this build; it has: exhaustive, relacy, threads"));
}

TEST(CommandLine, a_broken_twin_alone_cannot_run_on_real_threads) {
    const Ended none = failing("--engine threads --filter Leaks");
    EXPECT_EQ(none.status, 2);
    EXPECT_THAT(none.output, HasSubstr("no model to check"));
}

TEST(CommandLine, bad_flags_are_errors) {
    for (const char* arguments : {"--no-such-flag", "--budget 0", "--budget -1", "--budget soon", "--budget nan",
                                  "--budget 1e300", "--jobs 0", "--replay ''", "extra"})
        EXPECT_EQ(failing(arguments).status, 2) << arguments;
}

TEST(CommandLine, a_program_that_ruins_its_worker_costs_its_own_row_and_no_other) {
    const std::string path = temporary(".ruined.json");
    const Ended all = red("--budget 0.5 --engine exhaustive --json " + path);
    EXPECT_EQ(all.status, 1);
    const auto models = nlohmann::json::parse(contents(path)).at("models");
    std::filesystem::remove(path);
    EXPECT_EQ(models.size(), 16U);
    for (const auto& model : models) {
        const bool ruins = model.at("kind") == "crash" || model.at("model") == "Scribbles";
        EXPECT_NE(model.at("outcome"), "harness error") << model;
        EXPECT_EQ(ruins && model.at("met") == true, false) << model;
    }
}

TEST(CommandLine, a_file_that_cannot_be_written_is_an_error_before_the_work) {
    const Ended unwritable = failing("--json /no/such/directory/out.json");
    EXPECT_EQ(unwritable.status, 2);
    EXPECT_THAT(unwritable.output,
                HasSubstr("cannot write to '/no/such/directory/out.json', the file that --json names"));
}

TEST(CommandLine, bad_replay_tokens_are_errors_that_say_what_is_wrong) {
    const auto message = [](const std::string& token) {
        const Ended bad = failing("--replay '" + token + "'");
        EXPECT_EQ(bad.status, 2) << token;
        return bad.output;
    };
    EXPECT_THAT(message("nonsense"), HasSubstr("'nonsense' is not a replay token: it has too few parts"));
    EXPECT_THAT(message("relacy:Leaks:full:0"), HasSubstr("the check is missing"));
    EXPECT_THAT(message("relacy:Leaks:odd:0~1"), HasSubstr("the search is 'odd'"));
    EXPECT_THAT(message("relacy:Leaks:boundx:0~1"), HasSubstr("the bound is 'x', not a number"));
    EXPECT_THAT(message("relacy:Leaks:full:0!~1"), HasSubstr("'!' is not a choice"));
    EXPECT_THAT(message("relacy:Leaks:full:0(1~1"), HasSubstr("a '(' is not closed"));
    EXPECT_THAT(message("relacy:Leaks:full:0~xyz"), HasSubstr("the check is 'xyz', not a number"));
    EXPECT_THAT(message("relacy:NoModel:full:0~1"), HasSubstr("there is no model 'NoModel'"));
    EXPECT_THAT(message("loom:Leaks:full:0~1"), HasSubstr("there is no engine 'loom'"));
}

TEST(CommandLine, lists_the_models_and_the_engines) {
    const Ended list = failing("--list");
    EXPECT_EQ(list.status, 0);
    EXPECT_THAT(list.output, HasSubstr("[broken twin: data_race]"));
    EXPECT_THAT(list.output, HasSubstr("engines: exhaustive, relacy, threads"));
}

TEST(CommandLine, json_has_a_row_per_model_and_a_summary) {
    const std::string path = temporary(".json");
    EXPECT_EQ(failing("--engine relacy --filter '*s*' --json " + path).status, 0);
    const auto json = nlohmann::json::parse(contents(path));
    ASSERT_FALSE(json.at("models").empty());
    for (const auto& model : json.at("models")) {
        for (const char* key : {"model", "claim", "engine", "search", "bounds", "expected", "outcome", "kind",
                                "executions", "blocked", "seconds", "replay"})
            EXPECT_TRUE(model.contains(key)) << key;
    }
    EXPECT_EQ(json.at("summary").at("green"), true);
    EXPECT_EQ(json.at("summary").at("models"), json.at("models").size());
    std::filesystem::remove(path);
}

TEST(CommandLine, junit_counts_the_failures) {
    const std::string path = temporary(".xml");
    EXPECT_EQ(red("--engine relacy --filter 'BrokenTwin*' --junit " + path).status, 1);
    EXPECT_THAT(contents(path), HasSubstr("tests=\"2\" failures=\"2\""));
    std::filesystem::remove(path);
}

TEST(CommandLine, the_first_model_fails_as_the_README_shows) {
    const Ended first = run(HEDDLE_FIRST_MODEL, "--engine relacy");
    EXPECT_EQ(first.status, 1);
    EXPECT_THAT(first.output, HasSubstr('\n' + contents(HEDDLE_FIRST_MODEL_OUTPUT) + "  run it again:"));
}

TEST(CommandLine, a_replay_token_shows_the_same_failure_again) {
    for (const char* engine : {"relacy", "exhaustive"}) {
        const Ended first = red(std::string("--filter BrokenTwinOfAnotherKind --engine ") + engine);
        const std::string token = replay_token_in(first.output);
        ASSERT_FALSE(token.empty()) << first.output;
        const Ended again = red("--replay '" + token + "'");
        EXPECT_EQ(again.status, 1);
        EXPECT_THAT(again.output, HasSubstr("FAILED again"));
        EXPECT_THAT(again.output, HasSubstr("assertion: a check of the model is false"));
    }
}

TEST(CommandLine, every_kind_of_failure_can_be_replayed) {
    const std::string path = temporary(".replays.json");
    for (const char* engine : {"relacy", "exhaustive"}) {
        ASSERT_EQ(failing(std::string("--json ") + path + " --engine " + engine).status, 0);
        const auto json = nlohmann::json::parse(contents(path));
        int replayed = 0;
        for (const auto& model : json.at("models")) {
            const std::string token = model.at("replay");
            if (token.empty()) continue;
            ++replayed;
            const Ended again = failing("--replay '" + token + "'");
            EXPECT_EQ(again.status, 1) << token;
            EXPECT_THAT(again.output, HasSubstr("FAILED again"));
            EXPECT_THAT(again.output, HasSubstr(model.at("kind").get<std::string>() + ": "));
        }
        EXPECT_EQ(replayed, 12) << "one of each kind that a program can show again";
    }
    std::filesystem::remove(path);
}

TEST(CommandLine, a_token_of_another_program_is_told_from_a_failure) {
    for (const char* token : {"relacy:RacesOnData:full:00000000~00000001", "exhaustive:RacesOnData:full:1~00000001",
                              "exhaustive:RacesOnData:full:(77)~00000001"}) {
        const Ended other = failing(std::string("--replay '") + token + "'");
        EXPECT_EQ(other.status, 3);
        EXPECT_THAT(other.output, HasSubstr("NOT OF THIS PROGRAM"));
    }
}

TEST(CommandLine, a_token_is_taken_from_a_file) {
    const std::string path = temporary(".token");
    const Ended first = red("--filter BrokenTwinOfAnotherKind --engine exhaustive");
    std::ofstream(path) << replay_token_in(first.output) << '\n';
    const Ended again = red("--replay @" + path);
    std::filesystem::remove(path);
    EXPECT_EQ(again.status, 1);
    EXPECT_THAT(again.output, HasSubstr("FAILED again"));
    EXPECT_THAT(red("--replay @/no/such/file").output, HasSubstr("no replay token can be read from '/no/such/file'"));
}

TEST(CommandLine, a_googletest_run_prints_a_command_that_runs_the_execution_again) {
    const Ended first = red("--gtest_filter='exhaustive_broken.BrokenTwinOfAnotherKind'");
    const auto begin = first.output.find("HEDDLE_REPLAY=");
    ASSERT_NE(begin, std::string::npos) << first.output;
    const Ended again = run("env " + first.output.substr(begin, first.output.find('\n', begin) - begin), "");
    EXPECT_EQ(again.status, 1);
    EXPECT_THAT(again.output, HasSubstr("FAILED again"));
}

struct RedCase {
    const char* model;
    const char* says;
};
void PrintTo(const RedCase& red_case, std::ostream* out) { *out << red_case.model; }
class RedModel : public testing::TestWithParam<RedCase> {};

TEST_P(RedModel, turns_the_run_red_and_says_why) {
    const Ended result = red(std::string("--budget 0.5 --jobs 2 --filter ") + GetParam().model);
    EXPECT_EQ(result.status, 1) << result.output;
    EXPECT_THAT(result.output, HasSubstr(GetParam().says));
    EXPECT_THAT(result.output, HasSubstr("0 of 2 met"));  // exhaustive and relacy
}

INSTANTIATE_TEST_SUITE_P(
    CommandLine, RedModel,
    testing::Values(RedCase{"BrokenTwinThatHolds", "it must fail with data_race, but it was exhausted"},
                    RedCase{"BrokenTwinOfAnotherKind", "it must fail with data_race, but it was failed (assertion)"},
                    RedCase{"Crashes", "it must fail with assertion, but it was failed (crash)"},
                    RedCase{"ExitsQuietly", "the program ends its process: _Exit(0)"},
                    RedCase{"ExitsWithoutTheLibrary", "the program ends its process: a system call"},
                    RedCase{"KillsItsProcess", "the process of the program under check was killed: Killed"},
                    RedCase{"StopsItsProcess", "the process of the program under check was stopped by a signal"},
                    RedCase{"ClosesWhatIsOpen", "the program under check ended its process, with status 0"},
                    RedCase{"ForksWithoutTheLibrary", "the code under check forks"},
                    RedCase{"Scribbles", "the program under check wrote into what the verdict is sent through"},
                    RedCase{"GathersInAStatic", "or it depends on more than its choices"},
                    RedCase{"KeepsMemoryInAStatic", "or it depends on more than its choices"},
                    RedCase{"KeepsAnAtomicInAStatic", "or it depends on more than its choices"},
                    RedCase{"HasNoThreads", "the model has 0 threads"},
                    RedCase{"IsTooLarge", "the search did not end within its budget"}),
    [](const auto& red_case) { return std::string(red_case.param.model); });

}  // namespace
}  // namespace heddle
