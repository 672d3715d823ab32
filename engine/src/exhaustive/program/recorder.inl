// Inlined into the operations, so that a switch of fibers has few calls to come back through (schedule.cpp). Included by
// recorder.hpp alone.
#pragma once

namespace heddle::engine::exhaustive {

// As Graph::append is: a label is not copied.
[[gnu::always_inline]] inline EventId Recorder::add(const Label& label) {
    return graph().append(trace_.running(), label);
}

/// Takes the thread's next step when its turn has come. `same` says whether it is the one that the graph has; if the
/// graph ends before it, `add` adds it there, and says whether the graph allows it.
template <class Same, class Add>
[[gnu::always_inline]] inline EventId Recorder::next_step(const Same& same, const Add& add) {
    const EventId id = trace_.next_event();
    if (schedule_.is_known(id) || await_turn()) {
        if (!same(graph()[id])) did_something_else();
    } else {
        trace_.decider().take_turn();
        if (!add()) schedule_.stop(RunEnd::inconsistent);
    }
    if (graph().alike() != nullptr) [[unlikely]]
        alike_.look_at(trace_, schedule_, id);
    if (keeps_course_) course_.push_back(id);
    trace_.advance();
    return id;
}

/// An event that nothing follows from but its clocks. What it reads from, or which thread it starts, is the graph's.
template <class Make>
EventId Recorder::event(EventKind kind, const Make& make) {
    return next_step([kind](const Event& known) { return known.kind == kind; },
                     [&] {
                         Label label = make();
                         label.kind = kind;
                         add(label);
                         return true;
                     });
}

[[gnu::always_inline]] inline EventId Recorder::read(LocationId location, std::memory_order order,
                                                     const Modification& modification) {
    return next_step(
        [&](const Event& known) {
            return known.is_read() && known.location == location && known.modification == modification;
        },
        [&] { return trace_.decider().add_read(add(Label::read(location, order, modification))); });
}

[[gnu::always_inline]] inline bool Recorder::modify(LocationId location, const Modification& modification,
                                                    std::uint64_t& found) {
    const EventId event = read(location, std::memory_order_relaxed, modification);
    found = value_read(event);
    return graph()[event].kind == EventKind::modify;
}

}  // namespace heddle::engine::exhaustive
