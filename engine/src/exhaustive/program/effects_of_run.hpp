// What the graph of a failing run says of the order of its steps.
#pragma once

#include <array>
#include <cstdint>

#include "exhaustive/graph/graph.hpp"
#include "execution/effects.hpp"
#include "execution/execution.hpp"

namespace heddle::engine::exhaustive {

/// `events`: how many events of each thread have run. Requires: `execution` recorded the run that is in `graph`.
Effects effects_of(const Graph& graph, const Execution& execution,
                   const std::array<std::uint16_t, most_threads + 1>& events);

}  // namespace heddle::engine::exhaustive
