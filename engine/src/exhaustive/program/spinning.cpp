// Loops that wait by yielding. A turn of such a loop that only looked is not followed by another one that looks at the
// same: the thread leaves, and what it waits for reaches it where a newer write revisits what it read.
#include <algorithm>
#include <utility>

#include "run.hpp"

namespace heddle::engine::exhaustive {

namespace {

/// Whether the event leaves nothing behind: it looks, or writes back what was there.
bool only_looks(const Event& event) {
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

}  // namespace

/// The program says that it can do nothing useful before another thread has written something.
void ExhaustiveRun::yield(Site site) {
    if (imagined_) finish_imagined(site);
    const std::uint64_t here = key_of(site);
    for (const Turn& turn : known_turns_)
        if (turn.yield == here && has_taken(turn)) spin(static_cast<unsigned>(turn.steps.size()));
    if (std::find(not_waits_.begin(), not_waits_.end(), here) == not_waits_.end()) {
        imagined_ = Turn{here, {}};
        return;
    }
    if (current().yields++ == most_yields_of_a_thread) leave(State::given_up);
}

/// What a step gives that is only imagined: to find out what a turn of a loop is, the thread takes one more that finds
/// everything as it left it. Such a run is not part of the exploration, which begins anew and knows the loop.
OperationResult ExhaustiveRun::imagine(const Operation& op) {
    if (op.kind == OperationKind::read) return {};
    const bool may_only_look = op.kind <= OperationKind::fence && op.kind != OperationKind::store;
    if (!may_only_look || imagined_->steps.size() >= most_events_of_a_thread) give_up_imagined();
    imagined_->steps.push_back(key_of(op.site));
    if (op.kind == OperationKind::fence) return {};
    const auto before = last_seen(slot(*op.object).location);
    if (!before) give_up_imagined();
    if (op.kind == OperationKind::load) return {.value = *before};
    const auto written = modification_of(op).after(*before);
    const bool changes = written && *written != *before;
    // A weak compare-exchange that would succeed now has failed without cause, and does so again.
    if (changes && op.kind != OperationKind::compare_exchange_weak) give_up_imagined();
    return {.value = *before, .success = written && !changes};
}

/// The value of an atomic as the running thread knows it from its own latest step there.
std::optional<std::uint64_t> ExhaustiveRun::last_seen(LocationId location) const {
    for (std::uint16_t index = events_run_[current_thread_]; index-- != 0;) {
        const Event& event = graph()[{static_cast<std::uint16_t>(current_thread_), index}];
        if (event.location != location) continue;
        return event.kind == EventKind::read ? event.value_read : event.value;
    }
    return std::nullopt;
}

void ExhaustiveRun::finish_imagined(Site site) {
    if (imagined_->yield != key_of(site) || !has_taken(*imagined_)) give_up_imagined();
    known_turns_.push_back(*std::exchange(imagined_, std::nullopt));
    stop(RunEnd::restart);
}

/// The loop does more than look, or does not come round: its turns are explored as what they are.
void ExhaustiveRun::give_up_imagined() {
    not_waits_.push_back(std::exchange(imagined_, std::nullopt)->yield);
    stop(RunEnd::restart);
}

/// Whether the latest events of the running thread are a turn of that loop, and only looked.
bool ExhaustiveRun::has_taken(const Turn& turn) const {
    const auto thread = static_cast<std::uint16_t>(current_thread_);
    const std::size_t end = events_run_[thread];
    if (turn.steps.size() >= end) return false;  // the first event is the beginning of the thread
    auto index = static_cast<std::uint16_t>(end - turn.steps.size());
    bool reads = false;
    for (const std::uint64_t step : turn.steps) {
        const Event& event = graph()[{thread, index}];
        if (sites_[thread][index++] != step || !only_looks(event)) return false;
        reads |= event.is_read();
    }
    return reads;
}

/// The thread waits in the loop whose turn its latest events are.
void ExhaustiveRun::spin(unsigned length) {
    const auto thread = static_cast<std::uint16_t>(current_thread_);
    EventId last_read;
    for (unsigned index = events_run_[thread] - length; index != events_run_[thread]; ++index) {
        const EventId id{thread, static_cast<std::uint16_t>(index)};
        if (graph()[id].is_read()) last_read = id;
        // It failed without cause: the execution in which it does not is without this turn.
        if (graph()[id].chosen != 0) stop(RunEnd::inconsistent);
    }
    if (decider_->is_settled(last_read)) stop(RunEnd::inconsistent);  // the thread would be stuck in all that follows
    current().turn = length;
    leave(State::spinning);
}

/// Whether the thread, which does not end, has only looked for a while, at the same places and values again and again.
bool ExhaustiveRun::goes_round_in_vain() const {
    constexpr unsigned longest_turn = most_events_of_a_thread / 4;
    const auto thread = static_cast<std::uint16_t>(current_thread_);
    const unsigned end = events_run_[thread];
    const auto is_as_before = [&](unsigned index, unsigned length) {
        const Event& event = graph()[{thread, static_cast<std::uint16_t>(index)}];
        const Event& before = graph()[{thread, static_cast<std::uint16_t>(index - length)}];
        return only_looks(event) && event.kind == before.kind && event.value_read == before.value_read &&
               sites_[thread][index] == sites_[thread][index - length];
    };
    for (unsigned length = 1; length != longest_turn; ++length) {
        unsigned index = end - 2 * longest_turn;
        while (index != end && is_as_before(index, length)) ++index;
        if (index == end) return true;
    }
    return false;
}

/// Whether all that the turn read is still what it would read again.
bool ExhaustiveRun::spins_for_ever(unsigned number) const {
    for (unsigned index = events_run_[number] - threads_[number].turn; index != events_run_[number]; ++index) {
        const Event& event = graph()[{static_cast<std::uint16_t>(number), static_cast<std::uint16_t>(index)}];
        if (!event.is_read()) continue;
        const auto& coherence = graph().at(event.location).coherence;
        const auto seen = static_cast<std::ptrdiff_t>(graph().position(event.reads_from, event.location));
        if (!std::all_of(coherence.begin() + seen + 1, coherence.end(),
                         [this](EventId newer) { return only_looks(graph()[newer]); }))
            return false;
    }
    return true;
}

}  // namespace heddle::engine::exhaustive
