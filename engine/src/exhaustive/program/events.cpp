// How the steps of a program become events: repeated while the graph knows them, added where it ends.
#include "run.hpp"

namespace heddle::engine::exhaustive {

void ExhaustiveRun::did_something_else() {
    fail(FailureKind::nondeterminism, "the program did something else when it ran again", Site{});
}

EventId ExhaustiveRun::begin_event(EventId spawned_by) {
    return event(EventKind::begin,
                 [spawned_by] { return Label{.order = std::memory_order_acquire, .reads_from = spawned_by}; });
}

/// Of all threads of the model.
EventId ExhaustiveRun::start_event() {
    return event(EventKind::spawn, [] { return Label{}; });
}

EventId ExhaustiveRun::spawn_event() {
    return event(EventKind::spawn, [this] { return Label{.value = unused_thread_number()}; });
}

EventId ExhaustiveRun::join_event() {
    return event(EventKind::join_all, [] { return Label{}; });
}

void ExhaustiveRun::fence_event(std::memory_order order) {
    event(EventKind::fence, [order] { return Label{.order = order}; });
    if (!seq_cst_consistent(graph())) stop(RunEnd::inconsistent);
}

/// The end of a futex wait: the turn comes when a wake has taken the thread out of the queue.
void ExhaustiveRun::woken_event() {
    event(EventKind::woken, [this] { return Label{.is_queue = true, .reads_from = remover_of(current())}; });
}

/// A location is known by its construction.
EventId ExhaustiveRun::init_event(std::uint64_t initial) {
    return next_step(
        [initial](const Event& known) { return known.kind == EventKind::init && known.value == initial; },
        [this, initial] {
            graph().add_location(graph().append(current_thread_, {.kind = EventKind::init, .value = initial}));
            return true;
        });
}

void ExhaustiveRun::write_event(LocationId location, std::uint64_t value, std::memory_order order) {
    next_step(
        [=](const Event& known) {
            return known.kind == EventKind::write && known.location == location && known.value == value;
        },
        [=, this] {
            return decider_->add_write(graph().append(
                current_thread_, {.kind = EventKind::write, .order = order, .location = location, .value = value}));
        });
}

unsigned ExhaustiveRun::choose(unsigned options) {
    const EventId id =
        next_step([options](const Event& known) { return known.kind == EventKind::choice && known.options == options; },
                  [this, options] {
                      return decider_->add_choice(
                          graph().append(current_thread_, {.kind = EventKind::choice, .options = options}));
                  });
    return static_cast<unsigned>(graph()[id].value);
}

}  // namespace heddle::engine::exhaustive
