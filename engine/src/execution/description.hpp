// What was recorded of an execution, for people. Not on the path of a step: only a failing execution comes here.
#pragma once

#include <heddle/engine/exploration.hpp>

#include "effects.hpp"
#include "execution.hpp"

namespace heddle::engine {

/// What was recorded of the execution, whether it has failed or not. `effects`: of its steps.
Counterexample counterexample_of(const Execution& execution, Effects effects);

/// Says in `found` what was recorded of the execution, which has failed, and how to have it again. `effects`: of its
/// steps.
void describe_failure(Exploration& found, const Execution& execution, Replay replay, Effects effects);

}  // namespace heddle::engine
