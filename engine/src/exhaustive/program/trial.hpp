// A graph that is repeated to see where a thread comes to.
#pragma once

#include <array>

#include "exhaustive/search/decider.hpp"

namespace heddle::engine::exhaustive {

/// Only one thread has its turn where the graph ends, and nothing is added.
class Trial final : public Decider {
  public:
    /// What becomes of the event before those that are left out.
    enum class Before : std::uint8_t {
        stays,
        reads_as_the_last,  ///< of them: from the same write
    };

    Trial() : Decider(true) {}

    /// Becomes an event of a graph, and what that depends on. Its thread goes on.
    void become(const Graph& whole, EventId last);
    /// The same, but for that thread's events `[begin, end)`: who reads from one of them reads what that has read. Requires: they
    /// do nothing but read, fence, and write back what was there. Returns: whether there is such a graph.
    bool become(const Graph& whole, EventId last, std::uint16_t begin, std::uint16_t end, Before before);

    Graph& graph() override { return graph_; }
    /// The one that goes on.
    unsigned thread() const { return thread_; }

  private:
    bool has_turn(unsigned thread) const override { return thread == thread_; }
    bool is_left_out(EventId id) const { return id.thread == thread_ && id.index >= begin_ && id.index < end_; }
    EventId source_of(const Graph& whole, EventId id) const;
    EventId renamed(EventId id) const;
    LocationId location_of(const Graph& whole, LocationId location) const;
    void add_locations(const Graph& whole, const Event& construction, EventId added);
    void add(const Graph& whole, EventId id);

    Graph graph_;
    unsigned thread_ = 0;
    // Which of its events are left out.
    std::uint16_t begin_ = 0;
    std::uint16_t end_ = 0;
    Before before_ = Before::stays;
};

}  // namespace heddle::engine::exhaustive
