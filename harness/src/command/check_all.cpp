#include "check_all.hpp"

#include <map>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "exit_status.hpp"
#include "interruption.hpp"
#include "necessity.hpp"
#include "outputs.hpp"
#include "progress.hpp"
#include "report/annotations.hpp"
#include "report/report.hpp"
#include "report/wording.hpp"
#include "selection.hpp"
#include "terminal.hpp"

namespace heddle::harness {

namespace {

/// A row and, if it failed, why: as soon as the verdict is there.
void show(const Verdict& verdict, const Arguments& arguments, const std::string& program, const Terminal& terminal) {
    if (arguments.verbose) print(terminal.painted(row(verdict)));
    print(terminal.painted(explanation(verdict, replay_command(verdict, program))));
    flush_output();
}

std::string not_asked(const std::map<std::string, std::vector<std::string>>& declined, bool by_name) {
    std::string text;
    for (const auto& [reason, names] : declined)
        text +=
            fmt::format("not run on {}: {}\n", reason,
                        by_name ? fmt::format("{}", fmt::join(names, ", ")) : fmt::format("{} models", names.size()));
    return text;
}

}  // namespace

int check_all(const Arguments& arguments, const std::string& settings, const std::string& program) {
    auto [jobs, declined] = select_jobs(arguments);
    for (Job& job : jobs) {
        job.asked.passing = !arguments.html.empty();  // only a page has room for it
        job.asked.every_permutation = arguments.every_permutation;
    }
    const SourceFiles sources(SourceFiles::usual_root());
    Outputs outputs(arguments, sources);
    const RequestedWeakening weakening(arguments.weaken);
    const Terminal terminal;
    print(settings);
    flush_output();

    RunnerOptions options;
    options.explore.budget = std::chrono::duration<double>(arguments.budget_seconds);
    options.explore.weakening = weakening.get();
    options.processes = arguments.workers;
    ProgressLine progress(jobs, options, terminal);
    bool has_failed = false;
    options.started = [&](std::size_t job) { progress.started(job); };
    options.progress = [&](std::size_t job, const engine::Progress& now) { progress.progress(job, now); };
    options.finished = [&](std::size_t job, const Verdict& verdict) {
        has_failed = has_failed || !verdict.met();
        progress.erase();
        show(verdict, arguments, program, terminal);
        progress.finished(job, verdict);
    };
    options.stops = [&] { return Interruption::signal() != 0 || (arguments.fail_fast && has_failed); };
    const Interruption interruption;
    Results results{.verdicts = run_jobs(jobs, options)};
    results.not_run = jobs.size() - results.verdicts.size();

    progress.erase();
    print(terminal.painted('\n' + (arguments.verbose ? table(results) : summary(results))));
    print(not_asked(declined, arguments.verbose));
    if (arguments.annotations) print(annotations(results.verdicts, sources));
    outputs.write(results, program);
    check_output();
    if (const int signal = Interruption::signal(); signal != 0 && results.not_run != 0) return exit_signal + signal;
    return results.are_green() ? exit_green : exit_failed;
}

}  // namespace heddle::harness
