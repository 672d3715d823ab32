// How a step becomes an event: repeated while the graph knows it, added where the graph ends. Inlined into the operations,
// so that a switch of fibers has few calls to come back through (scheduling.cpp).
#pragma once

namespace heddle::engine::exhaustive {

/// Whether the event that a thread comes to next is in the graph, and what it depends on has run.
inline bool ExhaustiveRun::is_known(EventId next) const {
    return next.index < graph().size(next.thread) && has_run_source(graph()[next]);
}

/// Takes the thread's next step when its turn has come. `same` says whether it is the one that the graph has; if the
/// graph ends before it, `add` adds it there, and says whether the graph allows it.
template <class Same, class Add>
[[gnu::always_inline]] inline EventId ExhaustiveRun::next_step(const Same& same, const Add& add) {
    const EventId id = next_event();
    if (is_known(id) || await_turn()) {
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
EventId ExhaustiveRun::event(EventKind kind, const Make& make) {
    return next_step([kind](const Event& known) { return known.kind == kind; },
                     [&] {
                         Label label = make();
                         label.kind = kind;
                         graph().append(current_thread_, label);
                         return true;
                     });
}

[[gnu::always_inline]] inline EventId ExhaustiveRun::read_event(LocationId location, std::memory_order order,
                                                                const Modification& modification) {
    return next_step(
        [&](const Event& known) {
            return known.is_read() && known.location == location && known.modification == modification;
        },
        [&] {
            return decider_->add_read(graph().append(current_thread_, Label::read(location, order, modification)));
        });
}

/// A read-modify-write. Returns: whether it wrote; `before` is what it read.
[[gnu::always_inline]] inline bool ExhaustiveRun::modify(LocationId location, const Modification& modification,
                                                         std::uint64_t& before) {
    const EventId read = read_event(location, std::memory_order_relaxed, modification);
    before = value_read(read);
    return graph()[read].kind == EventKind::modify;
}

}  // namespace heddle::engine::exhaustive
