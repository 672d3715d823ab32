// What the exhaustive engine visits of a small program.
#pragma once

#include <functional>
#include <map>

#include <heddle/checker/model.hpp>

#include "exhaustive/graph.hpp"
#include "program.hpp"

namespace heddle::oracle {

enum class Deadlocks { are_errors, are_left_out };

/// Explores a model, and calls `visit` with the graph of each complete execution.
/// Errors: throws std::runtime_error if an execution fails or blocks, deadlocks excepted if they are left out.
void visit_executions(const checker::Model& model, const std::function<void(const checker::exhaustive::Graph&)>& visit,
                      Deadlocks deadlocks = Deadlocks::are_errors);

/// Each complete execution of a program that the engine visits, and how often.
std::map<Canonical, unsigned> explored_executions(const Program& program);

}  // namespace heddle::oracle
