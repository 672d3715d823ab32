#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <sstream>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include <heddle/harness/command.hpp>

#include "arguments.hpp"
#include "check_all.hpp"
#include "exit_status.hpp"
#include "necessity.hpp"
#include "options.hpp"
#include "outputs.hpp"
#include "replay_token.hpp"
#include "replayed.hpp"
#include "robustness.hpp"
#include "selection.hpp"
#include "terminal.hpp"

namespace heddle::harness {

namespace {

int replay(const Arguments& arguments) {
    ReplayToken token;
    try {
        token = ReplayToken::read(arguments.replay);
    } catch (const std::invalid_argument& error) {
        throw UsageError(error.what());
    }
    const Job job{check_named(registered_checks(), token.check), &engine_named(token.engine)};
    const RequestedWeakening weakening(arguments.weaken);
    RunnerOptions options;
    options.explore.budget = std::chrono::duration<double>(arguments.budget_seconds);
    options.explore.replay = token.replay;
    options.explore.weakening = weakening.get();
    const Verdict verdict = run_jobs({job}, options).front();
    print(replayed(verdict));
    return status_of_replay(verdict);
}

int necessity(const Arguments& arguments, bool has_budget, const std::string& program) {
    constexpr double usual_budget_seconds = 2;
    const std::chrono::duration<double> budget(has_budget ? arguments.budget_seconds : usual_budget_seconds);
    return show_necessity(select_exhaustive(arguments), arguments, budget, program) ? exit_green : exit_failed;
}

int list(const Arguments& arguments) {
    if (arguments.json.empty()) print(list_text(arguments));
    else if (arguments.json == "-") print(list_json(arguments));
    else OutputFile(arguments.json, "--json").write(list_json(arguments));
    return exit_green;
}

int answer(const CLI::App& app, const Arguments& arguments) {
    if (arguments.list) return list(arguments);
    if (arguments.robust)
        return show_robustness(select_exhaustive(arguments), std::chrono::duration<double>(arguments.budget_seconds),
                               arguments.workers)
                   ? exit_green
                   : exit_failed;
    if (arguments.necessity.is_asked_for) return necessity(arguments, app.count("--budget") != 0, this_program());
    if (app.count("--replay") != 0) return replay(arguments);
    return check_all(arguments, settings(app, arguments), this_program());
}

/// What --help and --version print, or what is wrong with the arguments.
int say(const CLI::App& app, const CLI::ParseError& said) {
    std::ostringstream output;
    std::ostringstream errors;
    const int status = app.exit(said, output, errors);
    print(output.str());
    std::fputs(errors.str().c_str(), stderr);
    check_output();
    return status == 0 ? exit_green : exit_usage;
}

int run_googletest(int argc, char** argv) {
    testing::InitGoogleTest(&argc, argv);
    register_googletest();
    const int status = RUN_ALL_TESTS();
    const auto& unit = *testing::UnitTest::GetInstance();
    if (GTEST_FLAG_GET(list_tests) || unit.test_to_run_count() > 0) return status;
    std::fprintf(stderr, "heddle: no model matches the --gtest_filter\n");
    return exit_usage;
}

}  // namespace

int model_main(int argc, char** argv) {
    const bool googletest = std::any_of(
        argv + 1, argv + argc, [](const char* argument) { return std::string_view(argument).starts_with("--gtest_"); });
    if (googletest) return run_googletest(argc, argv);

    Arguments arguments;
    const auto app = command_line(arguments);
    try {
        try {
            app->parse(argc, argv);
        } catch (const CLI::ParseError& said) {
            return say(*app, said);
        }
        const int status = answer(*app, arguments);
        check_output();
        return status;
    } catch (const UsageError& error) {
        std::fprintf(stderr, "heddle: %s\n", error.what());
        return exit_usage;
    } catch (const std::exception& error) {
        std::fprintf(stderr, "heddle: harness error: %s\n", error.what());
        return exit_usage;
    }
}

}  // namespace heddle::harness
