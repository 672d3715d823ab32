#include "waiting_loops.hpp"

#include <algorithm>
#include <utility>

#include "modification_of.hpp"

namespace heddle::engine::exhaustive {

void WaitingLoops::begin_program() {
    known_laps_.clear();
    not_waits_.clear();
}

void WaitingLoops::yield(Site site) {
    const PlaceKey here = key_of(site);
    if (imagined_) finish_imagined(here);
    for (const Lap& lap : known_laps_)
        if (lap.yield == here && has_taken(trace_, lap)) spin(lap.steps.size());
    if (std::find(not_waits_.begin(), not_waits_.end(), here) == not_waits_.end()) {
        imagined_ = Lap{here, {}};
        return;
    }
    if (yields_[trace_.running()]++ == most_yields_of_a_thread) schedule_.leave(ThreadState::given_up);
}

OperationResult WaitingLoops::imagine(const Operation& op, LocationId location) {
    if (op.kind == OperationKind::read) return {};
    const bool may_change_nothing = op.kind <= OperationKind::fence && op.kind != OperationKind::store;
    if (!may_change_nothing || imagined_->steps.size() >= most_events_of_a_thread) give_up_imagined();
    imagined_->steps.push_back(key_of(op.site));
    if (op.kind == OperationKind::fence) return {};
    const auto seen = last_seen(location);
    if (!seen) give_up_imagined();
    if (op.kind == OperationKind::load) return {.value = *seen};
    const auto written = modification_of(op).after(*seen);
    const bool changes = written && *written != *seen;
    // A weak compare-exchange that would succeed now has failed without cause, and does so again.
    if (changes && op.kind != OperationKind::compare_exchange_weak) give_up_imagined();
    return {.value = *seen, .success = written && !changes};
}

/// The value of an atomic as the running thread knows it from its own latest step there.
std::optional<std::uint64_t> WaitingLoops::last_seen(LocationId location) const {
    for (std::uint16_t index = trace_.events_run(); index-- != 0;) {
        const Event& event = trace_.graph()[{static_cast<std::uint16_t>(trace_.running()), index}];
        if (event.location != location) continue;
        return event.kind == EventKind::read ? event.value_read : event.value;
    }
    return std::nullopt;
}

/// The thread has come round to a yield.
void WaitingLoops::finish_imagined(PlaceKey yield) {
    if (imagined_->yield != yield || !has_taken(trace_, *imagined_)) give_up_imagined();
    known_laps_.push_back(*std::exchange(imagined_, std::nullopt));
    schedule_.stop(RunEnd::restart);
}

/// The loop does more than read, or does not come round: its laps are explored as what they are.
void WaitingLoops::give_up_imagined() {
    not_waits_.push_back(std::exchange(imagined_, std::nullopt)->yield);
    schedule_.stop(RunEnd::restart);
}

/// The thread waits in the loop whose lap its latest events are.
void WaitingLoops::spin(std::size_t length) {
    const Graph& graph = trace_.graph();
    EventId last_read;
    for (std::size_t index = trace_.events_run() - length; index != trace_.events_run(); ++index) {
        const EventId id{static_cast<std::uint16_t>(trace_.running()), static_cast<std::uint16_t>(index)};
        if (graph[id].is_read()) last_read = id;
        // It failed without cause: the execution in which it does not is without this lap.
        if (graph[id].chosen != 0) schedule_.stop(RunEnd::inconsistent);
    }
    // The thread would be stuck in all that follows.
    if (trace_.decider().is_settled(last_read)) schedule_.stop(RunEnd::inconsistent);
    lap_lengths_[trace_.running()] = length;
    schedule_.leave(ThreadState::spinning);
}

}  // namespace heddle::engine::exhaustive
