// The frames of the running thread, as the stack has them: without heddle's own.
#pragma once

#include <functional>

#include "modules.hpp"
#include "thread_state.hpp"

namespace heddle::unmodified {

/// Calls `visit` for each function that goes on, the innermost first, with where its frame begins and what is in the
/// registers that calls preserve, until that returns false.
void visit_frames(const Modules& modules, const std::function<bool(const Frames&)>& visit);

}  // namespace heddle::unmodified
