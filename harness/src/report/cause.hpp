// Why it failed, in a few lines: both sides of a race and what is missing between them, who holds what, who waits for what.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "trace.hpp"

namespace heddle::harness {

/// Returns: lines of text, without indentation; the first ones say who and where.
std::vector<std::string> cause(const Trace& trace);
/// Returns: whether two steps at one object are in conflict although they are ordered: the first has ended the object.
bool comes_after_the_end(const Trace& trace);
/// Returns: what a step of that kind does to its object: "reads".
std::string_view verb_of(engine::OperationKind kind);
/// Returns: what went wrong, its cause and what short names in the steps stand for, a line each.
std::string in_brief(const Trace& trace);

/// Returns: whether an interleaving explains what was read; empty where nobody asks.
std::string about_memory(const Trace& trace);

}  // namespace heddle::harness
