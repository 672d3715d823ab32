// Which older reads a write may revisit, so that each graph is reached in one way only.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>

#include "exhaustive/graph/graph.hpp"
#include "worklist.hpp"

namespace heddle::engine::exhaustive {

/// A write that may revisit older reads; it need not have written yet.
struct Revisitor {
    EventId id;
    LocationId location;
    const Clock& prefix;
    std::uint64_t value;
    EventId modified{};      ///< what it has read, if it is a read-modify-write
    std::size_t source = 0;  ///< where that is in the coherence order
};

/// Whether an event is what would be added again, if it were taken back and the write were there.
enum class Maximal : std::uint8_t {
    yes,
    no,     ///< not for this write
    never,  ///< for no write
};
Maximal is_maximal(const Graph& graph, EventId id, const Revisitor& write);

/// How a read is revisited by a write of its location, if at all.
std::optional<Action> revisit_of(const Graph& graph, EventId read, const Revisitor& write);

/// Newest first: everything after the read that the write does not depend on must be maximal, and the read too. `rival`:
/// another read-modify-write of what this one has modified, if there is one; it must be revisited, or taken back by the
/// revisit, so it is no older than what is revisited. `found` is told of each read and how it is revisited. Returns: the
/// stamp of an event that hinders every write which does not depend on it, if it met one; 0 otherwise.
template <class Found>
std::uint32_t find_revisits(const Graph& graph, const Revisitor& write, EventId rival, Found found) {
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
        if (const Maximal maximal = is_maximal(graph, id, write); maximal != Maximal::yes)
            return maximal == Maximal::never ? event.stamp : 0;
        if (!event.is_read() || event.location != write.location || event.stamp > newest) continue;
        if (const auto action = revisit_of(graph, id, write)) found(*action, id);
    }
    return 0;
}

}  // namespace heddle::engine::exhaustive
