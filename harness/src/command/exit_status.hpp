// How a run of the command line ends, for whoever started it.
#pragma once

#include <csignal>

namespace heddle::harness {

inline constexpr int exit_green =
    0;  ///< at least one check was run, and each met its expectation; a replay: does not fail
inline constexpr int exit_failed = 1;         ///< one did not, or not everything was run; a replay: fails again
inline constexpr int exit_usage = 2;          ///< the arguments make no sense, or what was found cannot be written
inline constexpr int exit_other_program = 3;  ///< a replay: the token is not of this program
inline constexpr int exit_signal = 128;       ///< and the number of the signal that ended the run, as shells say it
inline constexpr int exit_interrupted = exit_signal + SIGINT;
inline constexpr int exit_terminated = exit_signal + SIGTERM;

}  // namespace heddle::harness
