// Where in the source a failure is: what editors and CI servers point at.
#pragma once

#include <string>
#include <vector>

#include "trace.hpp"

namespace heddle::harness {

struct Location {
    engine::Place place;
    std::string text;  ///< what is there: "thread 1: reads data"
};

/// Returns: what went wrong first, then the others that have to do with it: the other side of a race, those who wait. Empty
/// if no place is known.
std::vector<Location> failure_locations(const Trace& trace);

}  // namespace heddle::harness
