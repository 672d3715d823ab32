// Who decides what becomes of the events that a run adds.
#pragma once

#include "exhaustive/graph/graph.hpp"

namespace heddle::engine::exhaustive {

class Decider {
  public:
    virtual ~Decider() = default;

    /// The graph of the current run.
    virtual Graph& graph() = 0;

    /// Whether it says which thread adds events; otherwise any may at any time.
    bool decides_turns() const { return decides_turns_; }
    /// Whether a thread may add an event now.
    bool is_turn_of(unsigned thread) const { return !decides_turns_ || has_turn(thread); }
    /// It does.
    void take_turn() {
        if (decides_turns_) end_turn();
    }

    // What a run adds. The event is complete in the graph when these return, and a read-modify-write has written.
    // They return false if the graph is inconsistent with it, so that the run must end here: of a graph that is whole, with
    // any.
    virtual bool add_read(EventId /*read*/) { return false; }
    virtual bool add_write(EventId /*write*/) { return false; }
    virtual bool add_choice(EventId /*choice*/) { return false; }

    // Who explores, and only he, knows more of loops that wait.

    /// Whether the read could have read something newer, so that in all that follows it reads the same.
    virtual bool is_settled(EventId /*read*/) const { return false; }

    /// Takes back what a run has added last, from `first` on, which a loop that waits has looked at in vain. Requires: all of
    /// it is of one thread, and changes nothing. Returns: whether the decider can.
    virtual bool take_back(EventId /*first*/) { return false; }
    /// If the run adds that read again, it comes to nothing where it reads that value.
    virtual void leads_nowhere(EventId /*read*/, std::uint64_t /*value*/) {}

  protected:
    /// `decides_turns`: otherwise any thread may add events at any time, and nobody is asked.
    explicit Decider(bool decides_turns) : decides_turns_(decides_turns) {}

  private:
    virtual bool has_turn(unsigned /*thread*/) const { return true; }
    virtual void end_turn() {}

    bool decides_turns_;
};

}  // namespace heddle::engine::exhaustive
