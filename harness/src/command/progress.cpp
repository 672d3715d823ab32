#include "progress.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "report/wording.hpp"

namespace heddle::harness {

namespace {

std::vector<std::string> engines_of(const std::vector<Job>& jobs) {
    std::vector<std::string> engines;
    engines.reserve(jobs.size());
    for (const Job& job : jobs) engines.emplace_back(job.engine->name());
    return engines;
}

std::string duration(Forecast::Seconds seconds) {
    constexpr std::chrono::seconds longest_in_seconds{100};
    if (seconds < longest_in_seconds) return fmt::format("{:.0f} s", seconds.count());
    constexpr std::chrono::minutes longest_in_minutes{100};
    if (seconds < longest_in_minutes) return fmt::format("{:.0f} min", seconds.count() / 60);
    return fmt::format("{:.1f} h", seconds.count() / 3600);
}

}  // namespace

ProgressLine::ProgressLine(const std::vector<Job>& jobs, const RunnerOptions& options, const Terminal& terminal)
    : jobs_(jobs), terminal_(terminal), forecast_(engines_of(jobs), options.processes, options.explore.budget) {}

void ProgressLine::started(std::size_t job) {
    forecast_.started(job, now());
    show();
}

void ProgressLine::progress(std::size_t job, const engine::Progress& progress) {
    forecast_.progress(job, progress, now());
    show();
}

void ProgressLine::finished(std::size_t job, const Verdict& verdict) {
    forecast_.finished(job, verdict.executions, now());
    if (!verdict.met()) ++failed_;
    show();
}

void ProgressLine::erase() const {
    if (terminal_.can_erase()) print("\r\033[K");
}

std::string ProgressLine::text() const {
    std::string text = fmt::format("[{}/{}] {} executions, {} a second", forecast_.done(), jobs_.size(),
                                   with_commas(forecast_.executions()),
                                   with_commas(static_cast<std::uint64_t>(forecast_.rate(now()))));
    if (const auto left = forecast_.left(now())) text += fmt::format(", {} left", duration(*left));
    if (failed_ != 0) text += fmt::format(", {} FAILED", failed_);
    const char* before = ": ";
    for (const std::size_t job : forecast_.running()) {
        text += fmt::format("{}{} ({})", before, jobs_[job].check.name, jobs_[job].engine->name());
        before = ", ";
    }
    return text;
}

void ProgressLine::show() const {
    if (!terminal_.can_erase()) return;
    // A line that reaches the last column is broken by some terminals, and the next one is not written over it.
    const std::size_t room = terminal_.width() - 1;
    std::string line = text();
    if (line.size() > room) line = line.substr(0, room - std::min<std::size_t>(room, 3)) + "...";
    erase();
    print(line);
    flush_output();
}

}  // namespace heddle::harness
