#include "recorder.hpp"

#include <algorithm>
#include <string>

#include "execution/words.hpp"
#include "iterations.hpp"

namespace heddle::engine::exhaustive {

/// Returns: whether the thread's next event is in the graph when its turn has come.
bool Recorder::await_turn() {
    if (trace_.events_run() >= most_events_of_a_thread) fail_without_end();
    return schedule_.await_turn();
}

void Recorder::fail_without_end() {
    const Site here = site_of(trace_.place_of(trace_.last_event()));
    if (goes_round(trace_))
        schedule_.fail(
            {.kind = FailureKind::livelock, .message = words::waits_without_yield(here, is_adopted_), .site = here});
    schedule_.fail({.kind = FailureKind::too_big,
                    .message = "a thread did not end within " + std::to_string(most_events_of_a_thread) + " events"});
}

EventId Recorder::begin(EventId spawned_by) {
    return event(EventKind::begin,
                 [spawned_by] { return Label{.order = std::memory_order_acquire, .reads_from = spawned_by}; });
}

EventId Recorder::start() {
    return event(EventKind::spawn, [] { return Label{}; });
}

EventId Recorder::spawn(unsigned first_number) {
    return event(EventKind::spawn, [=, this] { return Label{.value = unused_thread_number(first_number)}; });
}

/// The smallest one that no thread of the graph has.
std::uint64_t Recorder::unused_thread_number(unsigned first) const {
    const auto is_taken = [this](std::uint64_t number) {
        return std::any_of(graph().order().begin(), graph().order().end(), [&](EventId other) {
            return graph()[other].kind == EventKind::spawn && graph()[other].value == number;
        });
    };
    std::uint64_t number = first;
    while (is_taken(number)) ++number;
    return number;
}

EventId Recorder::join() {
    return event(EventKind::join_all, [] { return Label{}; });
}

void Recorder::fence(std::memory_order order) {
    event(EventKind::fence, [order] { return Label{.order = order}; });
}

void Recorder::barrier() {
    event(EventKind::fence, [] { return Label{.order = std::memory_order_seq_cst, .is_queue = true}; });
}

/// The end of a futex wait: the turn comes when a wake has taken the thread out of the queue.
void Recorder::woken(EventId enqueued) {
    event(EventKind::woken, [=, this] { return Label{.is_queue = true, .reads_from = remover_of(graph(), enqueued)}; });
}

/// A location is known by its construction.
EventId Recorder::init(std::uint64_t initial) {
    return next_step([initial](const Event& known) { return known.kind == EventKind::init && known.value == initial; },
                     [this, initial] {
                         graph().add_location(add({.kind = EventKind::init, .value = initial}));
                         return true;
                     });
}

void Recorder::root() {
    event(EventKind::init, [] { return Label{}; });
}

void Recorder::write(LocationId location, std::uint64_t value, std::memory_order order) {
    next_step(
        [=](const Event& known) {
            return known.kind == EventKind::write && known.location == location && known.value == value;
        },
        [=, this] {
            return trace_.decider().add_write(
                add({.kind = EventKind::write, .order = order, .location = location, .value = value}));
        });
}

unsigned Recorder::choose(unsigned options) {
    const EventId id = next_step(
        [options](const Event& known) { return known.kind == EventKind::choice && known.options == options; },
        [this, options] { return trace_.decider().add_choice(add({.kind = EventKind::choice, .options = options})); });
    return static_cast<unsigned>(graph()[id].value);
}

bool Recorder::take_back(std::size_t count) {
    const auto& order = graph().order();
    if (order.size() < repeated_ + count) return false;
    const EventId first{static_cast<std::uint16_t>(trace_.running()),
                        static_cast<std::uint16_t>(trace_.events_run() - count)};
    if (order[order.size() - count] != first || !trace_.decider().take_back(first)) return false;
    if (keeps_course_) course_.resize(course_.size() - count);
    trace_.take_back(first);
    return true;
}

}  // namespace heddle::engine::exhaustive
