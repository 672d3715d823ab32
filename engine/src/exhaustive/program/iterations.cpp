#include "iterations.hpp"

#include <algorithm>
#include <utility>

#include "exhaustive/graph/queue_value.hpp"
#include "modification_of.hpp"

namespace heddle::engine::exhaustive {

bool changes_nothing(const Event& event) {
    switch (event.kind) {
        case EventKind::read:
            return !event.is_queue;
        case EventKind::modify:
            return !event.is_queue && event.value == event.value_read;
        case EventKind::fence:
            return true;
        default:
            return false;
    }
}

namespace {

bool leaves_all(const Graph& graph, EventId id) { return changes_nothing(graph[id]) || writes_again(graph, id); }

}  // namespace

bool writes_again(const Graph& graph, EventId id) {
    const Event& event = graph[id];
    if (event.kind != EventKind::write || event.position == 0) return false;
    const EventId before = graph.at(event.location).coherence[event.position - 1U];
    const Event& earlier = graph[before];
    return before.thread == id.thread && earlier.kind != EventKind::init && earlier.value == event.value &&
           is_no_weaker(event.order, earlier.order);
}

EventId load_that_may_have_read_it(const Graph& graph, EventId failed) {
    const Event& failure = graph[failed];
    if (failure.kind != EventKind::read || failure.modification.kind != Modification::Kind::compare) return {};
    // Nobody else reads from a load or a fence: what the failure has read does not depend on that load.
    const auto is_passed = [&](const Event& event) {
        const bool is_read = event.kind == EventKind::read && changes_nothing(event);
        return event.kind == EventKind::fence || (is_read && event.location != failure.location);
    };
    EventId load = failed;
    do --load.index;
    while (load.index != 0 && is_passed(graph[load]));
    const Event& event = graph[load];
    const bool is_load = event.kind == EventKind::read && event.modification.kind == Modification::Kind::none;
    const bool is_it = is_load && event.location == failure.location && event.reads_from != failure.reads_from &&
                       is_no_weaker(failure.order, event.order);
    return is_it ? load : EventId{};
}

namespace {

/// Whether a mutex was taken, by whoever waits for it or tries.
bool is_lock(const Event& event) {
    Modification lock = Modification::to_lock();
    if (event.modification.kind == Modification::Kind::compare) lock.kind = Modification::Kind::compare;
    return event.kind == EventKind::modify && event.modification == lock;
}

/// Whether another thread has tried to take the mutex while it was held by that lock, and could not.
bool is_met(const Graph& graph, EventId lock) {
    const auto& readers = graph.at(graph[lock].location).readers;
    return std::any_of(readers.begin(), readers.end(),
                       [&](EventId reader) { return graph[reader].reads_from == lock; });
}

/// Events of the running thread that are looks, or take a mutex and let it go, or wait and are not woken.
class TracelessTurn {
  public:
    TracelessTurn(const Trace& trace, std::size_t first)
        : graph_(trace.graph()), begin_(event_id(trace.running(), first)) {
        for (std::size_t index = first; index < trace.events_run() && leaves_nothing_; ++index)
            leaves_nothing_ = add(event_id(trace.running(), index));
    }

    /// Whether they are all that, nobody has noticed, and each mutex was let go.
    bool is_whole() const { return leaves_nothing_ && held_ == 0 && !is_waiting_; }
    std::size_t locks() const { return locks_; }
    std::size_t waits() const { return waits_; }

  private:
    bool add(EventId id) {
        const Event& event = graph_[id];
        const EventId source = event.reads_from;
        const bool is_own = source.exists() && source.thread == begin_.thread;
        if (event.is_read() && event.is_queue) return add_to_queue(event);
        // Another thread has noticed what the turn had done so far.
        if (event.is_read() && !is_own && graph_[source].prefix.knows(begin_)) return false;
        if (changes_nothing(event)) return true;
        if (is_lock(event) && !is_met(graph_, id)) {
            ++locks_;
            ++held_;
            return true;
        }
        const bool lets_go = event.kind == EventKind::modify && is_own && source.index >= begin_.index &&
                             is_lock(graph_[source]) && event.value == 0;
        if (lets_go) --held_;
        return lets_go;
    }

    /// Who is not in the queue any more when the time comes was woken: somebody has noticed.
    bool add_to_queue(const Event& event) {
        const bool was_waiting = std::exchange(is_waiting_, !is_waiting_);
        if (was_waiting)
            return event.modification.kind == Modification::Kind::dequeue &&
                   has_waiter(event.value_read, begin_.thread);
        ++waits_;
        return event.modification == Modification::to_wait(begin_.thread) ||
               event.modification.kind == Modification::Kind::enlist;
    }

    const Graph& graph_;
    EventId begin_;
    std::size_t locks_ = 0;
    std::size_t waits_ = 0;
    std::size_t held_ = 0;
    bool is_waiting_ = false;
    bool leaves_nothing_ = true;
};

/// The running thread's own latest step on an atomic; null if there is none.
const Event* last_step(const Trace& trace, LocationId location) {
    for (std::uint16_t index = trace.events_run(); index-- != 0;) {
        const Event& event = trace.graph()[{static_cast<std::uint16_t>(trace.running()), index}];
        if (event.location == location) return &event;
    }
    return nullptr;
}

/// The value of an atomic as the running thread knows it.
std::optional<std::uint64_t> last_seen(const Trace& trace, LocationId location) {
    const Event* const event = last_step(trace, location);
    if (event == nullptr) return std::nullopt;
    return event->kind == EventKind::read ? event->value_read : event->value;
}

/// Whether an operation of that kind on an atomic or a mutex may read and nothing else.
bool may_change_nothing(OperationKind kind) {
    return kind == OperationKind::try_lock || (kind < OperationKind::fence && kind != OperationKind::store);
}

}  // namespace

bool has_taken(const Trace& trace, const Iteration& iteration) {
    const std::size_t end = trace.events_run();
    if (iteration.steps.size() >= end) return false;  // the first event is the beginning of the thread
    std::size_t index = end - iteration.steps.size();
    bool reads = false;
    for (const PlaceKey step : iteration.steps) {
        const EventId id = event_id(trace.running(), index++);
        const Event& event = trace.graph()[id];
        if (trace.place_of(id) != step || !leaves_all(trace.graph(), id)) return false;
        reads |= event.is_read();
    }
    return reads;
}

std::vector<EventId> looks_of(const Trace& trace, const Iteration& iteration) {
    std::vector<EventId> looks;
    for (std::size_t index = trace.events_run() - iteration.steps.size(); index != trace.events_run(); ++index)
        if (const EventId id = event_id(trace.running(), index); trace.graph()[id].is_read()) looks.push_back(id);
    return looks;
}

bool does_nothing_but_look(const Trace& trace, std::size_t first) {
    for (std::size_t index = first; index < trace.events_run(); ++index)
        if (!leaves_all(trace.graph(), event_id(trace.running(), index))) return false;
    return first < trace.events_run();
}

bool leaves_nothing(const Trace& trace, std::size_t first) {
    const TracelessTurn turn(trace, first);
    return turn.is_whole() && turn.locks() != 0 && turn.waits() == 0;
}

bool waits_in_vain(const Trace& trace, std::size_t first) { return TracelessTurn(trace, first).is_whole(); }

namespace {

/// Whether two events of the running thread do the same, and find the same.
bool are_alike(const Trace& trace, std::size_t index, std::size_t other) {
    const EventId one = event_id(trace.running(), index);
    const EventId two = event_id(trace.running(), other);
    const Event& first = trace.graph()[one];
    const Event& second = trace.graph()[two];
    return first.kind == second.kind && first.location == second.location &&
           trace.place_of(one) == trace.place_of(two) && (!first.is_read() || first.value_read == second.value_read);
}

/// Whether the running thread's latest `count` events are the same ones again and again, in an order of at most so many.
bool repeats(const Trace& trace, std::size_t count, std::size_t longest) {
    const std::size_t end = trace.events_run();
    for (std::size_t length = 1; length <= longest; ++length) {
        std::size_t index = end - count;
        while (index != end && changes_nothing(trace.graph()[event_id(trace.running(), index)]) &&
               are_alike(trace, index, index - length))
            ++index;
        if (index == end) return true;
    }
    return false;
}

/// Whether each of the running thread's latest events before its event `end` is one of those before, as `is_same` has it.
template <class IsSame>
bool comes_again(std::size_t end, const IsSame& is_same) {
    constexpr std::size_t half = most_looks_told / 2;
    for (std::size_t index = end; index-- != end - half;) {
        std::size_t earlier = end - half;
        while (earlier != end - most_looks_told && !is_same(index, earlier - 1)) --earlier;
        if (earlier == end - most_looks_told) return false;
    }
    return true;
}

}  // namespace

bool goes_round(const Trace& trace) { return repeats(trace, least_events_to_go_round, longest_iteration - 1); }

std::size_t last_come_again(const Trace& trace) {
    const auto is_same = [&](std::size_t index, std::size_t earlier) {
        const Graph& graph = trace.graph();
        const EventId one = event_id(trace.running(), index);
        return are_alike(trace, index, earlier) && graph[one].value == graph[event_id(trace.running(), earlier)].value;
    };
    std::size_t end = trace.events_run();
    while (end > most_looks_told && !comes_again(end, is_same)) --end;
    return end > most_looks_told ? end : 0;
}

bool looks_in_any_order(const Trace& trace) {
    const std::size_t end = trace.events_run();
    if (end <= most_looks_told || !does_nothing_but_look(trace, end - most_looks_told)) return false;
    const bool comes = comes_again(end, [&](std::size_t index, std::size_t earlier) {
        const Event& event = trace.graph()[event_id(trace.running(), index)];
        const Event& other = trace.graph()[event_id(trace.running(), earlier)];
        const bool is_same = event.kind != EventKind::read || event.reads_from == other.reads_from;
        return is_same && are_alike(trace, index, earlier) && event.value == other.value;
    });
    return comes && !repeats(trace, most_looks_told / 2, most_looks_told / 2);
}

bool has_looked_lately(const Trace& trace, PlaceKey place, LocationId location) {
    const std::size_t end = trace.events_run();
    for (std::size_t index = end - most_looks_told; index != end; ++index) {
        const EventId id = event_id(trace.running(), index);
        if (trace.place_of(id) == place && trace.graph()[id].location == location) return true;
    }
    return false;
}

std::optional<OperationResult> repeated(const Trace& trace, const Operation& op, LocationId location) {
    if (op.kind == OperationKind::fence) return OperationResult{};
    if (!may_change_nothing(op.kind)) return std::nullopt;
    const auto seen = last_seen(trace, location);
    return seen ? in_vain(op, *seen) : std::nullopt;
}

bool would_write_again(const Trace& trace, const Operation& op, LocationId location) {
    if (op.kind != OperationKind::store) return false;
    const Event* const last = last_step(trace, location);
    return last != nullptr && (last->kind == EventKind::write || last->kind == EventKind::modify) &&
           last->value == op.value && is_no_weaker(op.order, last->order);
}

std::optional<OperationResult> in_vain(const Operation& op, std::uint64_t seen) {
    if (op.kind == OperationKind::store) return op.value == seen ? std::optional(OperationResult{}) : std::nullopt;
    if (!may_change_nothing(op.kind)) return std::nullopt;
    if (op.kind == OperationKind::load) return OperationResult{.value = seen};
    if (op.kind == OperationKind::try_lock)
        return seen != 0 ? std::optional(OperationResult{.value = seen}) : std::nullopt;
    const auto written = modification_of(op).after(seen);
    const bool changes = written && *written != seen;
    // A weak compare-exchange that would succeed now has failed without cause, and does so again.
    if (changes && op.kind != OperationKind::compare_exchange_weak) return std::nullopt;
    return OperationResult{.value = seen, .success = written && !changes};
}

}  // namespace heddle::engine::exhaustive
