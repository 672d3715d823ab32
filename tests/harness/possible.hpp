// Whether the steps of a counterexample can have happened in the order in which they stand, and whether a person can read
// them.
#pragma once

#include <string>
#include <vector>

#include <heddle/engine/counterexample.hpp>

namespace heddle::harness {

/// Returns: what is impossible, a line each: a value that nobody has written before, a lock that was not free, a mark of
/// staleness that is wrong or missing. Values that another step computes are not looked at.
std::vector<std::string> impossibilities(const engine::Counterexample& counterexample);

/// Returns: what makes its report hard to read, a line each: more than 60 lines, or 100 columns.
std::vector<std::string> hardships(const engine::Counterexample& counterexample);

}  // namespace heddle::harness
