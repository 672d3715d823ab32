// How a run of the command line ends, for whoever started it.
#pragma once

namespace heddle::harness {

inline constexpr int exit_green = 0;   ///< at least one check was run, and each met its expectation
inline constexpr int exit_failed = 1;  ///< one did not, or not everything was run
inline constexpr int exit_usage = 2;   ///< the arguments make no sense, or what was found cannot be written

}  // namespace heddle::harness
