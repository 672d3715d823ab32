// --robust.
#pragma once

#include <chrono>
#include <vector>

#include "runner/runner.hpp"

namespace heddle::harness {

/// Prints of each job's check whether every execution is sequentially consistent, and one that is not. `budget`: of one
/// exploration. Returns: whether all could be told.
bool show_robustness(std::vector<Job> jobs, std::chrono::duration<double> budget, unsigned processes);

}  // namespace heddle::harness
