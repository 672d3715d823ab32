// What the exhaustive engine visits of a small program.
#pragma once

#include <map>

#include "program.hpp"

namespace heddle::oracle {

/// Each complete execution that the engine visits, and how often; `runs` counts the others too.
struct Explored {
    std::map<Canonical, unsigned> executions;
    unsigned runs = 0;
};
Explored explored_executions(const Program& program);

}  // namespace heddle::oracle
