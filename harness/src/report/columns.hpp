// The steps of a counterexample in columns, one for each thread.
#pragma once

#include <string>

#include "trace.hpp"
#include "wording.hpp"

namespace heddle::harness {

inline constexpr std::size_t most_columns_lines = 42;     // with what stands around them, a report has 60 at most
inline constexpr std::size_t most_lines_of_too_big = 15;  // no step of it is wrong: how it goes on is enough

/// Returns: lines of at most report_width columns, at most most_columns_lines, and of a program that is too big at most
/// most_lines_of_too_big: the first and the last ones, and how many are left out. A loop that goes round is shown once.
std::string columns(const Trace& trace);

}  // namespace heddle::harness
