#include "script.hpp"

#include <algorithm>
#include <array>

namespace heddle::engine::exhaustive {

std::vector<unsigned> Script::of(const Graph& graph, const std::vector<EventId>& course) {
    std::vector<unsigned> numbers;
    std::array<unsigned, most_threads + 1> done{};
    const auto position = [&](EventId write, LocationId location) {
        const auto& coherence = graph.at(location).coherence;
        return static_cast<unsigned>(std::count_if(coherence.begin(),
                                                   std::find(coherence.begin(), coherence.end(), write),
                                                   [&](EventId other) { return other.index < done[other.thread]; }));
    };
    for (const EventId id : course) {
        const Event& event = graph[id];
        numbers.push_back(id.thread);
        if (event.is_read()) numbers.push_back(position(event.reads_from, event.location));
        if (event.is_read() && event.modification.options(event.value_read) > 1) numbers.push_back(event.chosen);
        if (event.kind == EventKind::write) numbers.push_back(position(id, event.location));
        if (event.kind == EventKind::choice) numbers.push_back(static_cast<unsigned>(event.value));
        ++done[id.thread];
    }
    return numbers;
}

std::optional<unsigned> Script::take(std::size_t limit) {
    return !ended() && numbers_[at_] < limit ? std::optional(numbers_[at_++]) : std::nullopt;
}

bool Script::add_read(EventId read) {
    const LocationId location = graph_[read].location;
    const Modification modification = graph_[read].modification;
    const auto& coherence = graph_.at(location).coherence;
    const auto source = take(coherence.size());
    if (!source) return false;
    const EventId write = coherence[*source];
    const unsigned options = modification.options(graph_.value_of(write, location));
    const auto chosen = options > 1 ? take(options) : 0;
    if (!chosen) return false;
    if (*source < visibility_.oldest_source(graph_, read, graph_.latest(read))) forbidden_ = true;
    const auto written = graph_.set_reads_from(read, write, *chosen);
    if (visibility_.contradicts_its_order(graph_, read)) forbidden_ = true;
    if (modification.kind == Modification::Kind::none) return true;
    if (written) {
        if (graph_.modified_by(location, *source).exists()) forbidden_ = true;
        graph_.modify(read, *written, *source);
        if (Visibility::sleeps_on_an_old_value(graph_, read)) forbidden_ = true;
    }
    return static_cast<bool>(written) || modification.kind != Modification::Kind::await;
}

bool Script::add_write(EventId write) {
    const auto position = take(graph_.at(graph_[write].location).coherence.size() + 1);
    if (!position || *position == 0) return false;
    graph_.place(write, graph_.latest(write) + 1);
    if (*position <= visibility_.oldest_followed(graph_, write) ||
        graph_.modified_by(graph_[write].location, *position - 1).exists())
        forbidden_ = true;
    graph_.unplace(write);
    graph_.place(write, *position);
    return true;
}

bool Script::add_choice(EventId choice) {
    const auto value = take(graph_[choice].options);
    if (value) graph_[choice].value = *value;
    return value.has_value();
}

}  // namespace heddle::engine::exhaustive
