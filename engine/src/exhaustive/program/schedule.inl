// What is asked at every step; included by schedule.hpp alone.
#pragma once

namespace heddle::engine::exhaustive {

inline bool Schedule::is_known(EventId event) const {
    if (event.index >= trace_.graph().size(event.thread)) return false;
    const Event& known = trace_.graph()[event];
    const EventId source = known.reads_from;
    if (source.exists()) return source.index < trace_.events_run(source.thread);
    return known.kind != EventKind::join_all || threads_.others_ended();
}

}  // namespace heddle::engine::exhaustive
