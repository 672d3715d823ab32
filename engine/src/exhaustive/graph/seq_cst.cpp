// What the total order of the seq_cst operations and fences leaves a new event to read from, or to follow.
//
// A new event is the last of its thread, so nothing happens after it: all that it adds to the constraints of the order are
// edges to what is coherence-later than itself, from itself if it is seq_cst and from each seq_cst fence that happens before
// it. (What is ordered before it by coherence is so before those too, without it.) They close a cycle exactly if something
// coherence-later comes before one of their origins already. So no graph is searched for a cycle: the past of the origins is
// computed, and hides what is older, as that does which happens before the event.
#include <algorithm>

#include "graph.hpp"

namespace heddle::engine::exhaustive {

namespace {

/// What precedes an event in every order of the seq_cst events. If one of a thread does, so do those before it in the
/// thread: that is a number for each thread, and no set.
class SeqCstPast {
  public:
    /// `before`: what the thread has done last before the event, which `seq_cst` says is one itself.
    SeqCstPast(const Graph& graph, EventId before, bool seq_cst) : graph_(graph) {
        const Clock& known = graph[before].before;
        add_fences_of(known);
        if (!seq_cst) return;
        add_strongly_before(known);
        events_.join(Clock::of(before.thread, before.index + 1U));
    }

    /// The oldest position of `location` that does not contradict it.
    std::size_t oldest(LocationId location) {
        for (bool grows = true; grows;) {
            const Clock events = events_;
            add_predecessors_of_events();
            for (LocationId other = 0; other != graph_.locations(); other += 2) add_coherence_before(other);
            grows = events != events_;
        }
        return newest(location) / 2;
    }

  private:
    // Ranks order the events of a location by coherence: twice the position of a write, and one more for its readers.
    std::size_t rank_of(EventId reader) const { return 2 * graph_.position(graph_[reader].reads_from) + 1; }

    bool contains(EventId id) const {
        return known_.knows(id) || (events_.knows(id) && graph_[id].order == std::memory_order_seq_cst);
    }

    void add_fences_of(const Clock& known) {
        for (unsigned thread = 0; thread != graph_.threads(); ++thread)
            if (const Event* const last = graph_.last_known(thread, known)) events_.raise(thread, last->fences);
    }

    /// What happens before something that is known, with an event between in its own thread.
    void add_strongly_before(const Clock& known) {
        for (unsigned thread = 0; thread != graph_.threads(); ++thread)
            if (known[thread] != 0) events_.raise(thread, known[thread] - 1U);
    }

    void add_predecessors_of_events() {
        for (unsigned thread = 0; thread != graph_.threads(); ++thread) {
            const Event* const last = graph_.last_known(thread, events_);
            if (last == nullptr || last->seq_csts == 0) continue;
            const auto id = static_cast<std::uint16_t>(thread);
            add_strongly_before(graph_.before({id, static_cast<std::uint16_t>(last->seq_csts - 1U)}).before);
            if (last->fences != 0)
                known_.join(graph_[EventId{id, static_cast<std::uint16_t>(last->fences - 1U)}].before);
        }
        add_fences_of(known_);
    }

    /// The rank of the newest event that is contained; 0 if there is none.
    std::size_t newest(LocationId location) const {
        const Location& here = graph_.at(location);
        std::size_t at = here.coherence.size() - 1;
        while (at != 0 && !contains(here.coherence[at])) --at;
        std::size_t rank = 2 * at;
        for (const EventId reader : here.readers)
            if (rank_of(reader) > rank && contains(reader)) rank = rank_of(reader);
        return rank;
    }

    /// All that is coherence-before something contained precedes, too, if it is seq_cst; so do the fences before it.
    void add_coherence_before(LocationId location) {
        const Location& here = graph_.at(location);
        if (here.coherence.size() == 1) return;
        const std::size_t rank = newest(location);
        Clock known;
        const auto add = [&](EventId id) {
            const Event& event = graph_[id];
            known.join(event.before);
            if (event.order == std::memory_order_seq_cst) events_.raise(id.thread, id.index + 1U);
        };
        for (std::size_t at = 1; 2 * at < rank; ++at) add(here.coherence[at]);
        for (const EventId reader : here.readers)
            if (rank_of(reader) < rank) add(reader);
        add_fences_of(known);
    }

    const Graph& graph_;
    Clock events_;  // how many events of each thread, of which those that are seq_cst precede
    Clock known_;   // what happens before the fences that precede
};

}  // namespace

std::size_t oldest_in_seq_cst_order(const Graph& graph, EventId event, bool seq_cst, LocationId location) {
    const EventId before{event.thread, static_cast<std::uint16_t>(event.index - 1U)};
    if (!graph[before].follows_seq_cst) return 0;
    return SeqCstPast(graph, before, seq_cst).oldest(location);
}

}  // namespace heddle::engine::exhaustive
