// What the debug information of this executable says of places: the calls that led to each step of a failure.
//
// ```cpp
// EXPECT_NO_THROW(heddle::engine::read_debug_information());  // once, and not in each process that is forked from here on
// ```
#pragma once

#include <heddle/engine/requirements.hpp>

namespace heddle::engine {

/// Reads it now, and not when a failure first needs it: in a large program that takes longer than to find the failure, and
/// processes that are forked afterwards have it, too. Requires: nothing. Returns: nothing. Errors: none; without debug
/// information there are no places. Visibility: none; not from two OS threads at once. Source: none.
void read_debug_information();

}  // namespace heddle::engine
