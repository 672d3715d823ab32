// What came of running an execution again, which ends in one of three ways.
#pragma once

#include <string>

#include <heddle/harness/verdict.hpp>

namespace heddle::harness {

// Exit statuses of the command line.
inline constexpr int exit_green = 0;          ///< all met; a replay: does not fail any more
inline constexpr int exit_failed = 1;         ///< one not met; a replay: fails again
inline constexpr int exit_usage = 2;          ///< the arguments make no sense
inline constexpr int exit_other_program = 3;  ///< a replay: the token is not of this program

/// Requires: the verdict is that of a replay.
int status_of_replay(const Verdict& verdict);
/// The same in words, with the execution if it failed.
std::string replayed(const Verdict& verdict);

/// How a shell starts the running program, wherever it is.
std::string this_program();

}  // namespace heddle::harness
