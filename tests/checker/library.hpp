// A shared library with a thread_local variable, which models use.
#pragma once

namespace heddle::cases {

/// Of the calling thread; 7 at first.
int& variable_of_library();

}  // namespace heddle::cases
