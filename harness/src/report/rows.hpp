// The steps of a counterexample as people read them: what belongs together is one row, and a loop that goes round is
// shown once.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "trace.hpp"

namespace heddle::harness {

/// A step, several in a row that destroy or construct, or a remark in place of what is not shown.
struct Row {
    std::size_t first = 0;  ///< step
    std::size_t last = 0;
    std::string text;
    bool is_remark = false;
};

/// Returns: the rows of the steps that have numbers, in their order.
std::vector<Row> folded_rows(const Trace& trace);

/// Whether the row has what went wrong, or the other side of it.
bool is_failure(const Trace& trace, const Row& row);

}  // namespace heddle::harness
