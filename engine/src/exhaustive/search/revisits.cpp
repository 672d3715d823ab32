#include "revisits.hpp"

namespace heddle::engine::exhaustive {

std::optional<Action> revisit_of(const Graph& graph, EventId read, const Revisitor& write) {
    const Event& event = graph[read];
    if (event.modification.kind != Modification::Kind::await) return Action::revisit;
    if (event.modification.allows(write.value)) return Action::revisit;
    const bool would_share = write.modified.exists() && write.modified == event.reads_from;
    return would_share ? std::optional(Action::overtake) : std::nullopt;
}

Maximal is_maximal(const Graph& graph, EventId id, const Revisitor& write) {
    const Event& event = graph[id];
    if (event.kind == EventKind::choice) return event.value == 0 ? Maximal::yes : Maximal::never;
    const bool writes = event.kind == EventKind::write || event.kind == EventKind::modify;
    if (!event.is_read() && !writes) return Maximal::yes;
    if (event.chosen != 0 || event.overtook) return Maximal::never;
    if (event.modification.kind == Modification::Kind::await && !writes) return Maximal::yes;  // awaits in vain
    const auto& here = graph.at(event.location);
    if (event.has_revisited) {
        const auto serves = [&](EventId reader) {
            return graph[reader].reads_from == id && graph[reader].stamp < event.stamp;
        };
        if (std::any_of(here.readers.begin(), here.readers.end(), serves)) return Maximal::never;
        // A read-modify-write of it follows directly, but for the write, which may have come in between.
        for (std::size_t next = graph.position(id) + 1; next < here.coherence.size(); ++next) {
            if (here.coherence[next] == write.id) continue;
            if (serves(here.coherence[next])) return Maximal::never;
            break;
        }
    }
    // What it reads from or is must be the latest of what was there when it was added, or will stay.
    const EventId latest = event.is_read() ? event.reads_from : id;
    const auto was_there = [&](EventId other) { return graph[other].written <= event.stamp; };
    const auto stays = [&](EventId other) { return write.prefix.knows(other); };
    if (latest != id && !was_there(latest) && !stays(latest)) return Maximal::no;
    for (std::size_t at = here.coherence.size(); at-- != 0;) {
        const EventId candidate = here.coherence[at];
        if (candidate == latest) return Maximal::yes;
        if (candidate == write.id || candidate == id) continue;
        if (was_there(candidate)) return Maximal::never;
        if (stays(candidate)) return Maximal::no;
    }
    return Maximal::no;
}

}  // namespace heddle::engine::exhaustive
