// What the exhaustive engine visits of a small program.
#pragma once

#include <functional>
#include <map>

#include <heddle/checker/model.hpp>

#include "exhaustive/graph.hpp"
#include "program.hpp"

namespace heddle::oracle {

/// Explores a model, and calls `visit` with the graph of each complete execution.
/// Errors: throws std::runtime_error if an execution fails or blocks.
void visit_executions(const checker::Model& model, const std::function<void(const checker::exhaustive::Graph&)>& visit);

/// Each complete execution of a program that the engine visits, and how often.
std::map<Canonical, unsigned> explored_executions(const Program& program);

}  // namespace heddle::oracle
