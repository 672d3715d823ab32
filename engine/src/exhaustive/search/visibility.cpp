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
    return oldest(graph, read, modifies ? event.modification.is_seq_cst() : event.order == std::memory_order_seq_cst,
                  certain);
}

bool Visibility::contradicts_its_order(const Graph& graph, EventId read) {
    const Event& event = graph[read];
    return event.modification.may_be_seq_cst() && event.order == std::memory_order_seq_cst &&
           graph.position(event.reads_from) < oldest(graph, read, true, graph.latest(read));
}

std::size_t Visibility::oldest_followed(const Graph& graph, EventId write) {
    return oldest(graph, write, graph[write].order == std::memory_order_seq_cst, graph.latest(write) - 1);
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
