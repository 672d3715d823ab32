// Iterations of a loop that waits, which left no trace: the search has taken their events back, and a report shows their
// steps.
#pragma once

#include <vector>

#include <heddle/engine/counterexample.hpp>

namespace heddle::engine {

/// Says where steps read from that have no events any more: from the latest write before them, whose value they found. What
/// reads from that write after one of them that put the value back reads from the latter.
void link_taken_back(std::vector<Counterexample::Step>& steps);

}  // namespace heddle::engine
