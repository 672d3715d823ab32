#include "trial.hpp"

#include <algorithm>
#include <utility>

namespace heddle::engine::exhaustive {

void Trial::become(const Graph& whole, EventId last) {
    thread_ = last.thread;
    graph_.assign(whole, whole.part_of(0, last));
}

bool Trial::become(const Graph& whole, EventId last, std::uint16_t begin, std::uint16_t end, Before before) {
    thread_ = last.thread;
    begin_ = begin;
    end_ = end;
    before_ = before;
    graph_.clear();
    const Graph::Part part = whole.part_of(0, last);
    Graph::Part done{};
    for (bool grows = true; grows && done != part;) {
        grows = false;
        for (std::uint16_t thread = 0; thread != part.size(); ++thread) {
            for (; done[thread] != part[thread]; ++done[thread]) {
                const EventId id{thread, done[thread]};
                if (is_left_out(id)) continue;
                const EventId source = source_of(whole, id);
                if (source.exists() && !graph_.contains(source)) break;
                add(whole, id);
                grows = true;
            }
        }
    }
    return done == part;
}

/// What is left out has written nothing but what it has read.
EventId Trial::source_of(const Graph& whole, EventId id) const {
    if (before_ == Before::reads_as_the_last && id.thread == thread_ && id.index + 1 == begin_)
        id.index = static_cast<std::uint16_t>(end_ - 1U);
    EventId source = whole[id].reads_from;
    while (source.exists() && is_left_out(source)) source = whole[source].reads_from;
    return renamed(source);
}

EventId Trial::renamed(EventId id) const {
    const auto fewer = static_cast<std::uint16_t>(id.thread == thread_ && id.index >= end_ ? end_ - begin_ : 0);
    return {id.thread, static_cast<std::uint16_t>(id.index - fewer)};
}

LocationId Trial::location_of(const Graph& whole, LocationId location) const {
    const LocationId here = graph_[whole.at(location).coherence.front()].location;
    return here == no_location ? location : here + location % 2;  // what is adopted is the same everywhere
}

/// Those that a construction begins: its own, or all that are adopted.
void Trial::add_locations(const Graph& whole, const Event& construction, EventId added) {
    if (construction.location != no_location) graph_.add_location(added);
    else
        for (LocationId location = 0; location < whole.locations(); location += 2)
            graph_.adopt(location, whole.at(location).initial);
}

/// Requires: what the event reads from is there.
void Trial::add(const Graph& whole, EventId id) {
    const Event& event = whole[id];
    Label label = event;
    if (event.kind != EventKind::init && event.location != no_location)
        label.location = location_of(whole, event.location);
    label.reads_from = source_of(whole, id);
    if (event.is_read()) {
        const EventId source = std::exchange(label.reads_from, {});
        label.kind = EventKind::read;
        const EventId read = graph_.append(id.thread, label);
        graph_.set_reads_from(read, source, event.chosen);
        if (event.kind == EventKind::modify) graph_.modify(read, event.value, graph_.position(source));
        return;
    }
    const EventId added = graph_.append(id.thread, label);
    if (event.kind == EventKind::init) add_locations(whole, event, added);
    if (event.kind != EventKind::write) return;
    const auto& coherence = whole.at(event.location).coherence;
    graph_.place(added, static_cast<std::size_t>(std::count_if(
                            coherence.begin(), std::find(coherence.begin(), coherence.end(), id),
                            [&](EventId older) { return !is_left_out(older) && graph_.contains(renamed(older)); })));
}

}  // namespace heddle::engine::exhaustive
