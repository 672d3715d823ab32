// The nodes of an execution graph: what a thread does, what was decided for it, and what it knows.
#pragma once

#include <cstdint>

#include "clock.hpp"
#include "memory_order.hpp"
#include "modification.hpp"

namespace heddle::engine::exhaustive {

/// A place that is written to: the value of an atomic, or the queue of those who wait on it.
using LocationId = std::uint32_t;
inline constexpr LocationId no_location = ~LocationId{0};

enum class EventKind : std::uint8_t {
    begin,     ///< of a thread; what its creator knew comes along
    spawn,     ///< of a thread, whose number is the value; 0: of all threads that begin with it
    join_all,  ///< the first thread goes on when every other one has ended
    init,      ///< an atomic is constructed; the first in the coherence order of its location
    read,      ///< a load, or a read-modify-write that does not write
    write,     ///< a store
    modify,    ///< a read-modify-write that writes
    fence,
    choice,  ///< one of several possibilities that no other event decides
    woken,   ///< a futex wait comes back: reads from the wake that took it out of the queue
};

/// Where a thread stands in what it does, as whoever runs the program numbers it; 0: not known.
using PointId = std::uint32_t;

/// What a thread does, and what was decided for it.
struct Label {
    EventKind kind = EventKind::fence;
    MemoryOrder order = std::memory_order_relaxed;
    bool is_queue = false;  ///< concerns the futex queue, or is a fence of the kernel's: C++ does not order by it
    LocationId location = no_location;
    EventId reads_from;         ///< read, modify, woken
    unsigned options = 1;       ///< choice: out of how many
    std::uint64_t value = 0;    ///< written; choice: which
    Modification modification;  ///< read, modify: what it may write

    bool operator==(const Label&) const = default;

    static Label read(LocationId location, std::memory_order order, const Modification& modification) {
        return {.kind = EventKind::read,
                .order = order,
                .is_queue = location % 2 == 1,
                .location = location,
                .modification = modification};
    }
};

struct Event : Label {
    Event() = default;
    explicit Event(const Label& label) : Label(label) {}

    std::uint32_t stamp = 0;       ///< when it was added, relative to the others
    std::uint32_t written = 0;     ///< when its write was: later, if the read was revisited
    std::uint64_t value_read = 0;  ///< read, modify
    unsigned chosen = 0;           ///< read, modify: which of the ways to go on
    bool overtook = false;         ///< modify: took what an awaiting read had before, and sent that away
    bool has_revisited = false;    ///< a write that an older read was made to read from, and perhaps still does
    bool follows_seq_cst = false;  ///< a seq_cst event is in its prefix, or it is one
    std::uint8_t seq_csts = 0;     ///< how many events its thread has up to its latest seq_cst one so far
    std::uint8_t fences = 0;       ///< the same up to its latest seq_cst fence
    std::uint16_t position = 0;    ///< write: where it is in the coherence order
    PointId point = 0;             ///< where its thread stood before it

    Clock before;      ///< happens-before
    Clock prefix;      ///< program order and reads-from, transitively
    Clock released;    ///< write: what an acquire that reads it learns
    Clock unacquired;  ///< what a later acquire fence of the thread learns
    Clock fenced;      ///< what a relaxed write after the thread's last release fence publishes
    Clock kernel;      ///< happens-before, with the order of the futex queues added
    Clock kernel_released;

    bool is_write() const { return kind == EventKind::write || kind == EventKind::modify || kind == EventKind::init; }
    bool is_read() const { return kind == EventKind::read || kind == EventKind::modify; }
};

/// What an event says of threads, it says of those with other numbers: `to` has each one's.
inline void rename(Event& event, const std::array<std::uint16_t, most_threads + 1>& to) {
    if (event.reads_from.exists()) event.reads_from.thread = to[event.reads_from.thread];
    event.point = 0;
    if (event.modification.is_of_a_waiter()) event.modification.operand = to[event.modification.operand];
    if (event.is_read() && event.is_queue) {
        event.value = with_waiters_renamed(event.value, to);
        event.value_read = with_waiters_renamed(event.value_read, to);
    }
    for (Clock* const clock : {&event.before, &event.prefix, &event.released, &event.unacquired, &event.fenced,
                               &event.kernel, &event.kernel_released})
        clock->rename(to);
}

static_assert(sizeof(Event) == 192, "three cache lines");

}  // namespace heddle::engine::exhaustive
