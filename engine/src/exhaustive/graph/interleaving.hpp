// Whether an execution is sequentially consistent.
#pragma once

#include "graph.hpp"

namespace heddle::engine::exhaustive {

/// Requires: every read of the graph has a source. Returns: whether the events of all threads have an order in which each
/// read finds the latest write: whether program order, reads-from, coherence and from-reads together have no cycle.
bool has_interleaving(const Graph& graph);

}  // namespace heddle::engine::exhaustive
