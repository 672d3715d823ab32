// A whole graph that is run again, to see whether the program has it, too.
#pragma once

#include "exhaustive/search/decider.hpp"

namespace heddle::engine::exhaustive {

/// Nothing is added to it: a run that comes to its end repeats it, and any other has come to something else.
class Repetition : public Decider {
  public:
    Repetition() : Decider(false) {}

    void become(const Graph& whole) {
        graph_.assign(whole);
        events_ = graph_.size();
    }
    /// Whether a run has added something.
    bool has_grown() const { return graph_.size() != events_; }

    Graph& graph() override { return graph_; }
    const Graph& graph() const { return graph_; }

  private:
    Graph graph_;
    std::size_t events_ = 0;
};

}  // namespace heddle::engine::exhaustive
