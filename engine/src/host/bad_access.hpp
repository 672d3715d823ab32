// What a signal tells of the instruction that was its cause.
#pragma once

#include <csignal>
#include <string>

namespace heddle::engine {

/// Requires: a handler was given `info` and `context`. Returns: what the program did that cannot be done, as words to go on with
/// after those for the signal; empty if the signal does not tell.
std::string cause_of(const siginfo_t& info, const void* context);

}  // namespace heddle::engine
