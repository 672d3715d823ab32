// What holds of every graph at the end of a run.
#pragma once

#include <optional>
#include <string>

#include "graph.hpp"
#include "host/internal_error.hpp"

namespace heddle::engine::exhaustive {

/// Requires: every read of the graph has a source. Returns: which invariant is broken, and by which event; nothing if none
/// is.
std::optional<std::string> broken_invariant(const Graph& graph);

/// In Debug builds, ends the process with an internal error if an invariant is broken. It takes as long as the run did.
inline void assert_invariants([[maybe_unused]] const Graph& graph) {
#ifndef NDEBUG
    if (const auto broken = broken_invariant(graph)) internal_error(*broken);
#endif
}

}  // namespace heddle::engine::exhaustive
