// Failures of programs that run on real threads.
#pragma once

#include <string_view>

#include <heddle/engine/failure.hpp>
#include <heddle/engine/operation.hpp>

namespace heddle::engine {

/// Notes a failure of the program that the threads engine runs. Returns: false if it runs none.
bool report_native_failure(FailureKind kind, std::string_view message, Site site);

/// The same for a thread of that model which cannot go on: it is halted for ever, and the model with it. Returns if the
/// calling thread is none of the model's.
void fail_native_program(FailureKind kind, std::string_view message, Site site);

}  // namespace heddle::engine
