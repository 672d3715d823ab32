#include "known_steps.hpp"

#include "iterations.hpp"

namespace heddle::engine::exhaustive {

namespace {

/// So that what is known takes a few megabytes at most.
constexpr std::size_t most_points = std::size_t{1} << 15;

EventId last_of(const Graph& graph, unsigned thread) {
    return {static_cast<std::uint16_t>(thread), static_cast<std::uint16_t>(graph.size(thread) - 1)};
}

/// As it is when it is added.
Label label_of(const Event& event) {
    if (event.is_read() && event.modification.kind != Modification::Kind::none)
        return Label::read(event.location, std::memory_order_relaxed, event.modification);
    if (event.is_read()) return Label::read(event.location, event.order, {});
    return event;
}

/// Whether a thread has tried to write, and has changed nothing.
bool is_attempt(const Event& event) {
    return changes_nothing(event) && event.is_read() && event.modification.kind != Modification::Kind::none;
}

}  // namespace

void KnownSteps::clear() {
    points_.assign(beginning_of(most_threads) + 1U, {});
    latest_.assign(points_.size(), {});
    ways_.clear();
    states_.clear();
    start_ = {};
}

void KnownSteps::set_start(EventId start) {
    start_ = start;
    points_[beginning_of(0)] = {.is_known = true, .label = {.kind = EventKind::join_all}};
    for (unsigned thread = 1; thread <= most_threads; ++thread)
        points_[beginning_of(thread)] = {
            .is_known = true,
            .label = {.kind = EventKind::begin, .order = std::memory_order_acquire, .reads_from = start}};
}

bool KnownSteps::learn(PointId point, PlaceKey place, const Event& event) {
    Point& known = points_[point];
    const Label label = label_of(event);
    if (known.is_known) return known.place == place && known.label == label;
    known = {.is_known = true, .place = place, .label = label};
    return true;
}

KnownSteps::Way KnownSteps::way_after(EventId id, const Event& event) {
    const bool begins = event.kind == EventKind::begin || event.kind == EventKind::join_all;
    return {.from = begins ? beginning_of(id.thread) : event.point,
            .writes = event.kind == EventKind::modify,
            .value = event.is_read() ? event.value_read : 0};
}

PointId KnownSteps::after(EventId id, const Event& event) {
    const Way way = way_after(id, event);
    if (way.from == nowhere) return nowhere;
    Latest& latest = latest_[way.from];
    if (latest.way == way) return latest.to;
    const auto found = ways_.find(way);
    if (found == ways_.end()) return nowhere;
    latest = {way, found->second};
    return latest.to;
}

void KnownSteps::link(EventId id, const Event& event, PointId to) {
    const Way way = way_after(id, event);
    if (way.from != nowhere && ways_.size() < most_points) ways_.emplace(way, to);
}

PointId KnownSteps::point_of(std::uint64_t state) {
    const auto found = states_.find(state);
    if (found != states_.end()) return found->second;
    if (points_.size() >= most_points) return nowhere;
    const auto point = static_cast<PointId>(points_.size());
    points_.emplace_back();
    latest_.emplace_back();
    states_.emplace(state, point);
    return point;
}

std::optional<RunEnd> KnownRun::run(unsigned first) {
    const EventId start = steps_.start();
    if (!start.exists() || !graph_.contains(start)) return std::nullopt;
    stopped_at_ = first;
    // One that has changed memory may have changed what others do.
    for (unsigned thread = 0; thread <= threads_; ++thread)
        if (where(thread) == KnownSteps::nowhere) return std::nullopt;
    // The first thread waits for all others.
    for (unsigned turn = 0; turn <= threads_ + 1; ++turn) {
        const unsigned thread = turn == 0 ? first : turn % (threads_ + 1);
        if (turn == 0 && first == 0) continue;
        stopped_at_ = thread;
        const Reached reached = finish(thread);
        if (reached == Reached::unknown) return std::nullopt;
        if (reached == Reached::inconsistent) return RunEnd::inconsistent;
    }
    return RunEnd::complete;
}

/// Lets a thread go on to its end.
KnownRun::Reached KnownRun::finish(unsigned thread) {
    for (PointId point = where(thread); point != KnownSteps::at_end; point = where(thread)) {
        if (point == KnownSteps::nowhere || graph_.size(thread) >= most_events_of_a_thread) return Reached::unknown;
        const KnownSteps::Point& next = steps_[point];
        if (!next.is_known || (leaves_turns_out_ && may_come_round(thread, next))) return Reached::unknown;
        if (!add(thread, point)) return Reached::inconsistent;
    }
    return Reached::end;
}

PointId KnownRun::where(unsigned thread) const {
    if (graph_.size(thread) == 0) return KnownSteps::beginning_of(thread);
    const EventId last = last_of(graph_, thread);
    return last == steps_.start() ? KnownSteps::beginning_of(0) : steps_.after(last, graph_[last]);
}

/// Returns: whether the graph allows it.
bool KnownRun::add(unsigned thread, PointId point) {
    const EventId id = graph_.append(thread, steps_[point].label);
    graph_[id].point = point;
    switch (graph_[id].kind) {
        case EventKind::read:
            return decider_.add_read(id);
        case EventKind::write:
            return decider_.add_write(id);
        case EventKind::join_all:
            for (unsigned other = 1; other <= threads_; ++other) learn(graph_, id, last_of(graph_, other));
            return true;
        default:
            return true;
    }
}

/// Whether the thread comes to a load like the one with which it has begun a turn that has changed nothing, or has been handed on what
/// such a load would give.
bool KnownRun::may_come_round(unsigned thread, const KnownSteps::Point& next) const {
    if (graph_.size(thread) == 0) return false;
    if (load_that_may_have_read_it(graph_, last_of(graph_, thread)).exists()) return true;
    if (next.label.kind != EventKind::read || next.label.modification.kind != Modification::Kind::none) return false;
    bool tried = false;
    bool comes_round = false;
    bool is_turn = true;
    for (EventId id = last_of(graph_, thread); id.index != 0 && (is_turn || comes_round); --id.index) {
        const Event& event = graph_[id];
        tried = tried || is_attempt(event);
        is_turn = is_turn && changes_nothing(event);
        const bool is_such = event.kind == EventKind::read && event.location == next.label.location &&
                             event.order == next.label.order && event.modification.kind == Modification::Kind::none;
        comes_round = comes_round || (is_turn && is_such);
    }
    return tried && comes_round;
}

}  // namespace heddle::engine::exhaustive
