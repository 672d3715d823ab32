#include "robustness.hpp"

#include <cstdio>
#include <string>

#include <fmt/format.h>

#include "report/columns.hpp"
#include "report/trace.hpp"
#include "report/wording.hpp"

namespace heddle::harness {

namespace {

/// A check that fails is no program whose executions are worth a name; one that was not explored to the end may have others.
std::string robustness_of(const Verdict& verdict) {
    if (!verdict.robust) return fmt::format("robust: ?    {} ({}: {})\n", verdict.name, verdict.engine, found(verdict));
    if (*verdict.robust) return fmt::format("robust: yes  {}\n", verdict.name);
    return fmt::format("robust: no   {}\n  an execution that is no interleaving of its threads:\n{}", verdict.name,
                       columns(Trace(*verdict.weak_execution)));
}

}  // namespace

bool show_robustness(std::vector<Job> jobs, std::chrono::duration<double> budget, unsigned processes) {
    std::erase_if(jobs, [](const Job& job) { return job.check.expected.has_value(); });
    for (Job& job : jobs) job.asked.robustness = true;
    RunnerOptions options{.explore = {.budget = budget}, .processes = processes};
    options.finished = [](std::size_t /*job*/, const Verdict& verdict) {
        std::fputs(robustness_of(verdict).c_str(), stdout);
        std::fflush(stdout);
    };
    std::size_t yes = 0;
    std::size_t no = 0;
    for (const Verdict& verdict : run_jobs(jobs, options)) {
        if (!verdict.robust) continue;
        ++(*verdict.robust ? yes : no);
    }
    std::printf("%zu checks: %zu robust, %zu not, %zu unknown\n", jobs.size(), yes, no, jobs.size() - yes - no);
    return yes + no == jobs.size() && !jobs.empty();
}

}  // namespace heddle::harness
