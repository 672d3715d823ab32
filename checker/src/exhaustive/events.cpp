// How the steps of a program become events: repeated while the graph knows them, added where it ends.
#include "run.hpp"

namespace heddle::checker::exhaustive {

/// Waits for the turn of the thread. Returns: whether its next event is in the graph already.
bool ExhaustiveRun::next_is_known() {
    const unsigned thread = current_thread_;
    if (events_run_[thread] >= most_events_of_a_thread)
        fail(FailureKind::livelock,
             "a thread did not end within " + std::to_string(most_events_of_a_thread) + " events", Site{});
    for (;;) {
        if (events_run_[thread] < graph().size(thread)) {
            if (has_run_source(graph()[next_event()])) return true;
        } else if (!repeating_ && decider_->is_turn_of(thread) && may_extend(thread)) {
            return false;
        }
        fibers_.suspend();
    }
}

void ExhaustiveRun::did_something_else() {
    fail(FailureKind::nondeterminism, "the program did something else when it ran again", Site{});
}

/// Takes the thread's next step when its turn has come. `same` says whether it is the one that the graph has; if the
/// graph ends before it, `add` adds it there, and says whether the graph allows it.
template <class Same, class Add>
EventId ExhaustiveRun::step(Same same, Add add) {
    const EventId id = next_event();
    if (next_is_known()) {
        if (!same(graph()[id])) did_something_else();
    } else {
        decider_->take_turn();
        if (!add()) stop(RunEnd::inconsistent);
    }
    if (record_) course_.push_back(id);
    sites_[current_thread_][id.index] = current().site;
    ++events_run_[current_thread_];
    return id;
}

/// An event that nothing follows from but its clocks. What it reads from, or which thread it starts, is the graph's.
template <class Make>
EventId ExhaustiveRun::event(EventKind kind, Make make) {
    return step([kind](const Event& known) { return known.kind == kind; },
                [&] {
                    Label label = make();
                    label.kind = kind;
                    graph().append(current_thread_, label);
                    return true;
                });
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
    return step([initial](const Event& known) { return known.kind == EventKind::init && known.value == initial; },
                [this, initial] {
                    graph().add_location(graph().append(current_thread_, {.kind = EventKind::init, .value = initial}));
                    return true;
                });
}

Label ExhaustiveRun::read_of(LocationId location, std::memory_order order, const Modification& modification) {
    return {.kind = EventKind::read,
            .order = order,
            .is_queue = location % 2 == 1,
            .location = location,
            .modification = modification};
}

EventId ExhaustiveRun::read_event(LocationId location, std::memory_order order, const Modification& modification) {
    return step(
        [&](const Event& known) {
            return known.is_read() && known.location == location && known.modification == modification;
        },
        [&] { return decider_->add_read(graph().append(current_thread_, read_of(location, order, modification))); });
}

void ExhaustiveRun::write_event(LocationId location, std::uint64_t value, std::memory_order order) {
    step(
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
        step([options](const Event& known) { return known.kind == EventKind::choice && known.options == options; },
             [this, options] {
                 return decider_->add_choice(
                     graph().append(current_thread_, {.kind = EventKind::choice, .options = options}));
             });
    return static_cast<unsigned>(graph()[id].value);
}

/// A read-modify-write. Returns: whether it wrote; `before` is what it read.
bool ExhaustiveRun::modify(LocationId location, const Modification& modification, std::uint64_t& before) {
    const EventId read = read_event(location, std::memory_order_relaxed, modification);
    before = value_read(read);
    return graph()[read].kind == EventKind::modify;
}

}  // namespace heddle::checker::exhaustive
