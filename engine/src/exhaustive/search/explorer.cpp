#include "explorer.hpp"

#include <algorithm>
#include <utility>

namespace heddle::engine::exhaustive {

Explorer::Frame& Explorer::push_frame() {
    if (depth_ == frames_->size()) frames_->push_back(std::make_unique<Frame>());
    top_ = (*frames_)[depth_++].get();
    top_->work.clear();
    return *top_;
}

std::optional<unsigned> Explorer::next() {
    share_out();
    for (;;) {
        if (work().empty()) {
            if (--depth_ == 0) return std::nullopt;
            top_ = (*frames_)[depth_ - 1].get();
            continue;
        }
        const Work item = work().back();
        work().pop_back();
        share_ = item.share;
        if (apply(item)) return item.event.thread;
        share_out();
    }
}

/// The graph that was current is done with. Each piece of work that it led to, from the first on, is taken to be as large
/// as all that came after it: it branches off nearer to the root.
void Explorer::share_out() {
    for (auto item = work().end() - static_cast<std::ptrdiff_t>(pushed_); item != work().end(); ++item)
        item->share = share_ /= 2;
    pushed_ = 0;
    explored_ += std::exchange(share_, 0);
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

/// Goes on with the part of the graph that is `last`, what it depends on, and everything added before the stamp `end`: in a
/// frame of its own, if there is work left for the whole.
void Explorer::keep(std::uint32_t end, EventId last) {
    Graph& whole = graph();
    const Graph::Part part = whole.part_of(end, last);
    (work().empty() ? whole : push_frame().graph).assign(whole, part);
}

/// Goes back to where the write that is to revisit was added. Returns: whether the graph is consistent.
bool Explorer::prepare_revisit(const Work& item) {
    Graph& graph = this->graph();
    const EventId write = item.other;
    graph.cut_after(item.modified.exists() ? graph[write].stamp : graph[write].written);
    if (!item.modified.exists()) return true;
    const auto written = graph.set_reads_from(write, item.modified);
    if (contradicts_its_order(write)) return false;
    graph.modify(write, *written, graph.position(item.modified));
    return true;
}

/// Lets an older read read from a newer write.
bool Explorer::apply_revisit(const Work& item) {
    keep(graph()[item.event].stamp + 1, item.other);
    Graph& graph = this->graph();
    const auto written = graph.set_reads_from(item.event, item.other);
    const EventId write = item.other;
    graph[write].has_revisited = true;
    if (graph[write].kind == EventKind::modify) {
        return graph.position(write) >= oldest_source(item.event, graph.latest(write)) &&
               !sleeps_on_an_old_value(write) && finish_read(item.event, written);
    }
    graph.unplace(write);
    graph.place(write, graph.latest(write) + 1);
    // After all that its own thread must follow, and after all that the thread of the read must.
    const std::size_t followed = oldest_followed(write);
    add_placements(write, std::max(followed, oldest_source(item.event, graph.latest(write) - 1)), item.event);
    return finish_read(item.event, written);
}

/// Lets a newer read-modify-write take what an awaiting read has taken. That one awaits again, so it is taken back with
/// what came after it; no trace of it is left, so the write notes that it is not what would be added first.
bool Explorer::apply_overtake(const Work& item) {
    keep(graph()[item.event].stamp, item.other);
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
    for (unsigned other = 1; other < options; ++other) push({Action::choose, read, {}, {}, other});
    if (contradicts_its_order(read)) return false;
    if (event.modification.kind == Modification::Kind::none) return true;
    if (event.modification.kind == Modification::Kind::look) return finish_look(read);
    if (!written) return event.modification.kind != Modification::Kind::await;
    return add_modification(read, *written) && !sleeps_on_an_old_value(read);
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

/// The kernel compares the word under the lock of its queue: a store that came before an earlier step on the queue is
/// seen. The event before it is the read that compared. Requires: a read-modify-write.
bool Explorer::sleeps_on_an_old_value(EventId enqueued) const {
    const Graph& graph = this->graph();
    if (graph[enqueued].modification.kind != Modification::Kind::enqueue) return false;
    std::uint16_t index = static_cast<std::uint16_t>(enqueued.index - 1U);
    while (!graph[EventId{enqueued.thread, index}].is_read()) --index;
    const Event& look = graph[EventId{enqueued.thread, index}];
    const std::size_t seen = graph.position(look.reads_from);
    return graph.oldest_visible(look.location, graph[enqueued].kernel) > seen;
}

bool Explorer::add_read(EventId read) {
    Graph& graph = this->graph();
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
    const std::size_t oldest = oldest_source(read, graph.latest(read));
    if (oldest == graph.latest(read)) return;
    const Modification& modification = graph[read].modification;
    const bool awaits = modification.kind == Modification::Kind::await;
    // Where each write depends on the one before it, what hinders a newer source hinders an older one.
    const bool is_chain = graph.at(location).stores == 0;
    std::uint32_t barrier = 0;
    for (std::size_t at = coherence.size() - 1; at-- > oldest;) {
        const std::uint64_t value = graph.value_of(coherence[at], location);
        if (awaits && !modification.allows(value)) continue;
        // If another one has modified it, that one must be taken back: it is of no use but to revisit.
        const EventId rival = graph.modified_by(location, at);
        const auto written = rival.exists() && modification.options(value) == 1 ? modification.after(value) : Written();
        if (!written) push({Action::read_from, read, coherence[at]});
        else if (!is_chain || graph[rival].stamp > barrier) barrier = add_revisits_from(read, at, rival, *written);
    }
}

/// The oldest position that the last event of a thread may read from, or follow: there is an execution for each from there
/// on. `seq_cst`: whether the event is. `certain`: a position that it may; nobody asks for more than whether it is one.
std::size_t Explorer::oldest_visible(EventId event, bool seq_cst, std::size_t certain) {
    const Graph& graph = this->graph();
    const std::size_t visible = graph.oldest_visible(graph[event].location, graph.before(event).before);
    return visible >= certain ? visible : std::max(visible, seq_cst_past_.oldest(graph, event, seq_cst, certain));
}

/// The same of a read, which may prove to be seq_cst only when it has read.
std::size_t Explorer::oldest_source(EventId read, std::size_t certain) {
    const Event& event = graph()[read];
    const bool modifies = event.modification.kind != Modification::Kind::none;
    return oldest_visible(read, modifies ? event.modification.is_seq_cst() : event.order == std::memory_order_seq_cst,
                          certain);
}

/// Whether a read should have read something newer because what it read made it seq_cst.
bool Explorer::contradicts_its_order(EventId read) {
    const Event& event = graph()[read];
    return event.modification.may_be_seq_cst() && event.order == std::memory_order_seq_cst &&
           graph().position(event.reads_from) < oldest_visible(read, true, graph().latest(read));
}

/// The same of a write that is the latest, and so may follow the one before it.
std::size_t Explorer::oldest_followed(EventId write) {
    return oldest_visible(write, graph()[write].order == std::memory_order_seq_cst, graph().latest(write) - 1);
}

/// The positions older than the latest one, after `oldest`. A write never comes between a read-modify-write and what that
/// read.
void Explorer::add_placements(EventId write, std::size_t oldest, EventId revisited) {
    const Graph& graph = this->graph();
    for (std::size_t at = oldest + 1; at < graph.latest(write); ++at) {
        if (graph.modified_by(graph[write].location, at - 1).exists()) continue;
        push({Action::place, write, revisited, {}, at});
    }
}

bool Explorer::add_write(EventId write) {
    Graph& graph = this->graph();
    graph.place(write, graph.latest(write) + 1);
    add_placements(write, oldest_followed(write), {});
    const Event& event = graph[write];
    add_revisits({write, event.location, event.prefix, event.value}, {});
    return true;
}

bool Explorer::add_choice(EventId choice) {
    for (std::size_t value = 1; value < graph()[choice].options; ++value) push({Action::choose, choice, {}, {}, value});
    return true;
}

/// Nothing revisits a read that had something newer to read when it was added.
bool Explorer::is_settled(EventId read) const {
    const Event& event = graph()[read];
    const auto& coherence = graph().at(event.location).coherence;
    const auto source = static_cast<std::ptrdiff_t>(graph().position(event.reads_from));
    return std::any_of(coherence.begin() + source + 1, coherence.end(),
                       [&](EventId newer) { return newer != read && graph()[newer].written < event.stamp; });
}

}  // namespace heddle::engine::exhaustive
