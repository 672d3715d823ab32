// What is asked at every step; included by schedule.hpp alone.
#pragma once

namespace heddle::engine::exhaustive {

inline bool has_left(ThreadState state) { return state >= ThreadState::spinning; }

inline bool Schedule::others_ended() const {
    return std::all_of(threads_.begin() + 1, threads_.begin() + thread_count_,
                       [](const Thread& other) { return other.state == ThreadState::ended; });
}

inline bool Schedule::is_known(EventId event) const {
    if (event.index >= trace_.graph().size(event.thread)) return false;
    const Event& known = trace_.graph()[event];
    const EventId source = known.reads_from;
    if (source.exists()) return source.index < trace_.events_run(source.thread);
    return known.kind != EventKind::join_all || others_ended();
}

}  // namespace heddle::engine::exhaustive
