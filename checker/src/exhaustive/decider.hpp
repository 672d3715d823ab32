// Who decides what becomes of the events that a run adds.
#pragma once

#include "graph.hpp"

namespace heddle::checker::exhaustive {

class Decider {
  public:
    virtual ~Decider() = default;

    /// The graph of the current run.
    virtual Graph& graph() = 0;

    /// Whether a thread may add an event now.
    virtual bool is_turn_of(unsigned thread) const = 0;
    /// It does.
    virtual void take_turn() = 0;

    // What a run adds. The event is complete in the graph when these return, and a read-modify-write has written.
    // They return false if the graph is inconsistent with it, so that the run must end here.
    virtual bool add_read(EventId read) = 0;
    virtual bool add_write(EventId write) = 0;
    virtual bool add_choice(EventId choice) = 0;

    /// Whether the read could have read something newer, so that in all that follows it reads the same.
    virtual bool is_settled(EventId read) const = 0;
};

}  // namespace heddle::checker::exhaustive
