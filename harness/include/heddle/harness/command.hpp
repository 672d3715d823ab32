// The command line of model executables.
#pragma once

#include <heddle/engine/requirements.hpp>

namespace heddle::harness {

/// Checks the registered models as the arguments say (`--help` lists them); with arguments that begin with
/// `--gtest_`, runs each pair of an engine and a model as a GoogleTest test instead.
/// Returns: the exit status: 0 if at least one model was checked and each met its expectation; 1 if one did not;
/// 2 if the arguments select nothing or make no sense. Errors: none; they are printed.
int model_main(int argc, char** argv);

/// Adds a GoogleTest test `ENGINE.MODEL` for every model and every engine that can run it, broken twins under
/// `ENGINE_broken.MODEL`. Call it before RUN_ALL_TESTS() in a test program of your own.
void register_googletest();

}  // namespace heddle::harness
