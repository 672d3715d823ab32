// All consistent executions of a small program, straight from the axioms of C++20, without a thought of speed.
#pragma once

#include <set>

#include "program.hpp"

namespace heddle::oracle {

/// Builds executions event by event in every order and with every choice, keeps the consistent ones. Shares no code
/// with the engine.
std::set<Canonical> all_executions(const Program& program);

}  // namespace heddle::oracle
