// The names of system calls, for messages.
#pragma once

#include <string>

namespace heddle::unmodified {

/// Returns: its number, if it is one that hardly anybody makes.
std::string name_of_system_call(long number);

}  // namespace heddle::unmodified
