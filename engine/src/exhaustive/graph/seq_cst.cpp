#include "seq_cst.hpp"

#include <algorithm>
#include <utility>

namespace heddle::engine::exhaustive {

/// The past of what follows `last` in its thread, before anything is added that those in it follow.
void SeqCstPast::begin(const Graph& graph, EventId last, bool seq_cst) {
    graph_ = &graph;
    threads_ = graph.threads();
    events_ = known_ = {};
    done_ = {};
    ranks_.assign(graph.locations(), 0);
    const Clock& known = graph[last].before;
    add_fences_of(known);
    if (!seq_cst) return;
    add_strongly_before(known);
    events_.raise(last.thread, last.index + 1U);
}

/// Where the newest write of a location is that the past has or has read; any position from `certain` on, if that is not
/// older.
std::size_t SeqCstPast::newest_position(LocationId location, std::size_t certain) {
    std::size_t rank = 0;
    while (rank / 2 < certain && add_predecessors()) {
        rank = newest(location);
        if (rank / 2 >= certain) break;
        for (LocationId other = 0; other != graph_->locations(); other += 2)
            add_coherence_before(other, other == location ? rank : newest(other));
    }
    return rank / 2;
}

bool SeqCstPast::contains(EventId id) const {
    return known_.knows(id) || (events_.knows(id) && (*graph_)[id].order == std::memory_order_seq_cst);
}

void SeqCstPast::add_fences_of(const Clock& known) {
    for (unsigned thread = 0; thread != threads_; ++thread)
        if (const Event* const last = graph_->last_known(thread, known)) events_.raise(thread, last->fences);
}

/// What happens before something that is known, with an event between in its own thread.
void SeqCstPast::add_strongly_before(const Clock& known) {
    for (unsigned thread = 0; thread != threads_; ++thread)
        if (known[thread] != 0) events_.raise(thread, known[thread] - 1U);
}

/// Adds what each thread's latest event in the past follows, but for coherence. Returns: whether there was a later one than
/// before.
bool SeqCstPast::add_predecessors() {
    bool found = false;
    for (std::uint16_t thread = 0; thread != threads_; ++thread) {
        const Event* const last = graph_->last_known(thread, events_);
        if (last == nullptr || last->seq_csts == done_[thread]) continue;
        found = true;
        done_[thread] = last->seq_csts;
        const auto latest = [thread](unsigned count) {
            return EventId{thread, static_cast<std::uint16_t>(count - 1U)};
        };
        add_strongly_before(graph_->before(latest(last->seq_csts)).before);
        if (last->fences != 0) known_.join((*graph_)[latest(last->fences)].before);
    }
    if (found) add_fences_of(known_);
    return found;
}

/// Ranks order the events of a location by coherence: twice the position of a write, and one more for its readers.
std::size_t SeqCstPast::rank_of(EventId reader) const { return 2 * graph_->position((*graph_)[reader].reads_from) + 1; }

/// The rank of the newest event of a location that the past has, or has read.
std::size_t SeqCstPast::newest(LocationId location) const {
    const Location& here = graph_->at(location);
    std::size_t at = here.coherence.size() - 1;
    while (at != 0 && !contains(here.coherence[at])) --at;
    std::size_t rank = 2 * at;
    for (const EventId reader : here.readers)
        if (contains(reader)) rank = std::max(rank, rank_of(reader));
    return rank;
}

/// What is coherence-before something in the past is in it, too, if it is seq_cst; so are the fences before it.
void SeqCstPast::add_coherence_before(LocationId location, std::size_t rank) {
    const std::size_t done = std::exchange(ranks_[location], rank);
    if (done == rank) return;
    const Location& here = graph_->at(location);
    Clock known;
    const auto add = [&](EventId id) {
        const Event& event = (*graph_)[id];
        known.join(event.before);
        if (event.order == std::memory_order_seq_cst) events_.raise(id.thread, id.index + 1U);
    };
    for (std::size_t at = (done + 1) / 2; 2 * at < rank; ++at) add(here.coherence[at]);
    for (const EventId reader : here.readers)
        if (const std::size_t its = rank_of(reader); its >= done && its < rank) add(reader);
    add_fences_of(known);
}

}  // namespace heddle::engine::exhaustive
