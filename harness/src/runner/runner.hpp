// Runs many models, each in a process of its own, so that a crash or a hang is a verdict and not the end.
#pragma once

#include <chrono>
#include <cstdint>
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
    /// Called in this process when a job ends, and now and then while it runs (executions so far).
    std::function<void(const Verdict&)> finished;
    std::function<void(const Job&, const engine::Progress&)> progress;
};

/// Returns: a verdict per job, in the order of the jobs. A process that dies or does not end in time after its
/// budget yields a harness error.
std::vector<Verdict> run_jobs(const std::vector<Job>& jobs, const RunnerOptions& options);

}  // namespace heddle::harness
