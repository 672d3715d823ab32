// Which older reads a write may revisit, so that each graph is reached in one way only.
#include <algorithm>

#include "explorer.hpp"

namespace heddle::engine::exhaustive {

/// Newest first: everything after the read that the write does not depend on must be maximal, and the read too. `rival`:
/// another read-modify-write of what this one has modified, if there is one; it must be revisited, or taken back by the
/// revisit, so it is no older than what is revisited. `found` is told of each read and how it is revisited. Returns: the
/// stamp of an event that hinders every write which does not depend on it, if it met one; 0 otherwise.
template <class Found>
std::uint32_t Explorer::find_revisits(const Revisitor& write, EventId rival, Found found) {
    const Graph& graph = this->graph();
    const auto in_prefix = [&write](EventId id) { return write.prefix.knows(id); };
    if (rival.exists() && in_prefix(rival)) return 0;
    const Location& here = graph.at(write.location);
    // Without stores, each has read the one before it: the write depends on all of them up to what it modifies.
    const bool is_chain = here.stores == 0 && write.modified.exists();
    const std::size_t first = is_chain ? write.source + 1 : 0;
    if (!rival.exists() && here.readers.empty() && first + 1 >= here.coherence.size()) return 0;  // itself at most
    constexpr std::uint32_t never = ~std::uint32_t{0};
    const std::uint32_t newest = rival.exists() ? graph[rival].stamp : never - 1;
    std::uint32_t oldest = never;  // of those that could be revisited at all
    for (const EventId read : here.readers)
        if (!in_prefix(read)) oldest = std::min(oldest, graph[read].stamp);
    for (std::size_t at = first; at < here.coherence.size(); ++at) {
        const EventId other = here.coherence[at];
        if (!in_prefix(other) && graph[other].kind == EventKind::modify) oldest = std::min(oldest, graph[other].stamp);
    }
    if (oldest > newest) return 0;
    const auto& order = graph.order();
    for (std::size_t at = order.size(); at-- != 0;) {
        const EventId id = order[at];
        if (id == write.id || in_prefix(id)) continue;
        const Event& event = graph[id];
        if (event.stamp < oldest) return 0;
        if (const Maximal maximal = is_maximal(id, write); maximal != Maximal::yes)
            return maximal == Maximal::never ? event.stamp : 0;
        if (!event.is_read() || event.location != write.location || event.stamp > newest) continue;
        if (const auto action = revisit_of(id, write)) found(*action, id);
    }
    return 0;
}

void Explorer::add_revisits(const Revisitor& write, EventId rival) {
    find_revisits(write, rival, [&](Action action, EventId read) { push({action, read, write.id}); });
}

/// Those that a read-modify-write which has been added as a read would do if it read from the write at `source`, which
/// `rival` has modified already.
std::uint32_t Explorer::add_revisits_from(EventId read, std::size_t source, EventId rival, std::uint64_t written) {
    const Graph& graph = this->graph();
    const LocationId location = graph[read].location;
    const EventId modified = graph.at(location).coherence[source];
    Clock prefix = graph.before(read).prefix;
    prefix.join(graph[modified].prefix);
    return find_revisits({read, location, prefix, written, modified, source}, rival,
                         [&](Action action, EventId revisited) {
                             push({action, revisited, read, modified});
                         });
}

/// How a read is revisited by a write of its location, if at all.
std::optional<Explorer::Action> Explorer::revisit_of(EventId read, const Revisitor& write) const {
    const Event& event = graph()[read];
    if (event.modification.kind != Modification::Kind::await) return Action::revisit;
    if (event.modification.allows(write.value)) return Action::revisit;
    const bool would_share = write.modified.exists() && write.modified == event.reads_from;
    return would_share ? std::optional(Action::overtake) : std::nullopt;
}

/// Whether an event is what would be added again, if it were taken back and the write were there.
Explorer::Maximal Explorer::is_maximal(EventId id, const Revisitor& write) const {
    const Graph& graph = this->graph();
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
