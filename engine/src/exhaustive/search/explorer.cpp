#include "explorer.hpp"

#include <algorithm>

namespace heddle::engine::exhaustive {

std::optional<unsigned> Explorer::next() {
    dead_ends_.clear();
    work_.share_out();
    while (const auto item = work_.pop()) {
        if (apply(*item)) return item->event.thread;
        work_.share_out();
    }
    return std::nullopt;
}

/// Returns: whether the changed graph is consistent and to be run.
bool Explorer::apply(const Work& item) {
    if (item.action == Action::revisit) return prepare_revisit(item) && apply_revisit(item);
    if (item.action == Action::overtake) return prepare_revisit(item) && apply_overtake(item);
    Graph& graph = this->graph();
    graph.cut_after(item.action == Action::choose ? graph[item.event].written : graph[item.event].stamp);
    switch (item.action) {
        case Action::read_from:
            return finish_read(item.event, graph.set_reads_from(item.event, item.other));
        case Action::place: {
            Written written;
            if (item.other.exists()) written = graph.set_reads_from(item.other, item.event);
            graph.unplace(item.event);
            graph.place(item.event, item.where);
            return !item.other.exists() || finish_read(item.other, written);
        }
        case Action::choose: {
            const auto chosen = static_cast<unsigned>(item.where);
            Event& event = graph[item.event];
            if (event.is_read())
                return finish_read(item.event, graph.set_reads_from(item.event, event.reads_from, chosen));
            event.value = chosen;
            return true;
        }
        case Action::revisit:
        case Action::overtake:
            break;
    }
    return false;
}

/// Goes back to where the write that is to revisit was added. Returns: whether the graph is consistent.
bool Explorer::prepare_revisit(const Work& item) {
    Graph& graph = this->graph();
    const EventId write = item.other;
    graph.cut_after(item.modified.exists() ? graph[write].stamp : graph[write].written);
    if (!item.modified.exists()) return true;
    const auto written = graph.set_reads_from(write, item.modified);
    if (visibility_.contradicts_its_order(graph, write)) return false;
    graph.modify(write, *written, graph.position(item.modified));
    return true;
}

/// Lets an older read read from a newer write.
bool Explorer::apply_revisit(const Work& item) {
    work_.keep(graph()[item.event].stamp + 1, item.other);
    Graph& graph = this->graph();
    const auto written = graph.set_reads_from(item.event, item.other);
    const EventId write = item.other;
    graph[write].has_revisited = true;
    if (graph[write].kind == EventKind::modify) {
        visibility_.note_order(graph, item.event, write, graph.position(write));
        return graph.position(write) >= visibility_.oldest_source(graph, item.event, graph.latest(write)) &&
               !Visibility::sleeps_on_an_old_value(graph, write) && finish_read(item.event, written);
    }
    graph.unplace(write);
    graph.place(write, graph.latest(write) + 1);
    // After all that its own thread must follow, and after all that the thread of the read must.
    const std::size_t followed = visibility_.oldest_followed(graph, write);
    visibility_.note_order(graph, item.event, write, followed);
    add_placements(write, std::max(followed, visibility_.oldest_source(graph, item.event, graph.latest(write) - 1)),
                   item.event);
    return finish_read(item.event, written);
}

/// Lets a newer read-modify-write take what an awaiting read has taken. That one awaits again, so it is taken back with
/// what came after it; no trace of it is left, so the write notes that it is not what would be added first.
bool Explorer::apply_overtake(const Work& item) {
    work_.keep(graph()[item.event].stamp, item.other);
    graph()[item.other].overtook = true;
    return true;
}

/// Lets a read whose source is known go on to write what it `written` says. The other ways to go on become work.
/// Returns: whether the graph is consistent.
bool Explorer::finish_read(EventId read, Written written) {
    Graph& graph = this->graph();
    const Event& event = graph[read];
    // Before all else: one that fails has an order of its own, and may be allowed where this one is not.
    const unsigned options = event.chosen == 0 ? event.modification.options(event.value_read) : 0;
    for (unsigned other = 1; other < options; ++other) work_.push({Action::choose, read, {}, {}, other});
    if (visibility_.contradicts_its_order(graph, read)) return false;
    if (event.modification.kind == Modification::Kind::none) return true;
    if (event.modification.kind == Modification::Kind::look) return finish_look(read);
    if (!written) return event.modification.kind != Modification::Kind::await;
    return add_modification(read, *written) && !Visibility::sleeps_on_an_old_value(graph, read);
}

/// A thread that has seen what it expects begins to wait: added here, that costs no run where the kernel would not have it
/// sleep on so old a value.
bool Explorer::finish_look(EventId look) {
    Graph& graph = this->graph();
    const Event& event = graph[look];
    if (event.value_read != event.modification.expected) return true;
    return add_read(graph.append(
        look.thread, Label::read(event.location + 1, std::memory_order_relaxed, Modification::to_wait(look.thread))));
}

/// Two read-modify-writes of one write cannot stay: if there is another, this one only revisits.
bool Explorer::add_modification(EventId read, std::uint64_t value) {
    Graph& graph = this->graph();
    const Event& event = graph[read];
    const auto& coherence = graph.at(event.location).coherence;
    const bool has_written = event.kind == EventKind::modify;  // as the latest one, then
    const std::size_t source = has_written ? coherence.size() - 2 : graph.position(event.reads_from);
    const EventId rival = has_written ? EventId{} : graph.modified_by(event.location, source);
    if (!has_written) graph.modify(read, value, source);
    add_revisits({read, event.location, event.prefix, value, event.reads_from, source}, rival);
    return !rival.exists();
}

bool Explorer::add_read(EventId read) {
    Graph& graph = this->graph();
    note_late(read);
    add_older_sources(read);
    const auto written = graph.read_latest(read);
    // The latest write contradicts nothing, so only what it goes on to write needs a look.
    return graph[read].modification.kind == Modification::Kind::none || finish_read(read, written);
}

void Explorer::add_awaiting(EventId read) {
    add_older_sources(read);
    graph().set_reads_from(read, graph().at(graph()[read].location).coherence.back());
}

/// What a new read could read instead of the latest write.
void Explorer::add_older_sources(EventId read) {
    const Graph& graph = this->graph();
    const LocationId location = graph[read].location;
    const auto& coherence = graph.at(location).coherence;
    const std::size_t oldest = visibility_.oldest_source(graph, read, graph.latest(read));
    if (oldest == graph.latest(read)) return;
    const Modification& modification = graph[read].modification;
    const bool awaits = modification.kind == Modification::Kind::await;
    // Where each write depends on the one before it, what hinders a newer source hinders an older one.
    const bool is_chain = graph.at(location).stores == 0;
    std::uint32_t barrier = 0;
    for (std::size_t at = coherence.size() - 1; at-- > oldest;) {
        const std::uint64_t value = graph.value_of(coherence[at], location);
        if ((awaits && !modification.allows(value)) || dead_ends_.contains(read, value)) continue;
        // If another one has modified it, that one must be taken back: it is of no use but to revisit.
        const EventId rival = graph.modified_by(location, at);
        const auto written = rival.exists() && modification.options(value) == 1 ? modification.after(value) : Written();
        if (!written) work_.push({Action::read_from, read, coherence[at]});
        else if (!is_chain || graph[rival].stamp > barrier) barrier = add_revisits_from(read, at, rival, *written);
    }
}

/// The positions older than the latest one, after `oldest`. A write never comes between a read-modify-write and what that
/// read.
void Explorer::add_placements(EventId write, std::size_t oldest, EventId revisited) {
    const Graph& graph = this->graph();
    for (std::size_t at = oldest + 1; at < graph.latest(write); ++at) {
        if (graph.modified_by(graph[write].location, at - 1).exists()) continue;
        work_.push({Action::place, write, revisited, {}, at});
    }
}

bool Explorer::add_write(EventId write) {
    Graph& graph = this->graph();
    note_late(write);
    graph.place(write, graph.latest(write) + 1);
    add_placements(write, visibility_.oldest_followed(graph, write), {});
    const Event& event = graph[write];
    add_revisits({write, event.location, event.prefix, event.value}, {});
    return true;
}

void Explorer::add_revisits(const Revisitor& write, EventId rival) {
    find_revisits(graph(), write, rival, [&](Action action, EventId read) { work_.push({action, read, write.id}); });
}

/// Those that a read-modify-write which has been added as a read would do if it read from the write at `source`, which
/// `rival` has modified already.
std::uint32_t Explorer::add_revisits_from(EventId read, std::size_t source, EventId rival, std::uint64_t written) {
    const Graph& graph = this->graph();
    const LocationId location = graph[read].location;
    const EventId modified = graph.at(location).coherence[source];
    Clock prefix = graph.before(read).prefix;
    prefix.join(graph[modified].prefix);
    if (const EventId counterpart = counterpart_before(graph, read); counterpart.exists())
        prefix.join(graph[counterpart].prefix);
    return find_revisits(graph, {read, location, prefix, written, modified, source}, rival,
                         [&](Action action, EventId revisited) {
                             work_.push({action, revisited, read, modified});
                         });
}

/// What a counterpart has chosen comes first among numbers from 1 on, and 0 last, as it is added.
bool Explorer::add_choice(EventId choice) {
    note_late(choice);
    std::size_t first = 1;
    if (const EventId counterpart = counterpart_before(graph(), choice); counterpart.exists()) {
        first = static_cast<std::size_t>(graph()[counterpart].value);
        if (first == 0) return true;
    }
    for (std::size_t value = first; value < graph()[choice].options; ++value)
        work_.push({Action::choose, choice, {}, {}, value});
    return true;
}

/// A thread is to come to an event before those that are like it.
void Explorer::note_late(EventId id) {
    if (counterpart_after(graph(), id).exists()) is_late_ = true;
}

/// Nothing revisits a read that had something newer to read when it was added.
bool Explorer::is_settled(EventId read) const {
    const Event& event = graph()[read];
    const auto& coherence = graph().at(event.location).coherence;
    const auto source = static_cast<std::ptrdiff_t>(graph().position(event.reads_from));
    return std::any_of(coherence.begin() + source + 1, coherence.end(),
                       [&](EventId newer) { return newer != read && graph()[newer].written < event.stamp; });
}

bool Explorer::take_back(EventId first) {
    graph().cut_after(graph()[first].stamp - 1);
    work_.take_back(first);
    return true;
}

}  // namespace heddle::engine::exhaustive
