#include "forecast.hpp"

#include <algorithm>

namespace heddle::harness {

namespace {

constexpr Forecast::Seconds window{5};  // a rate over less jumps, one over more is that of checks that are over

}  // namespace

Forecast::Forecast(std::vector<std::string> engines, unsigned workers, Seconds budget)
    : workers_(workers), budget_(budget), counts_{{Seconds(0), 0}} {
    for (std::string& engine : engines) jobs_.push_back({.engine = std::move(engine)});
}

void Forecast::started(std::size_t job, Seconds now) { jobs_[job].began = now; }

void Forecast::progress(std::size_t job, const engine::Progress& progress, Seconds now) {
    count(job, progress.executions, now);
    jobs_[job].progress = progress;
}

void Forecast::finished(std::size_t job, std::uint64_t executions, Seconds now) {
    progress(job, {.executions = executions}, now);
    jobs_[job].took = now - jobs_[job].began.value_or(now);
    ++done_;
}

void Forecast::count(std::size_t job, std::uint64_t executions, Seconds now) {
    // A search for a simpler counterexample counts anew.
    executions_ += executions - std::min(executions, jobs_[job].progress.executions);
    counts_.emplace_back(now, executions_);
    while (counts_.size() > 2 && counts_[1].first < now - window) counts_.pop_front();
}

double Forecast::rate(Seconds now) const {
    const auto& [since, before] = counts_.front();
    return now <= since ? 0 : static_cast<double>(executions_ - before) / (now - since).count();
}

std::optional<Forecast::Seconds> Forecast::usual(const std::string& engine) const {
    const auto mean = [&](auto counts) -> std::optional<Seconds> {
        Seconds sum{0};
        std::size_t many = 0;
        for (const One& one : jobs_)
            if (one.took && counts(one)) sum += *one.took, ++many;
        if (many == 0) return std::nullopt;
        return sum / static_cast<double>(many);
    };
    const auto of_engine = mean([&](const One& one) { return one.engine == engine; });
    return of_engine ? of_engine : mean([](const One&) { return true; });
}

std::optional<Forecast::Seconds> Forecast::rest_of(const One& one, Seconds now) const {
    if (one.took) return Seconds(0);
    const Seconds so_far = one.began ? now - *one.began : Seconds(0);
    std::optional<Seconds> rest;
    if (one.progress.explored > 0) rest = so_far / one.progress.explored - so_far;
    else if (const auto usually = usual(one.engine))
        rest = *usually > so_far ? *usually - so_far : so_far;  // what is late already may take as long again
    if (!rest) return std::nullopt;
    return std::min(*rest, std::max(budget_ - so_far, Seconds(0)));
}

std::optional<Forecast::Seconds> Forecast::left(Seconds now) const {
    Seconds sum{0};
    Seconds longest{0};
    for (const One& one : jobs_) {
        const auto rest = rest_of(one, now);
        if (!rest) return std::nullopt;
        sum += *rest;
        longest = std::max(longest, *rest);
    }
    return std::max(sum / static_cast<double>(workers_), longest);
}

std::vector<std::size_t> Forecast::running() const {
    std::vector<std::size_t> running;
    for (std::size_t job = 0; job != jobs_.size(); ++job)
        if (jobs_[job].began && !jobs_[job].took) running.push_back(job);
    std::sort(running.begin(), running.end(),
              [&](std::size_t a, std::size_t b) { return jobs_[a].began < jobs_[b].began; });
    return running;
}

}  // namespace heddle::harness
