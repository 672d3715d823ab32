// How far a run is, and how long the rest of it will take: from what its own rows have taken so far.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <heddle/engine/engine.hpp>

namespace heddle::harness {

/// Knows the jobs by their numbers. Times are those since the run began; none is earlier than one that was told before.
class Forecast {
  public:
    using Seconds = std::chrono::duration<double>;

    /// `engines`: of each job. `workers`: how many jobs run at the same time. `budget`: of each.
    Forecast(std::vector<std::string> engines, unsigned workers, Seconds budget);

    void started(std::size_t job, Seconds now);
    void progress(std::size_t job, const engine::Progress& progress, Seconds now);
    void finished(std::size_t job, std::uint64_t executions, Seconds now);

    std::size_t done() const { return done_; }
    /// Of all jobs, those that run included.
    std::uint64_t executions() const { return executions_; }
    /// Executions a second of all workers together, over the last seconds.
    double rate(Seconds now) const;
    /// Until the last job ends; nothing as long as there is nothing to tell it from.
    std::optional<Seconds> left(Seconds now) const;
    /// The jobs that run, the oldest first.
    std::vector<std::size_t> running() const;

  private:
    struct One {
        std::string engine;
        std::optional<Seconds> began;
        std::optional<Seconds> took;
        engine::Progress progress;
    };

    void count(std::size_t job, std::uint64_t executions, Seconds now);
    /// How long a job of that engine takes: the mean of those that are done, of any engine if there is none of it.
    std::optional<Seconds> usual(const std::string& engine) const;
    std::optional<Seconds> rest_of(const One& one, Seconds now) const;

    std::vector<One> jobs_;
    unsigned workers_;
    Seconds budget_;
    std::size_t done_ = 0;
    std::uint64_t executions_ = 0;
    std::deque<std::pair<Seconds, std::uint64_t>>
        counts_;  // how many executions there were by then, over the last seconds
};

}  // namespace heddle::harness
