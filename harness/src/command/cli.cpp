#include <fnmatch.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <heddle/harness/command.hpp>

#include "arguments.hpp"
#include "exit_status.hpp"
#include "necessity.hpp"
#include "outputs.hpp"
#include "replayed.hpp"
#include "replay_token.hpp"
#include "report/annotations.hpp"
#include "report/report.hpp"
#include "report/wording.hpp"
#include "robustness.hpp"
#include "runner/runner.hpp"

namespace heddle::harness {

namespace {

// More is a slip: half a month.
constexpr double longest_budget_seconds = 1e6;

std::string engine_names() {
    std::string names;
    for (const engine::Engine* engine : engine::engines())
        names += fmt::format("{}{}", names.empty() ? "" : ", ", engine->name());
    return names;
}

const engine::Engine& engine_named(std::string_view name) {
    for (const engine::Engine* engine : engine::engines()) {
        if (engine->name() == name) return *engine;
    }
    throw UsageError(fmt::format("there is no engine '{}' in this build; it has: {}", name, engine_names()));
}

const Check& check_named(const std::vector<Check>& checks, std::string_view name) {
    for (const Check& check : checks) {
        if (check.name == name) return check;
    }
    throw UsageError(fmt::format("there is no model '{}' here; --list shows all of them", name));
}

/// What the arguments select, and what of it the engines decline.
struct Selection {
    std::vector<Job> jobs;
    std::map<std::string, std::vector<std::string>> declined;  // by engine and reason: the models
};

Selection select_jobs(const Arguments& arguments) {
    std::vector<const engine::Engine*> chosen = engine::engines();
    if (!arguments.engine.empty()) chosen = {&engine_named(arguments.engine)};
    Selection selection;
    const auto checks = registered_checks();
    for (const engine::Engine* engine : chosen) {
        for (const Check& check : checks) {
            if (fnmatch(arguments.filter.c_str(), check.name.c_str(), 0) != 0) continue;
            const std::string& reason = check.offer(*engine).declined;
            if (reason.empty()) selection.jobs.push_back({check, engine});
            else selection.declined[fmt::format("{}: {}", engine->name(), reason)].push_back(check.name);
        }
    }
    if (selection.jobs.empty()) {
        throw UsageError(fmt::format("no model to check: none of {} models matches --filter '{}'{}; --list shows them",
                                     checks.size(), arguments.filter,
                                     arguments.engine.empty() ? "" : " on engine " + arguments.engine));
    }
    return selection;
}

/// One line that shows on a terminal what goes on; silent elsewhere.
class ProgressLine {
  public:
    explicit ProgressLine(std::size_t total) : total_(total), on_(isatty(STDOUT_FILENO) == 1) {}

    void show(const Job& job, const engine::Progress& progress) {
        if (!on_) return;
        if (job.check.name + std::string(job.engine->name()) != shown_) {
            shown_ = job.check.name + std::string(job.engine->name());
            since_ = std::chrono::steady_clock::now();
        }
        const std::chrono::duration<double> so_far = std::chrono::steady_clock::now() - since_;
        const std::string left =
            progress.explored > 0
                ? fmt::format(", about {:.2g} % of all, {:.0f} s left as it looks", 100 * progress.explored,
                              so_far.count() / progress.explored - so_far.count())
                : "";
        std::printf("\r\033[K[%zu/%zu] %s (%s): %s executions, %.0f a second%s", done_, total_, job.check.name.c_str(),
                    std::string(job.engine->name()).c_str(), with_commas(progress.executions).c_str(),
                    static_cast<double>(progress.executions) / std::max(so_far.count(), 0.5), left.c_str());
        std::fflush(stdout);
    }

    void finished(const Verdict& verdict) {
        ++done_;
        if (on_) std::printf("\r\033[K");
        std::printf("[%zu/%zu] %-4s %s (%s, %s)  %s executions, %.1f s\n", done_, total_, verdict.met() ? "ok" : "FAIL",
                    verdict.name.c_str(), verdict.engine.c_str(),
                    std::string(engine::to_string(verdict.outcome)).c_str(), with_commas(verdict.executions).c_str(),
                    verdict.seconds);
        std::fflush(stdout);
    }

  private:
    std::size_t total_;
    std::size_t done_ = 0;
    bool on_;
    std::string shown_;                              // whose progress the line shows
    std::chrono::steady_clock::time_point since_{};  // when it showed that first
};

int check_all(const Arguments& arguments, const std::string& program) {
    const auto [jobs, declined] = select_jobs(arguments);
    const SourceFiles sources(SourceFiles::usual_root());
    Outputs outputs(arguments, sources);

    const RequestedWeakening weakening(arguments.weaken);
    ProgressLine progress(jobs.size());
    RunnerOptions options;
    options.explore.budget = std::chrono::duration<double>(arguments.budget_seconds);
    options.explore.weakening = weakening.get();
    options.processes = arguments.processes;
    options.progress = [&](const Job& job, const engine::Progress& now) { progress.show(job, now); };
    options.finished = [&](const Verdict& verdict) {
        progress.finished(verdict);
        std::fputs(explanation(verdict, replay_command(verdict, program)).c_str(), stdout);
    };
    const auto verdicts = run_jobs(jobs, options);

    std::printf("\n%s", table(verdicts).c_str());
    for (const auto& [reason, names] : declined) {
        std::printf("not run on %s: %s\n", reason.c_str(), fmt::format("{}", fmt::join(names, ", ")).c_str());
    }
    if (arguments.annotations) std::printf("%s", annotations(verdicts, sources).c_str());
    outputs.write(verdicts, program);
    const bool green =
        std::all_of(verdicts.begin(), verdicts.end(), [](const Verdict& verdict) { return verdict.met(); });
    return green ? exit_green : exit_failed;
}

int replay(const Arguments& arguments) {
    ReplayToken token;
    try {
        token = ReplayToken::read(arguments.replay);
    } catch (const std::invalid_argument& error) {
        throw UsageError(error.what());
    }
    const auto checks = registered_checks();
    const Job job{check_named(checks, token.check), &engine_named(token.engine)};
    const RequestedWeakening weakening(arguments.weaken);
    RunnerOptions options;
    options.explore.budget = std::chrono::duration<double>(arguments.budget_seconds);
    options.explore.replay = token.replay;
    options.explore.weakening = weakening.get();
    const Verdict verdict = run_jobs({job}, options).front();
    std::fputs(replayed(verdict).c_str(), stdout);
    return status_of_replay(verdict);
}

/// Where one engine has to be asked, it is the one that visits every execution.
std::vector<Job> select_exhaustive(Arguments arguments) {
    if (arguments.engine.empty()) arguments.engine = "exhaustive";
    return select_jobs(arguments).jobs;
}

int necessity(const Arguments& arguments, bool has_budget, const std::string& program) {
    constexpr double usual_budget_seconds = 2;
    const std::chrono::duration<double> budget(has_budget ? arguments.budget_seconds : usual_budget_seconds);
    return show_necessity(select_exhaustive(arguments), arguments, budget, program) ? exit_green : exit_failed;
}

std::string described_twin(const Check& twin) {
    return fmt::format("  [broken twin: {}{}]", engine::to_string(*twin.expected),
                       twin.breaks.empty() ? "" : fmt::format(", breaks: {}", twin.breaks));
}

void list() {
    for (const Check& check : registered_checks()) {
        std::printf("%-32s %s%s%s\n", check.name.c_str(), check.claim.c_str(),
                    check.invariants.empty() ? "" : fmt::format("  [shows: {}]", check.invariants).c_str(),
                    check.expected ? described_twin(check).c_str() : "");
    }
    std::printf("engines: %s\n", engine_names().c_str());
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

    const CLI::Validator a_budget(
        [](const std::string& text) {
            const double seconds = std::strtod(text.c_str(), nullptr);
            return seconds > 0 && seconds <= longest_budget_seconds
                       ? std::string()
                       : fmt::format("a budget is more than 0 and at most {:.0f} seconds", longest_budget_seconds);
        },
        "");
    CLI::App app("Explores the executions of models of concurrent code.");
    Arguments arguments;
    app.add_option("--filter", arguments.filter, "check the models whose name matches GLOB")->type_name("GLOB");
    app.add_option("--engine", arguments.engine, "use one engine (default: every one): " + engine_names())
        ->type_name("NAME");
    app.add_option("--budget", arguments.budget_seconds,
                   "seconds of processor time per model, after which it counts as not checked")
        ->type_name("SECONDS")
        ->check(a_budget)
        ->capture_default_str();
    app.add_option("--jobs", arguments.processes, "models to check at the same time")
        ->type_name("N")
        ->check(CLI::Range(1, 256))
        ->capture_default_str();
    app.add_option("--json", arguments.json, "write the results to FILE as JSON")->type_name("FILE");
    app.add_option("--junit", arguments.junit, "write the results to FILE as JUnit XML")->type_name("FILE");
    app.add_option("--sarif", arguments.sarif, "write the failures to FILE as SARIF 2.1.0")->type_name("FILE");
    app.add_option("--html", arguments.html, "write a page for each failure and an index of them to DIR")
        ->type_name("DIR");
    app.add_flag("--annotations", arguments.annotations,
                 "print the failures as annotations of GitHub (default: if GITHUB_ACTIONS is set)")
        ->envname("GITHUB_ACTIONS");
    app.add_option("--replay", arguments.replay, "run one failing execution again, step by step; from a file: @FILE")
        ->type_name("TOKEN");
    app.add_flag("--list", arguments.list, "list the models");
    app.add_flag("--robust", arguments.robust,
                 "say of each model whether every execution is sequentially consistent, and show one that is not");
    add_necessity_options(app, arguments);
    try {
        app.parse(argc, argv);
        if (arguments.list) return list(), exit_green;
        if (arguments.robust)
            return show_robustness(select_exhaustive(arguments),
                                   std::chrono::duration<double>(arguments.budget_seconds), arguments.processes)
                       ? exit_green
                       : exit_failed;
        if (arguments.necessity.is_asked_for) return necessity(arguments, app.count("--budget") != 0, this_program());
        return app.count("--replay") == 0 ? check_all(arguments, this_program()) : replay(arguments);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? exit_green : exit_usage;
    } catch (const UsageError& error) {
        std::fprintf(stderr, "heddle: %s\n", error.what());
        return exit_usage;
    } catch (const std::exception& error) {
        std::fprintf(stderr, "heddle: harness error: %s\n", error.what());
        return exit_usage;
    }
}

}  // namespace heddle::harness
