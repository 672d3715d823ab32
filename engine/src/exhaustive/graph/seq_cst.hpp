// What the total order of the seq_cst operations and fences leaves a new event to read from, or to follow.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "graph.hpp"

namespace heddle::engine::exhaustive {

/// Keeps to graphs in which the seq_cst operations and fences have a single total order (C++20 [atomics.order] 3 and 4).
///
/// A new event is the last of its thread, so nothing happens after it: all that it adds to the constraints of the order are
/// edges to what is coherence-later than itself, from itself if it is seq_cst and from each seq_cst fence that happens
/// before it. (What is ordered before it by coherence is so before those too, without it.) They close a cycle exactly if
/// something coherence-later comes before one of their origins already. So no cycle is searched for: the past of those
/// origins is computed, and hides what is older than it, as that does which happens before the event.
///
/// If one event of a thread is in that past, so are those before it in the thread: it is a number for each thread, no set.
class SeqCstPast {
  public:
    /// The oldest position that the last event of a thread may read from or follow; any from `certain` on, if none older
    /// is. Where the event is does not matter, only what came before it in its thread, and whether it is `seq_cst` itself.
    std::size_t oldest(const Graph& graph, EventId event, bool seq_cst, std::size_t certain) {
        const EventId last{event.thread, static_cast<std::uint16_t>(event.index - 1U)};
        if (!graph[last].follows_seq_cst || knows_every_seq_cst(graph, last)) return 0;
        begin(graph, last, seq_cst);
        return newest_position(graph[event].location, certain);
    }

  private:
    /// Whether all that other threads have of that order happens before what follows `last`: then it hides nothing that
    /// happens-before does not.
    static bool knows_every_seq_cst(const Graph& graph, EventId last) {
        const Clock& known = graph[last].before;
        for (unsigned thread = 0; thread <= most_threads; ++thread)
            if (thread != last.thread && graph.seq_csts(thread) > known[thread]) return false;
        return true;
    }

    void begin(const Graph& graph, EventId last, bool seq_cst);
    std::size_t newest_position(LocationId location, std::size_t certain);
    bool contains(EventId id) const;
    void add_fences_of(const Clock& known);
    void add_strongly_before(const Clock& known);
    bool add_predecessors();
    std::size_t rank_of(EventId reader) const;
    std::size_t newest(LocationId location) const;
    void add_coherence_before(LocationId location, std::size_t rank);

    const Graph* graph_ = nullptr;
    unsigned threads_ = 0;
    Clock events_;  ///< of each thread the first so many: those of them that are seq_cst are in the past
    Clock known_;   ///< what happens before the fences in the past
    std::array<std::uint8_t, most_threads + 1> done_{};  ///< of each thread, up to where the predecessors are here, too
    std::vector<std::size_t> ranks_;                     ///< of each location, up to where those before it are
};

}  // namespace heddle::engine::exhaustive
