#include "options.hpp"

#include <CLI/CLI.hpp>
#include <cstdlib>

#include <fmt/format.h>

#include "exit_status.hpp"
#include "necessity.hpp"
#include "selection.hpp"

namespace heddle::harness {

namespace {

// More is a slip: half a month.
constexpr double longest_budget_seconds = 1e6;

CLI::Validator a_budget() {
    return {[](const std::string& text) {
                const double seconds = std::strtod(text.c_str(), nullptr);
                return seconds > 0 && seconds <= longest_budget_seconds
                           ? std::string()
                           : fmt::format("a budget is more than 0 and at most {:.0f} seconds", longest_budget_seconds);
            },
            ""};
}

void add_selection(CLI::App& app, Arguments& arguments) {
    app.add_option(
           "--filter", arguments.filters,
           "check the models whose name matches GLOB, or engine:GLOB, label:GLOB (model, broken, an invariant); !GLOB "
           "leaves out; a comma joins what must all hold, several filters take what each does")
        ->type_name("FILTER")
        ->allow_extra_args(false)
        ->envname("HEDDLE_FILTER");
    app.add_option("--engine", arguments.engine, "use one engine (default: every one): " + engine_names())
        ->type_name("NAME")
        ->envname("HEDDLE_ENGINE");
    app.add_option("--budget", arguments.budget_seconds,
                   "seconds of processor time per model, after which it counts as not checked")
        ->type_name("SECONDS")
        ->check(a_budget())
        ->capture_default_str()
        ->envname("HEDDLE_BUDGET");
    app.add_option("--workers,--jobs", arguments.workers, "models to check at the same time, a process each")
        ->type_name("N")
        ->check(CLI::Range(1, 256))
        ->capture_default_str()
        ->envname("HEDDLE_WORKERS");
    app.add_flag("--fail-fast", arguments.fail_fast, "end at the first model that does not meet its expectation")
        ->envname("HEDDLE_FAIL_FAST");
}

void add_reports(CLI::App& app, Arguments& arguments) {
    app.add_flag("--verbose", arguments.verbose, "show a row for every model, and not only a summary")
        ->envname("HEDDLE_VERBOSE");
    app.add_option("--json", arguments.json, "write the results to FILE as JSON; - with --list: to standard output")
        ->type_name("FILE")
        ->envname("HEDDLE_JSON");
    app.add_option("--junit", arguments.junit, "write the results to FILE as JUnit XML")
        ->type_name("FILE")
        ->envname("HEDDLE_JUNIT");
    app.add_option("--sarif", arguments.sarif, "write the failures to FILE as SARIF 2.1.0")
        ->type_name("FILE")
        ->envname("HEDDLE_SARIF");
    app.add_option("--html", arguments.html, "write a page for each failure and an index of them to DIR")
        ->type_name("DIR")
        ->envname("HEDDLE_HTML");
    app.add_flag("--annotations", arguments.annotations,
                 "print the failures as annotations of GitHub (default: if GITHUB_ACTIONS is set)")
        ->envname("GITHUB_ACTIONS");
}

std::string from_environment(const CLI::App& app, const std::string& option) {
    const CLI::Option* const given = app.get_option(option);
    const char* const value = std::getenv(given->get_envname().c_str());
    const bool is_from_there = value != nullptr && given->results() == CLI::results_t{value};
    return is_from_there ? fmt::format(" ({})", given->get_envname()) : "";
}

}  // namespace

std::unique_ptr<CLI::App> command_line(Arguments& arguments) {
    auto app = std::make_unique<CLI::App>("Explores the executions of models of concurrent code.");
    app->set_version_flag("--version", "heddle " HEDDLE_VERSION);
    add_selection(*app, arguments);
    add_reports(*app, arguments);
    app->add_option("--replay", arguments.replay, "run one failing execution again, step by step; from a file: @FILE")
        ->type_name("TOKEN");
    app->add_flag("--every-permutation", arguments.every_permutation,
                  "explore threads that a model declares alike in each of their orders, not in one");
    app->add_flag("--list", arguments.list, "list the models, those that --filter takes");
    app->add_flag("--robust", arguments.robust,
                  "say of each model whether every execution is sequentially consistent, and show one that is not");
    add_necessity_options(*app, arguments);
    app->footer("Exit status:\n" + exit_statuses());
    return app;
}

std::string exit_statuses() {
    return fmt::format(
        "  {:<3} at least one model was checked, and each met its expectation; a replay: it does not fail\n"
        "  {:<3} one did not, or not all were checked; a replay: it fails again\n"
        "  {:<3} the arguments make no sense, or what was found cannot be written\n"
        "  {:<3} a replay: the token is not of this program\n"
        "  {:<3} ended by Ctrl-C: what was done by then is told\n"
        "  {:<3} ended by SIGTERM: likewise\n",
        exit_green, exit_failed, exit_usage, exit_other_program, exit_interrupted, exit_terminated);
}

std::string settings(const CLI::App& app, const Arguments& arguments) {
    const std::string filters =
        arguments.filters.empty()
            ? "every model"
            : fmt::format("filter '{}'{}", fmt::join(arguments.filters, "' '"), from_environment(app, "--filter"));
    return fmt::format("{}; engines {}{}; budget {} s each{}; {} worker{}{}{}{}{}\n", filters,
                       arguments.engine.empty() ? engine_names() : arguments.engine, from_environment(app, "--engine"),
                       arguments.budget_seconds, from_environment(app, "--budget"), arguments.workers,
                       arguments.workers == 1 ? "" : "s", from_environment(app, "--workers"),
                       arguments.fail_fast ? "; ends at the first failure" : "", from_environment(app, "--fail-fast"),
                       arguments.every_permutation ? "; alike threads in each order" : "");
}

}  // namespace heddle::harness
