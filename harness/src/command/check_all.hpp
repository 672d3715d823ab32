// Checking what the arguments select: what is shown meanwhile, and what is told at the end.
#pragma once

#include <string>

#include "arguments.hpp"

namespace heddle::harness {

/// `settings`: the line that the run begins with. `program`: with which a shell runs this one. Returns: the exit status.
/// Errors: throws UsageError if the arguments make no sense, std::runtime_error if what was found cannot be written.
int check_all(const Arguments& arguments, const std::string& settings, const std::string& program);

}  // namespace heddle::harness
