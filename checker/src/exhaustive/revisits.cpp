// Which older reads a write may revisit, so that each graph is reached in one way only.
#include <algorithm>

#include "explorer.hpp"

namespace heddle::checker::exhaustive {

/// Newest first: everything after the read that the write does not depend on must be maximal, and the read too. `rival`:
/// another read-modify-write of what this one has modified, if there is one; it must be revisited, or taken back by the
/// revisit, so it is no older than what is revisited. `found` is told of each read and how it is revisited, and says whether
/// to go on.
template <class Found>
void Explorer::find_revisits(const Revisitor& write, EventId rival, Found found) {
    const Graph& graph = this->graph();
    const auto in_prefix = [&write](EventId id) { return id.index < write.prefix[id.thread]; };
    if (rival.exists() && in_prefix(rival)) return;
    constexpr std::uint32_t never = ~std::uint32_t{0};
    const std::uint32_t newest = rival.exists() ? graph[rival].stamp : never - 1;
    std::uint32_t oldest = never;  // of those that could be revisited at all
    const Location& here = graph.at(write.location);
    for (const EventId read : here.readers)
        if (!in_prefix(read)) oldest = std::min(oldest, graph[read].stamp);
    for (const EventId other : here.coherence)
        if (!in_prefix(other) && graph[other].kind == EventKind::modify) oldest = std::min(oldest, graph[other].stamp);
    if (oldest > newest) return;
    const auto& order = graph.order();
    for (std::size_t at = order.size(); at-- != 0;) {
        const EventId id = order[at];
        if (id == write.id || in_prefix(id)) continue;
        const Event& event = graph[id];
        if (event.stamp < oldest) return;
        if (!is_maximal(id, write)) return;
        if (!event.is_read() || event.location != write.location || event.stamp > newest) continue;
        const auto action = revisit_of(id, write);
        if (action && !found(*action, id)) return;
    }
}

void Explorer::add_revisits(EventId write, EventId rival) {
    const Event& event = graph()[write];
    const EventId modified = event.kind == EventKind::modify ? event.reads_from : EventId{};
    find_revisits({write, event.location, event.prefix, event.value, modified}, rival,
                  [&](Action action, EventId read) {
                      push({action, read, write});
                      return true;
                  });
}

/// Whether a read-modify-write that has been added as a read would revisit any if it read from `source`, which `rival` has
/// modified already: it is of no other use.
bool Explorer::would_revisit(EventId read, EventId source, EventId rival, std::uint64_t written) {
    Clock prefix = graph().before(read).prefix;
    prefix.join(graph()[source].prefix);
    bool any = false;
    find_revisits({read, graph()[read].location, prefix, written, source}, rival, [&any](Action, EventId) {
        any = true;
        return false;
    });
    return any;
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
bool Explorer::is_maximal(EventId id, const Revisitor& write) const {
    const Graph& graph = this->graph();
    const Event& event = graph[id];
    if (event.kind == EventKind::choice) return event.value == 0;
    if (event.chosen != 0) return false;
    const bool writes = event.kind == EventKind::write || event.kind == EventKind::modify;
    if (event.modification.kind == Modification::Kind::await && !writes) return true;  // awaits in vain
    if (!event.is_read() && !writes) return true;
    const auto& here = graph.at(event.location);
    if (writes) {
        const auto has_revisited = [&](EventId reader) {
            return graph[reader].reads_from == id && graph[reader].stamp < event.stamp;
        };
        if (event.overtook || std::any_of(here.readers.begin(), here.readers.end(), has_revisited)) return false;
        // A read-modify-write of it follows directly, but for the write, which may have come in between.
        for (std::size_t next = graph.position(id, event.location) + 1; next < here.coherence.size(); ++next) {
            if (here.coherence[next] == write.id) continue;
            if (has_revisited(here.coherence[next])) return false;
            break;
        }
    }
    // What it reads from or is must be the latest of what was there when it was added, or will stay.
    const EventId latest = event.is_read() ? event.reads_from : id;
    const auto was_there = [&](EventId other) {
        return graph[other].written <= event.stamp || other.index < write.prefix[other.thread];
    };
    if (latest != id && !was_there(latest)) return false;
    for (std::size_t at = here.coherence.size(); at-- != 0;) {
        const EventId candidate = here.coherence[at];
        if (candidate == latest) return true;
        if (candidate == write.id || candidate == id) continue;
        if (was_there(candidate)) return false;
    }
    return false;
}

}  // namespace heddle::checker::exhaustive
