// Failures of programs that run on real threads.
#pragma once

#include <string_view>

#include <heddle/engine/failure.hpp>
#include <heddle/engine/operation.hpp>

namespace heddle::engine {

/// Notes a failure of the program that the threads engine runs. Returns: false if it runs none.
bool report_native_failure(FailureKind kind, std::string_view message, Site site);

}  // namespace heddle::engine
