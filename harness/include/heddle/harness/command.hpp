// The command line of model executables.
//
// ```cpp declarations
// int main(int argc, char** argv) { return heddle::harness::model_main(argc, argv); }
// ```
#pragma once

#include <heddle/engine/requirements.hpp>

namespace heddle::harness {

/// Checks the registered models as the arguments say (`--help` lists them); with arguments that begin with
/// `--gtest_`, runs each pair of an engine and a model as a GoogleTest test instead. Requires: called once, by main().
/// Returns: the exit status: 0 if at least one model was checked and each met its expectation; 1 if one did not;
/// 2 if the arguments select nothing or make no sense. Errors: none; they are printed. Visibility: none. Source: none.
int model_main(int argc, char** argv);

/// Adds a GoogleTest test `ENGINE.MODEL` for every model and every engine that can run it, broken twins under
/// `ENGINE_broken.MODEL`, for a test program of your own. Requires: called before RUN_ALL_TESTS(), by one thread. Returns:
/// nothing. Errors: none. Visibility: none. Source: none.
void register_googletest();

}  // namespace heddle::harness
