// Where a step was called from: the stack of the running fiber, and what debug information says of it.
#pragma once

#include <cstdint>
#include <vector>

#include <heddle/engine/counterexample.hpp>
#include <heddle/engine/site.hpp>

namespace heddle::engine {

/// Calls that have not returned, as addresses of code in this process, the innermost first.
using Calls = std::vector<std::uintptr_t>;

/// Of the running fiber, from its entry. It costs what throwing an exception does: for recorded steps alone.
Calls current_calls();

/// What a report says of where something happened.
struct CallSites {
    Place place;                ///< in the program: not in a library that was only used there
    std::vector<Place> called;  ///< from the site outward, inlined calls too; empty where debug information lacks it
};

/// Reads what call_sites() needs to know of this executable.
void learn_call_sites();

/// `site`: where the program called the engine, as `calls` were.
CallSites call_sites(const Site& site, const Calls& calls);

}  // namespace heddle::engine
