// What is still to be visited: graphs, and the changes that lead from each to others.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "exhaustive/graph/graph.hpp"
#include "host/reused.hpp"

namespace heddle::engine::exhaustive {

/// How a graph is changed.
enum class Action : std::uint8_t { read_from, place, choose, revisit, overtake };

struct Work {
    Action action;
    EventId event;          ///< what to change; revisit, overtake: the read
    EventId other;          ///< read_from, revisit, overtake: the write; place: the read that it revisited, if any
    EventId modified{};     ///< revisit, overtake: what the write, as yet a read, has to modify first, if anything
    std::size_t where = 0;  ///< place: the position; choose: which
    double share = 0;       ///< of the whole exploration, as it looks
};

/// Depth first: the newest graph that has work left comes first, and of its work what came up last.
class Worklist {
  public:
    /// Has one graph, an empty one, and no work.
    Worklist() { push_frame().graph.clear(); }

    /// The one that is current.
    Graph& graph() { return top_->graph; }
    const Graph& graph() const { return top_->graph; }

    /// The current graph can be changed like this, too.
    void push(const Work& item) {
        top_->work.push_back(item);
        ++pushed_;
    }

    /// Drops what came up with a thread's events from `first` on, which the run has added last.
    void take_back(EventId first);

    /// The current graph is done with: divides its share among the work that it led to.
    void share_out();

    /// Returns: what to do next, with the graph that is current now; nothing if all is done.
    std::optional<Work> pop();

    /// Makes the part of the current graph current that is `last`, what it depends on, and everything added before the
    /// stamp `end`: in a frame of its own, if there is work left for the whole.
    void keep(std::uint32_t end, EventId last);

    /// Which part of the exploration is done, as it looks: a graph's way on is taken to lead to as much as each
    /// alternative to it.
    /// Source: Kilby, Slaney, Thiebaux, Walsh, "Estimating Search Tree Size", AAAI 2006.
    double explored() const { return explored_; }

  private:
    struct Frame {
        Graph graph;
        std::vector<Work> work;
    };

    /// A frame whose graph and work are still to be filled in.
    Frame& push_frame();

    Reused<std::vector<std::unique_ptr<Frame>>> frames_;  // the first depth_; what follows is memory to be used again
    std::size_t depth_ = 0;
    Frame* top_ = nullptr;    // the last of them
    double share_ = 1;        // of the graph that is current
    std::size_t pushed_ = 0;  // pieces of work that came up since it became current
    double explored_ = 0;
};

}  // namespace heddle::engine::exhaustive
