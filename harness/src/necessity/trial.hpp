// Checks on operations that are weaker than the program has them.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include <heddle/harness/verdict.hpp>

#include "runner/runner.hpp"
#include "weaker_operation.hpp"

namespace heddle::harness {

/// A check that holds as it is, and the operations that it comes by.
struct Witness {
    Check check;
    const engine::Engine* engine = nullptr;
    std::vector<engine::OperationSite> operations;

    bool comes_by(const engine::OperationSite& site) const;
};

/// What became of the witnesses of a weakening.
struct Trial {
    std::vector<WeakerOperation> weaker;  ///< applied at once
    std::vector<std::string> passed;      ///< the checks that hold nevertheless
    std::vector<std::string> undecided;   ///< those that were not explored to the end, and why
    std::optional<Verdict> death;         ///< of the first one that fails
};

/// How far trials go.
struct TrialOptions {
    std::chrono::duration<double> budget{};  ///< of one exploration
    unsigned processes = 1;
};

/// Explores, for each trial, the witnesses that come by all that is weaker in it, in their order, until one fails.
void run_trials(std::vector<Trial>& trials, const std::vector<Witness>& witnesses, const TrialOptions& options);

}  // namespace heddle::harness
