// Runs many models, each in a process of its own, so that a crash or a hang is a verdict and not the end.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include <heddle/harness/verdict.hpp>

#include "asked.hpp"

namespace heddle::harness {

/// One row of the table: a model and the engine that runs it.
struct Job {
    Check check;
    const engine::Engine* engine;
    const engine::Weakening* weakening = nullptr;  ///< of all its steps
    Asked asked = {};
};

struct RunnerOptions {
    engine::Limits explore;
    unsigned processes = 1;
    /// Called in this process with the number of a job: when it begins, now and then while it runs, and when it ends.
    std::function<void(std::size_t)> started;
    std::function<void(std::size_t, const engine::Progress&)> progress;
    std::function<void(std::size_t, const Verdict&)> finished;
    /// A budget is time on processors. A worker that has had none for so long sleeps, and will not wake.
    std::chrono::seconds longest_sleep{60};
    /// Asked several times a second: whether to end what runs, and to begin nothing more.
    std::function<bool()> stops;
};

/// Returns: a verdict per job, in the order of the jobs; if `stops` said so, only of those that had ended. A process that
/// dies or does not end in time after its budget yields a harness error.
std::vector<Verdict> run_jobs(const std::vector<Job>& jobs, const RunnerOptions& options);

}  // namespace heddle::harness
