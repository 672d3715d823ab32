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
    const std::uint64_t whole = mixed(0, reinterpret_cast<std::uintptr_t>(op.object));
    const std::uint64_t object = mixed(whole, reinterpret_cast<std::uintptr_t>(op.part));
    return mixed(mixed(mixed(mixed(object, op.value), op.expected), deadline),
                 static_cast<std::uint64_t>(op.failure_order));
}

}  // namespace

void Retries::begin_program(bool leaves_out) {
    leaves_out_ = leaves_out;
    of_use_.clear();
    pasts_.clear();
    frames_have_differed_ = false;
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

void Retries::arrive_at_end(Adopter* adopter) {
    if (!watched_ || *watched_ != trace_.running()) return;
    Arrival arrival{.ended = true, .left_behind = execution_.memory.digest()};
    if (adopter != nullptr) {
        const auto left_behind = adopter->left_behind(arrival.frames);
        if (!left_behind) schedule_.stop(RunEnd::inconsistent);
        arrival.left_behind ^= *left_behind;
    }
    note_arrival(std::move(arrival));
}

void Retries::come_to(const Operation& op, LocationId location, const Modification& modification) {
    modification_ = modification;
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
                .place = mixed(mixed(trace_.place_of(load), trace_.place_of(failed)),
                               static_cast<std::uint64_t>(NextTurn::was_handed_on)),
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
    bool alike = true;
    for (const Left& each : std::exchange(left_, {})) {
        graph_.assign(graph);
        const bool goes_on = each.turn.next == NextTurn::loads
                                 ? reads_alike(each, Label::read(each.location, each.order, {}), repeat, 1)
                                 : goes_on_alike(each, repeat, 0);
        if (!goes_on && !begins_anew_) of_use_.push_back(each.turn.place);
        alike = alike && goes_on;
    }
    if (std::exchange(begins_anew_, false)) pasts_.clear();
    return alike;
}

/// Whether the thread goes on alike whichever write it reads next, and whichever way it goes on from there.
bool Retries::reads_alike(const Left& left, const Label& read, const Repeat& repeat, unsigned reads) {
    const LocationId location = read.location;
    const std::size_t latest = graph_.at(location).coherence.size() - 1;
    const EventId last = event_id(left.thread, graph_.size(left.thread) - 1);
    for (std::size_t at = graph_.oldest_visible(location, graph_[last].before); at <= latest; ++at) {
        const EventId write = graph_.at(location).coherence[at];
        const std::uint64_t value = graph_.value_of(write, location);
        for (unsigned chosen = 0; chosen != read.modification.options(value); ++chosen) {
            const Written written = read.modification.after(value, chosen);
            if (written && graph_.modified_by(location, at).exists()) continue;
            const EventId added = graph_.append(left.thread, read);
            graph_.set_reads_from(added, write, chosen);
            if (written) graph_.modify(added, *written, at);
            if (!goes_on_alike(left, repeat, reads)) return false;
            graph_.cut_after(graph_[added].stamp - 1);
        }
    }
    return true;
}

/// `reads`: what the thread has read since the turn.
bool Retries::goes_on_alike(const Left& left, const Repeat& repeat, unsigned reads) {
    const EventId last = event_id(left.thread, graph_.size(left.thread) - 1);
    const std::uint64_t past = past_of(last, left.turn, reads);
    auto known = pasts_.find(past);
    if (known == pasts_.end()) known = pasts_.emplace(past, meeting_after(last, left, repeat, reads)).first;
    const Meeting meeting = known->second;  // it moves when others are added
    if (meeting.is_alike) return true;
    if (!meeting.reads || reads == most_reads_tried) return false;
    return reads_alike(left, Label::read(location_of(meeting), meeting.order, meeting.modification), repeat, reads + 1);
}

Retries::Meeting Retries::meeting_after(EventId last, const Left& left, const Repeat& repeat, unsigned reads) {
    with_.become(graph_, last);
    const auto end = static_cast<std::uint16_t>(graph_.size(left.thread) - reads);
    const bool is_handed_on = left.turn.next == NextTurn::was_handed_on;
    if (!without_.become(graph_, last, left.turn.begin, end,
                         is_handed_on ? Trial::Before::reads_as_the_last : Trial::Before::stays))
        return {};
    const auto with = arrival_in(with_, repeat, frames_have_differed_);
    const auto without = arrival_in(without_, repeat, frames_have_differed_);
    if (!with || !without) return {};
    if (*with == *without) return {.is_alike = true};
    Arrival next = *with;
    next.left_behind = without->left_behind;
    next.frames = without->frames;
    if (next != *without) return {};
    const bool is_load = next.kind == OperationKind::load;
    Meeting meeting{.reads = is_load || is_compare_exchange(next.kind),
                    .order = is_load ? next.order : MemoryOrder(std::memory_order_relaxed),
                    .modification = modification_,
                    .location = next.location,
                    .initial = next.initial};
    if (meeting.reads) meeting.construction = with_.graph().at(next.location).coherence.front();
    if (!is_load) meeting.is_alike = differ_where_nothing_is(with, without, repeat);
    return meeting;
}

/// In the graph of the run.
LocationId Retries::location_of(const Meeting& meeting) {
    LocationId location = graph_[meeting.construction].location;
    if (location == no_location) graph_.adopt(location = meeting.location, meeting.initial);
    return location;
}

/// Whether the thread's frames differ only where it has written nothing without the turn: nobody can read that to any use. Such
/// is what the compiler has put aside for a while.
bool Retries::differ_where_nothing_is(std::optional<Arrival> with, std::optional<Arrival> without,
                                      const Repeat& repeat) {
    if (!frames_have_differed_) {
        frames_have_differed_ = true;
        with = arrival_in(with_, repeat, true);
        without = arrival_in(without_, repeat, true);
    }
    paint_ = Paint::other;
    const auto painted = arrival_in(without_, repeat, true);
    paint_ = Paint::usual;
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
std::optional<Retries::Arrival> Retries::arrival_in(Trial& trial, const Repeat& repeat, bool with_frames) {
    watched_ = trial.thread();
    paints_ = with_frames;
    arrival_.reset();
    const RunEnd end = repeat(trial, *watched_);
    watched_.reset();
    paints_ = false;
    if (end == RunEnd::failed) return Arrival{.failed = true};
    begins_anew_ |= end == RunEnd::restart;  // graphs are others from now on
    return end == RunEnd::restart ? std::nullopt : arrival_;
}

/// Of all that decides what the thread has in its frames, as a digest: what it has read itself, what happens before its next
/// step, and in which order. What it depends on otherwise it knows by what it has read alone.
std::uint64_t Retries::past_of(EventId last, const Turn& turn, unsigned reads) const {
    Clock known = graph_[last].before;
    known.join(graph_[last].kernel);
    known.raise(last.thread, last.index + 1U);
    std::uint64_t sum = mixed(mixed(last.thread, turn.place), static_cast<std::uint64_t>(turn.begin) << 32 | reads);
    for (unsigned thread = 0; thread != graph_.threads(); ++thread) {
        const std::size_t count = std::min<std::size_t>(known[thread], graph_.size(thread));  // see learn()
        for (std::size_t index = 0; index != count; ++index) {
            const Event& event = graph_[event_id(thread, index)];
            sum = mixed(sum, static_cast<std::uint64_t>(event.kind) << 48 |
                                 static_cast<std::uint64_t>(event.chosen) << 32 | event.location);
            sum = mixed(mixed(sum, event.value), event.value_read);
            // In which order others have come to plain data, they know by whom they have read from.
            if (const EventId from = event.reads_from; from.exists() && known.knows(from))
                sum = mixed(sum, static_cast<std::uint64_t>(from.thread) << 16 | from.index);
        }
        sum = mixed(sum, count);
    }
    return sum;
}

}  // namespace heddle::engine::exhaustive
