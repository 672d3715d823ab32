// What the exhaustive engine visits of a small program.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <heddle/checker/model.hpp>

#include "exhaustive/graph/graph.hpp"
#include "program.hpp"

namespace heddle::oracle {

enum class Stuck { is_an_error, is_left_out };

/// Which turns of loops that try again are executions of their own.
enum class Turns { of_use, all };

/// Explores a program, and calls `visit` with the graph of each complete execution; `restart`, when the exploration begins
/// anew, so that what was visited does not count.
/// Returns: how many executions needed no run, since it was known what the threads do. Errors: throws std::runtime_error if an
/// execution fails. Those that are stuck for ever fail, unless they are left out.
std::uint64_t visit_executions(const engine::Program& program,
                               const std::function<void(const engine::exhaustive::Graph&)>& visit,
                               const std::function<void()>& restart, Stuck stuck = Stuck::is_an_error,
                               Turns turns = Turns::of_use);

/// The executions for which those stand that the engine visits of a program, of the threads that are alike in one order.
struct Represented {
    std::map<Canonical, unsigned> executions;  ///< and how often each
    std::uint64_t visited = 0;
    std::uint64_t stands_for = 0;  ///< as the engine says
    std::uint64_t not_run = 0;
    bool in_each_order = false;  ///< one order would not have done
};
Represented represented_executions(const Program& program, const std::vector<int>& alike);

/// Each complete execution of a program that the engine visits, and how often. Those that need no run are added to `not_run`.
std::map<Canonical, unsigned> explored_executions(const Program& program, std::uint64_t& not_run);
inline std::map<Canonical, unsigned> explored_executions(const Program& program) {
    std::uint64_t not_run = 0;
    return explored_executions(program, not_run);
}

using Outcomes = std::set<std::string>;

/// What loads read and what is left in the end, in all executions: see litmus.hpp.
Outcomes outcomes_with(const Program& program, Turns turns);

/// What loads read and what is left in the end, in the executions that an engine explores: see litmus.hpp.
struct Reached {
    Outcomes outcomes;
    bool all = false;  ///< the search ended within its budget
};
Reached outcomes_on(std::string_view engine, const Program& program, std::chrono::duration<double> budget);

}  // namespace heddle::oracle
