// A counterexample as the pages' template wants it.
#pragma once

#include <kainjow/mustache.hpp>
#include <optional>

#include "report/source_files.hpp"
#include "report/trace.hpp"

namespace heddle::harness {

/// The threads, one lane each.
kainjow::mustache::data lanes_view(const Trace& trace);
/// The rows of the steps, each in the lane of its thread. `differs`: the step where the execution and another one part.
kainjow::mustache::data rows_view(const Trace& trace, std::optional<std::size_t> differs);
/// The objects that steps with numbers use, each with what was written to it and read from it in the order of the steps.
kainjow::mustache::data objects_view(const Trace& trace);
/// The files that the steps are in, with the lines around them.
kainjow::mustache::data sources_view(const Trace& trace, const SourceFiles& sources);
/// A JSON array for the page's script: {"from": step, "to": step, "kind": "orders", "reads", "stale", "held" or "missing", "text"}.
std::string edges_json(const Trace& trace);

}  // namespace heddle::harness
