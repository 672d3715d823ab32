// Where a failing execution and one that passes part.
#pragma once

#include <cstddef>
#include <optional>

#include "trace.hpp"

namespace heddle::harness {

struct Difference {
    std::size_t step = 0;                ///< of the failing execution
    std::optional<std::size_t> instead;  ///< what its thread does there in the other one; nothing: it has no such step
};

/// The first step of the failing execution that the other one does not have. Steps are those of a thread, one after the
/// other: in which order the threads come in a report does not count. Returns: nothing if the failing one has no step that
/// differs, and fails all the same.
std::optional<Difference> first_difference(const Trace& failing, const Trace& passing);

}  // namespace heddle::harness
