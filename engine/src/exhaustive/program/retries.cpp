#include "retries.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#include "host/stacks.hpp"
#include "iterations.hpp"

namespace heddle::engine::exhaustive {

namespace {

/// A turn that reads more often before it can write is not tried to its end.
constexpr unsigned most_reads_tried = 6;

std::uint64_t operands_of(const Operation& op) {
    const auto deadline = static_cast<std::uint64_t>(op.deadline.count());
    const std::uint64_t object = mixed(0, reinterpret_cast<std::uintptr_t>(op.object));
    return mixed(mixed(mixed(mixed(object, op.value), op.expected), deadline),
                 static_cast<std::uint64_t>(op.failure_order));
}

}  // namespace

void Retries::begin_program(bool leaves_out) {
    leaves_out_ = leaves_out;
    of_use_.clear();
    pasts_.clear();
    watched_.reset();
}

bool Retries::arrives(const Operation& op, LocationId location) {
    if (op.kind == OperationKind::read || op.kind == OperationKind::write || !trace_.is_at_end()) return false;
    if (watched_) {
        if (*watched_ != trace_.running()) return false;
        schedule_.await_turn();
        return true;
    }
    if (!may_begin_turn(op.kind)) return false;
    const unsigned thread = trace_.running();
    if (!changes_nothing(trace_.graph()[event_id(thread, trace_.events_run() - 1U)])) {
        asking_ &= ~(1U << thread);  // until it tries again
        return false;
    }
    const auto turn = turn_in_vain(op, location);
    if (!turn) return false;
    left_.push_back({thread, *turn, location, op.order});
    schedule_.leave(ThreadState::retrying);
}

void Retries::forget(const Operation& op) const {
    if (Stacks::top_of(&op) == nullptr) return;
    std::memset(static_cast<void*>(const_cast<Operation*>(&op)), static_cast<unsigned char>(paint_), sizeof op);
}

void Retries::arrive_at_end() {
    if (watched_ && *watched_ == trace_.running())
        note_arrival({.ended = true, .left_behind = execution_.memory.digest()});
}

void Retries::come_to(const Operation& op, LocationId location) {
    coming_ = Arrival{.place = key_of(op.site),
                      .kind = op.kind,
                      .order = op.order,
                      .location = location,
                      .initial = location == no_location ? 0 : trace_.graph().at(location).initial,
                      .operands = operands_of(op)};
    forget(op);
}

void Retries::arrive(std::uint64_t left_behind, Frames frames) {
    const AllocateFor engine(nullptr);
    Arrival arrival = coming_;
    arrival.left_behind = left_behind ^ execution_.memory.digest();
    arrival.frames = std::move(frames);
    note_arrival(std::move(arrival));
}

void Retries::note_arrival(Arrival arrival) {
    arrival_ = std::move(arrival);
    schedule_.stop(RunEnd::inconsistent);
}

/// Returns: the running thread's last turn, if that was in vain and the operation belongs to the next one.
std::optional<Retries::Turn> Retries::turn_in_vain(const Operation& op, LocationId location) const {
    std::optional<Turn> turn;
    if (op.kind == OperationKind::load) turn = loaded_in_vain(op, location);
    if (op.kind == OperationKind::compare_exchange_weak) turn = failed_in_vain(op, location);
    if (!turn) turn = handed_on_in_vain();
    if (turn && std::find(of_use_.begin(), of_use_.end(), turn->place) != of_use_.end()) return std::nullopt;
    return turn;
}

/// The operation is the load with which the turn began: the same one, or else one like it before the loop.
std::optional<Retries::Turn> Retries::loaded_in_vain(const Operation& op, LocationId location) const {
    const PlaceKey place = key_of(op.site);
    std::optional<Turn> like_it;
    for (std::uint16_t index = trace_.events_run(); index-- > 1;) {
        const EventId id = event_id(trace_.running(), index);
        const Event& event = trace_.graph()[id];
        if (!changes_nothing(event)) break;
        const bool is_like_it = event.kind == EventKind::read && event.location == location &&
                                event.order == op.order && event.modification.kind == Modification::Kind::none;
        if (!is_like_it || !may_not_be_repeated(id)) continue;
        if (trace_.place_of(id) == place) return Turn{.begin = index, .place = place, .next = NextTurn::loads};
        if (!like_it) like_it = {.begin = index, .place = mixed(trace_.place_of(id), place), .next = NextTurn::loads};
    }
    return like_it;
}

/// The operation is the compare-exchange that was the thread's last step, and has failed without cause.
std::optional<Retries::Turn> Retries::failed_in_vain(const Operation& op, LocationId location) const {
    const auto index = static_cast<std::uint16_t>(trace_.events_run() - 1U);
    const EventId id = event_id(trace_.running(), index);
    const Event& event = trace_.graph()[id];
    const bool is_same = trace_.place_of(id) == key_of(op.site) && event.location == location && event.chosen != 0 &&
                         event.modification.expected == op.expected && event.modification.operand == op.value;
    if (!is_same) return std::nullopt;
    return Turn{.begin = index, .place = key_of(op.site), .next = NextTurn::exchanges};
}

/// The thread's last step was a compare-exchange that has failed, and has read another write than the load before it.
std::optional<Retries::Turn> Retries::handed_on_in_vain() const {
    const EventId failed = trace_.last_event();
    const EventId load = load_that_may_have_read_it(trace_.graph(), failed);
    if (!load.exists()) return std::nullopt;
    return Turn{.begin = static_cast<std::uint16_t>(load.index + 1),
                .place = mixed(trace_.place_of(failed), static_cast<std::uint64_t>(NextTurn::was_handed_on)),
                .next = NextTurn::was_handed_on};
}

/// Whether the running thread, from that event on, has read from two writes at one location, or failed without cause.
bool Retries::may_not_be_repeated(EventId from) const {
    const Graph& graph = trace_.graph();
    for (std::uint16_t one = from.index; one != trace_.events_run(); ++one) {
        const Event& event = graph[event_id(from.thread, one)];
        if (!event.is_read()) continue;
        if (event.chosen != 0) return true;
        for (std::uint16_t other = one + 1U; other < trace_.events_run(); ++other) {
            const Event& later = graph[event_id(from.thread, other)];
            if (later.is_read() && later.location == event.location && later.reads_from != event.reads_from)
                return true;
        }
    }
    return false;
}

bool Retries::are_in_vain(const Graph& graph, const Repeat& repeat) {
    const std::vector<Left> left = std::move(left_);
    left_.clear();
    bool alike = true;
    for (const Left& each : left) {
        graph_.assign(graph);
        const bool goes_on = each.turn.next == NextTurn::loads ? reads_alike(each, each.location, each.order, repeat, 1)
                                                               : goes_on_alike(each, repeat, 0);
        if (goes_on) continue;
        of_use_.push_back(each.turn.place);
        alike = false;
    }
    return alike;
}

/// Whether the thread goes on alike whichever write it reads next.
bool Retries::reads_alike(const Left& left, LocationId location, MemoryOrder order, const Repeat& repeat,
                          unsigned reads) {
    const EventId read = graph_.append(left.thread, Label::read(location, order, {}));
    const std::size_t latest = graph_.latest(read);
    for (std::size_t at = graph_.oldest_visible(location, graph_.before(read).before); at <= latest; ++at) {
        graph_.set_reads_from(read, graph_.at(location).coherence[at]);
        if (!goes_on_alike(left, repeat, reads)) return false;
    }
    graph_.cut_after(graph_[read].stamp - 1);
    return true;
}

/// `reads`: what the thread has read since the turn.
bool Retries::goes_on_alike(const Left& left, const Repeat& repeat, unsigned reads) {
    const EventId last = event_id(left.thread, graph_.size(left.thread) - 1);
    const std::uint64_t past = past_of(last, left.turn.place);
    if (pasts_.contains(past)) return true;
    const bool goes_on = tries_to_go_on_alike(left, repeat, reads);
    if (goes_on) pasts_.insert(past);
    return goes_on;
}

bool Retries::tries_to_go_on_alike(const Left& left, const Repeat& repeat, unsigned reads) {
    const EventId last = event_id(left.thread, graph_.size(left.thread) - 1);
    const auto end = static_cast<std::uint16_t>(graph_.size(left.thread) - reads);
    with_.become(graph_, last);
    const bool is_handed_on = left.turn.next == NextTurn::was_handed_on;
    if (!without_.become(graph_, last, left.turn.begin, end,
                         is_handed_on ? Trial::Before::reads_as_the_last : Trial::Before::stays))
        return false;
    const auto with = arrival_in(with_, repeat);
    const auto without = arrival_in(without_, repeat);
    if (!with || !without) return false;
    if (*with == *without) return true;
    Arrival next = *with;
    next.left_behind = without->left_behind;
    next.frames = without->frames;
    if (next != *without) return false;
    if (next.kind != OperationKind::load || reads == most_reads_tried) return differs_where_nothing_is(repeat);
    const EventId construction = with_.graph().at(next.location).coherence.front();
    LocationId location = graph_[construction].location;
    if (location == no_location) graph_.adopt(location = next.location, next.initial);
    return reads_alike(left, location, next.order, repeat, reads + 1);
}

/// Whether the thread's frames differ only where it has written nothing without the turn: nobody can read that to any use. Such
/// is what the compiler has put aside for a while.
bool Retries::differs_where_nothing_is(const Repeat& repeat) {
    paints_ = true;
    const auto with = arrival_in(with_, repeat);
    const auto without = arrival_in(without_, repeat);
    paint_ = Paint::other;
    const auto painted = arrival_in(without_, repeat);
    paint_ = Paint::usual;
    paints_ = false;
    if (!with || !without || !painted) return false;
    Arrival masked = *with;
    masked.frames = without->frames;
    const std::size_t words = without->frames.size();
    if (masked != *without || with->frames.size() != words || painted->frames.size() != words) return false;
    for (std::size_t at = 0; at != words; ++at) {
        const std::uint64_t nothing = without->frames[at] ^ painted->frames[at];
        if (((with->frames[at] ^ without->frames[at]) & ~nothing) != 0) return false;
    }
    return true;
}

/// How the thread comes to its next step after the trial's graph; nothing if it does something that is not looked at.
std::optional<Retries::Arrival> Retries::arrival_in(Trial& trial, const Repeat& repeat) {
    watched_ = trial.thread();
    arrival_.reset();
    const RunEnd end = repeat(trial, *watched_);
    watched_.reset();
    if (end == RunEnd::failed) return Arrival{.failed = true};
    return arrival_;
}

/// Of all that decides what the thread has in its frames, as a digest.
std::uint64_t Retries::past_of(EventId last, PlaceKey place) const {
    const Graph::Part part = graph_.part_of(0, last);
    std::uint64_t sum = mixed(last.thread, place);
    for (std::uint16_t thread = 0; thread != part.size(); ++thread) {
        for (std::uint16_t index = 0; index != part[thread]; ++index) {
            const Event& event = graph_[{thread, index}];
            sum = mixed(sum, static_cast<std::uint64_t>(event.kind) << 32 | event.location);
            sum = mixed(sum, event.value);
            sum = mixed(sum, event.value_read);
            sum = mixed(sum, static_cast<std::uint64_t>(event.reads_from.thread) << 16 | event.reads_from.index);
        }
        sum = mixed(sum, part[thread]);
    }
    return sum;
}

}  // namespace heddle::engine::exhaustive
