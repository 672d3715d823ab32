// The steps of a counterexample in columns, one for each thread.
#pragma once

#include <string>

#include "trace.hpp"
#include "wording.hpp"

namespace heddle::harness {

inline constexpr std::size_t most_columns_lines = 42;  // with what stands around them, a report has 60 at most

/// Returns: lines of at most report_width columns, at most most_columns_lines. A loop that goes round is shown once.
std::string columns(const Trace& trace);

}  // namespace heddle::harness
