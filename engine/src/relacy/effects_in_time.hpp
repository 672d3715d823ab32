// What the times at which the steps of a Relacy execution were complete say of their order.
#pragma once

#include "execution/effects.hpp"
#include "execution/execution.hpp"

namespace heddle::engine::relacy {

/// Relacy orders stores as they happen, but does not say which of them a load has read: it is taken to be the latest one
/// of that value. Requires: `execution` recorded its steps.
Effects effects_of(const Execution& execution);

}  // namespace heddle::engine::relacy
