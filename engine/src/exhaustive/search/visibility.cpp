#include "visibility.hpp"

#include <algorithm>

namespace heddle::engine::exhaustive {

std::size_t Visibility::oldest(const Graph& graph, EventId event, bool seq_cst, std::size_t certain) {
    const std::size_t visible = graph.oldest_visible(graph[event].location, graph.before(event).before);
    if (visible >= certain || graph[event].is_queue) return visible;  // steps on a queue are no operations of C++
    return std::max(visible, seq_cst_past_.oldest(graph, event, seq_cst, certain));
}

std::size_t Visibility::oldest_source(const Graph& graph, EventId read, std::size_t certain) {
    const Event& event = graph[read];
    const bool modifies = event.modification.kind != Modification::Kind::none;
    const std::size_t allowed = oldest(
        graph, read, modifies ? event.modification.is_seq_cst() : event.order == std::memory_order_seq_cst, certain);
    return graph.alike() == nullptr ? allowed : oldest_after_counterpart(graph, read, allowed);
}

namespace {

/// Where the thread before it in its group, with the same past, reads too.
EventId counterpart_of_read(const Graph& graph, EventId read) {
    const EventId counterpart = counterpart_before(graph, read);
    const bool reads =
        counterpart.exists() && graph[counterpart].is_read() && graph[counterpart].location == graph[read].location;
    return reads ? counterpart : EventId{};
}

}  // namespace

std::size_t Visibility::oldest_of_counterpart(const Graph& graph, EventId counterpart) {
    const Event& event = graph[counterpart];
    return graph.position(event.kind == EventKind::modify ? counterpart : event.reads_from);
}

void Visibility::note_order(const Graph& graph, EventId read, EventId write, std::size_t position) {
    const EventId counterpart = counterpart_of_read(graph, read);
    if (!counterpart.exists() || !graph[write].prefix.knows(counterpart)) return;
    lacks_order_ = lacks_order_ || position < oldest_of_counterpart(graph, counterpart);
}

/// A thread reads nothing older than what its counterpart has read: the execution in which it does is explored with their
/// numbers exchanged. That is so unless what it could read depends on the counterpart's event, which must be there first.
std::size_t Visibility::oldest_after_counterpart(const Graph& graph, EventId read, std::size_t allowed) {
    const EventId counterpart = counterpart_of_read(graph, read);
    if (!counterpart.exists()) return allowed;
    const std::size_t first = oldest_of_counterpart(graph, counterpart);
    const auto& coherence = graph.at(graph[read].location).coherence;
    for (std::size_t at = allowed; at < first; ++at)
        lacks_order_ = lacks_order_ || graph[coherence[at]].prefix.knows(counterpart);
    return std::max(allowed, first);
}

bool Visibility::contradicts_its_order(const Graph& graph, EventId read) {
    const Event& event = graph[read];
    return event.modification.may_be_seq_cst() && event.order == std::memory_order_seq_cst &&
           graph.position(event.reads_from) < oldest(graph, read, true, graph.latest(read));
}

std::size_t Visibility::oldest_followed(const Graph& graph, EventId write) {
    const std::size_t allowed =
        oldest(graph, write, graph[write].order == std::memory_order_seq_cst, graph.latest(write) - 1);
    const EventId counterpart = counterpart_before(graph, write);
    const bool orders = counterpart.exists() && graph[counterpart].kind == EventKind::write &&
                        graph[counterpart].location == graph[write].location;
    return orders ? std::max(allowed, graph.position(counterpart)) : allowed;
}

bool Visibility::sleeps_on_an_old_value(const Graph& graph, EventId enqueued) {
    if (graph[enqueued].modification.kind != Modification::Kind::enqueue) return false;
    std::uint16_t index = static_cast<std::uint16_t>(enqueued.index - 1U);
    while (!graph[EventId{enqueued.thread, index}].is_read()) --index;
    const Event& look = graph[EventId{enqueued.thread, index}];
    const std::size_t seen = graph.position(look.reads_from);
    return graph.oldest_visible(look.location, graph[enqueued].kernel) > seen;
}

}  // namespace heddle::engine::exhaustive
