// How the steps of a program become events: repeated while the graph knows them, added where it ends.
#include "run.hpp"

namespace heddle::checker::exhaustive {

/// Waits for the turn of the thread. Returns: whether its next event is in the graph already.
bool ExhaustiveRun::next_is_known() {
    const unsigned thread = current_thread_;
    if (threads_[thread].next >= most_events_of_a_thread)
        fail(FailureKind::livelock,
             "a thread did not end within " + std::to_string(most_events_of_a_thread) + " events", Site{});
    for (;;) {
        if (may_repeat(thread)) return true;
        const bool known = thread < graph().threads() && threads_[thread].next < graph().size(thread);
        if (!known && !repeating_ && may_extend(thread)) return false;
        fibers_.suspend();
    }
}

void ExhaustiveRun::expect(const Label& wanted, const Label& known) {
    // A location is known by its construction; a choice and a spawned thread's number are the graph's.
    const bool has_value = wanted.kind == EventKind::write || wanted.kind == EventKind::init;
    const bool same =
        (wanted.kind == known.kind || (wanted.kind == EventKind::read && known.kind == EventKind::modify)) &&
        (wanted.kind == EventKind::init || wanted.location == known.location) &&
        (!has_value || wanted.value == known.value) && wanted.modification == known.modification;
    if (!same) did_something_else();
}

void ExhaustiveRun::did_something_else() {
    fail(FailureKind::nondeterminism, "the program did something else when it ran again", Site{});
}

/// Takes the thread's next step when its turn has come. `make` returns the event; if it is not in the graph yet, `link`
/// completes it there.
template <class Make, class Link>
EventId ExhaustiveRun::step(Make make, Link link) {
    const bool known = next_is_known();
    const EventId id = next_event();
    if (known) {
        expect(make(), graph()[id]);
    } else {
        graph().append(current_thread_, make());
        if (!link(id)) stop(RunEnd::inconsistent);
    }
    ++current().next;
    return id;
}

/// An event that no other decides.
EventId ExhaustiveRun::event(const Label& wanted) {
    return step([&] { return wanted; }, [](EventId) { return true; });
}

EventId ExhaustiveRun::init_event(std::uint64_t initial) {
    return step([&] { return Label{.kind = EventKind::init, .value = initial}; },
                [this](EventId id) {
                    graph().add_location(id);
                    return true;
                });
}

/// The end of a futex wait: the turn comes when a wake has taken the thread out of the queue.
EventId ExhaustiveRun::woken_event() {
    return step(
        [this] { return Label{.kind = EventKind::woken, .is_queue = true, .reads_from = remover_of(current())}; },
        [](EventId) { return true; });
}

EventId ExhaustiveRun::spawn_event() {
    return step([this] { return Label{.kind = EventKind::spawn, .value = unused_thread_number()}; },
                [](EventId) { return true; });
}

Label ExhaustiveRun::read_of(LocationId location, std::memory_order order, const Modification& modification) const {
    return {.kind = EventKind::read,
            .order = order,
            .is_queue = location % 2 == 1,
            .location = location,
            .modification = modification};
}

EventId ExhaustiveRun::read_event(LocationId location, std::memory_order order, const Modification& modification) {
    const Label wanted = read_of(location, order, modification);
    return step([&] { return wanted; }, [this](EventId id) { return explorer_->add_read(id); });
}

void ExhaustiveRun::write_event(LocationId location, std::uint64_t value, std::memory_order order) {
    const Label wanted{.kind = EventKind::write, .order = order, .location = location, .value = value};
    step([&] { return wanted; },
         [this](EventId id) {
             explorer_->add_write(id);
             return true;
         });
}

unsigned ExhaustiveRun::choose(unsigned options) {
    const EventId id = step([&] { return Label{.kind = EventKind::choice, .options = options}; },
                            [this](EventId added) {
                                explorer_->add_choice(added);
                                return true;
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
