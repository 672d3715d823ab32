// What came of running an execution again, which ends in one of three ways.
#pragma once

#include <string>

#include <heddle/harness/verdict.hpp>

namespace heddle::harness {

/// An exit status. Requires: the verdict is that of a replay.
int status_of_replay(const Verdict& verdict);
/// The same in words, with the execution if it failed.
std::string replayed(const Verdict& verdict);

/// How a shell starts the running program, wherever it is; what the environment's HEDDLE_COMMAND says, if a command has made
/// the program and starts it.
std::string this_program();

}  // namespace heddle::harness
