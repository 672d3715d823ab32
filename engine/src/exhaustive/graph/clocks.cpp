#include "clocks.hpp"

namespace heddle::engine::exhaustive {

void compute_clocks(Events& events, EventId id) {
    Event& event = events[id];
    if (id.index != 0) {
        const Event& previous = events.before(id);
        event.before = previous.before;
        event.prefix = previous.prefix;
        event.unacquired = previous.unacquired;
        event.fenced = previous.fenced;
        event.kernel = previous.kernel;
        event.follows_seq_cst = previous.follows_seq_cst;
        event.seq_csts = previous.seq_csts;
        event.fences = previous.fences;
    } else {
        event.before = event.prefix = event.unacquired = event.fenced = event.kernel = {};
        event.follows_seq_cst = false;
        event.seq_csts = event.fences = 0;
    }
    event.released = event.kernel_released = {};
    if (event.reads_from.exists()) {
        const Event& source = events[event.reads_from];
        event.prefix.join(source.prefix);
        event.follows_seq_cst |= source.follows_seq_cst;
        if (event.is_queue) {
            event.kernel.join(source.kernel_released);
        } else {
            event.unacquired.join(source.released);
            if (acquires(event.order)) {
                event.before.join(source.released);
                event.kernel.join(source.kernel_released);
                event.kernel.join(source.released);
            }
        }
    }
    const bool is_fence = event.kind == EventKind::fence && !event.is_queue;
    if (is_fence && acquires(event.order)) {
        event.before.join(event.unacquired);
        event.kernel.join(event.unacquired);
    }
    if (event.order == std::memory_order_seq_cst) {
        event.follows_seq_cst = true;
        event.seq_csts = static_cast<std::uint8_t>(id.index + 1U);
        if (event.kind == EventKind::fence) event.fences = event.seq_csts;
    }
    const Clock itself = Clock::of(id.thread, id.index + 1U);
    event.before.join(itself);
    event.prefix.join(itself);
    event.kernel.join(itself);
    if (is_fence && releases(event.order)) event.fenced = event.before;
    if (event.kind == EventKind::spawn) {
        event.released = event.before;
        event.kernel_released = event.kernel;
    }
    if (event.kind == EventKind::write || event.kind == EventKind::modify) release(events, event);
}

void release(const Events& events, Event& event) {
    event.released = releases(event.order) ? event.before : event.fenced;
    event.kernel_released = event.is_queue || releases(event.order) ? event.kernel : event.fenced;
    if (event.kind != EventKind::modify) return;
    // A read-modify-write continues the release sequence of what it read.
    const Event& source = events[event.reads_from];
    event.released.join(source.released);
    event.kernel_released.join(source.kernel_released);
}

void learn(Events& events, EventId id, EventId from) {
    const Event& source = events[from];
    Event& event = events[id];
    event.before.join(source.before);
    event.prefix.join(source.prefix);
    event.kernel.join(source.kernel);
    event.follows_seq_cst |= source.follows_seq_cst;
    event.before.join(
        Clock::of(from.thread, from.index + 2U));  // with the plain data that was accessed after that event
}

}  // namespace heddle::engine::exhaustive
