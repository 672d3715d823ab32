#include "invariants.hpp"

#include <algorithm>

namespace heddle::engine::exhaustive {

namespace {

using Broken = std::optional<std::string>;

std::string name_of(EventId id) {
    return "event " + std::to_string(id.index) + " of thread " + std::to_string(id.thread);
}

bool includes(const Clock& clock, const Clock& earlier) {
    for (unsigned thread = 0; thread <= most_threads; ++thread)
        if (clock[thread] < earlier[thread]) return false;
    return true;
}

std::ptrdiff_t count_of(const std::vector<EventId>& ids, EventId id) { return std::count(ids.begin(), ids.end(), id); }

/// The order of addition has each event once, in program order, with growing stamps.
Broken broken_order(const Graph& graph) {
    std::array<std::uint16_t, most_threads + 1> sizes{};
    const Event* latest = nullptr;
    for (const EventId id : graph.order()) {
        if (id.index != sizes[id.thread]++) return name_of(id) + " was not added in program order";
        if (latest != nullptr && graph[id].stamp <= latest->stamp) return name_of(id) + " has a stamp that is too old";
        if (graph[id].written < graph[id].stamp) return name_of(id) + " was written before it was added";
        latest = &graph[id];
    }
    for (unsigned thread = 0; thread <= most_threads; ++thread)
        if (sizes[thread] != graph.size(thread)) return "the order of addition lacks an event";
    return std::nullopt;
}

/// Whether the write is one of that location. The construction of an atomic is one of its queue, too.
bool is_write_of(const Event& write, LocationId location) {
    return write.is_write() &&
           (write.kind == EventKind::init
                ? write.location == location - location % 2 || write.location == no_location  // of all that is adopted
                : write.location == location);
}

/// A coherence order begins with the construction and has only writes of its location; what only reads is kept apart.
Broken broken_location(const Graph& graph, LocationId location) {
    const Location& here = graph.at(location);
    if (here.coherence.empty() || graph[here.coherence.front()].kind != EventKind::init)
        return "a coherence order does not begin with the construction";
    unsigned stores = 0;
    for (const EventId id : here.coherence) {
        if (!is_write_of(graph[id], location)) return name_of(id) + " is in the coherence order of another location";
        if (count_of(here.coherence, id) != 1) return name_of(id) + " is in a coherence order twice";
        stores += graph[id].kind == EventKind::write ? 1U : 0U;
    }
    if (stores != here.stores) return "a location counts other stores than it has";
    for (const EventId id : here.readers)
        if (graph[id].kind != EventKind::read || graph[id].location != location)
            return name_of(id) + " is a reader of a location that it does not read";
    return std::nullopt;
}

/// What an event reads is there, and a read-modify-write follows it directly.
Broken broken_source(const Graph& graph, EventId id) {
    const Event& event = graph[id];
    const EventId source = event.reads_from;
    if (!source.exists()) return event.is_read() ? Broken(name_of(id) + " reads from nothing") : std::nullopt;
    if (source.index >= graph.size(source.thread)) return name_of(id) + " reads from an event that is gone";
    if (!includes(event.prefix, graph[source].prefix)) return name_of(id) + " does not depend on what it reads from";
    if (!event.is_read()) return std::nullopt;
    if (!is_write_of(graph[source], event.location)) return name_of(id) + " reads from another location";
    if (event.value_read != graph.value_of(source, event.location)) return name_of(id) + " read another value";
    if (event.kind == EventKind::modify && graph.modified_by(event.location, graph.position(source)) != id)
        return name_of(id) + " does not follow what it modifies";
    return std::nullopt;
}

/// A write knows where it is in the coherence order.
Broken broken_position(const Graph& graph, EventId id) {
    if (graph[id].location == no_location) return std::nullopt;  // the construction of all that is adopted
    const auto& coherence = graph.at(graph[id].location).coherence;
    const std::size_t position = graph.position(id);
    if (position >= coherence.size() || coherence[position] != id) return name_of(id) + " is at another position";
    return std::nullopt;
}

Broken broken_event(const Graph& graph, EventId id) {
    const Event& event = graph[id];
    const bool has_location = event.location != no_location;
    if (event.is_write() && has_location && count_of(graph.at(event.location).coherence, id) != 1)
        return name_of(id) + " is a write that is not in the coherence order";
    if (event.kind == EventKind::read && count_of(graph.at(event.location).readers, id) != 1)
        return name_of(id) + " is a read that its location does not know once";
    for (const Clock* const clock : {&event.before, &event.prefix, &event.kernel})
        if (!clock->knows(id)) return name_of(id) + " does not know itself";
    if (id.index != 0) {
        const Event& previous = graph.before(id);
        if (!includes(event.before, previous.before) || !includes(event.prefix, previous.prefix) ||
            !includes(event.kernel, previous.kernel))
            return name_of(id) + " knows less than the event before it";
    }
    if (auto broken = broken_source(graph, id)) return broken;
    return event.is_write() ? broken_position(graph, id) : std::nullopt;
}

}  // namespace

std::optional<std::string> broken_invariant(const Graph& graph) {
    if (auto broken = broken_order(graph)) return broken;
    for (LocationId location = 0; location != graph.locations(); ++location)
        if (auto broken = broken_location(graph, location)) return broken;
    for (const EventId id : graph.order())
        if (auto broken = broken_event(graph, id)) return broken;
    return std::nullopt;
}

}  // namespace heddle::engine::exhaustive
