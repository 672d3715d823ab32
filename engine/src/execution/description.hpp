// What was recorded of an execution, for people. Not on the path of a step: only a failing execution comes here.
#pragma once

#include <optional>
#include <string>
#include <utility>

#include <heddle/engine/exploration.hpp>

#include "effects.hpp"
#include "execution.hpp"

namespace heddle::engine {

/// If the end of a recorded execution is long, and a thread has only looked there without a yield, or has only yielded: what
/// is said of that, and where its loop is.
std::optional<std::pair<std::string, Site>> endless_loop(const Execution& execution);

/// What was recorded of the execution, whether it has failed or not. `effects`: of its steps.
Counterexample counterexample_of(const Execution& execution, Effects effects);

/// Says in `found` what was recorded of the execution, which has failed, and how to have it again. `effects`: of its
/// steps.
void describe_failure(Exploration& found, const Execution& execution, Replay replay, Effects effects);

}  // namespace heddle::engine
