// A graph whose alike threads have changed their numbers: the program must have it, too.
#pragma once

#include <array>

#include "repetition.hpp"

namespace heddle::engine::exhaustive {

class Renamed final : public Repetition {
  public:
    /// Becomes a graph with other numbers for its threads.
    void become(const Graph& whole, const Renaming& to) {
        Repetition::become(whole);
        graph().explore_one_order_of(nullptr);
        graph().rename(to);
    }
};

}  // namespace heddle::engine::exhaustive
