// Execution graphs: events by thread, who reads from whom, and the coherence order of each location.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <compare>
#include <cstdint>
#include <vector>

#include "memory_order.hpp"
#include "modification.hpp"

namespace heddle::engine::exhaustive {

/// Beside the first one. A futex queue packs its waiters into one value, four bits each.
inline constexpr unsigned most_threads = 15;

inline constexpr unsigned most_events_of_a_thread = 250;  ///< so that a clock counts in bytes: 16 of them are one join

struct EventId {
    std::uint16_t thread = none;
    std::uint16_t index = none;
    static constexpr std::uint16_t none = 0xffff;
    bool exists() const { return thread != none; }
    auto operator<=>(const EventId&) const = default;
    bool operator==(const EventId& other) const {  // both at once: it is asked more often than anything else
        return std::bit_cast<std::uint32_t>(*this) == std::bit_cast<std::uint32_t>(other);
    }
};

/// For each thread, how many of its events are known.
class Clock {
  public:
    /// Knows so many events of one thread. To join this is faster than to set one count: a processor waits long for a load
    /// of 16 bytes one of which it has just stored.
    static Clock of(unsigned thread, unsigned count) {
        Clock clock;
        for (std::uint8_t t = 0; t != clock.known_.size(); ++t)
            clock.known_[t] =
                t == static_cast<std::uint8_t>(thread) ? static_cast<std::uint8_t>(count) : std::uint8_t{0};
        return clock;
    }
    unsigned operator[](unsigned thread) const { return known_[thread]; }
    void join(const Clock& other) {
        const auto mine = std::bit_cast<AtOnce>(known_);
        const auto theirs = std::bit_cast<AtOnce>(other.known_);
        known_ = std::bit_cast<Counts>(mine < theirs ? theirs : mine);
    }
    bool knows(EventId id) const { return id.index < known_[id.thread]; }
    /// Knows so many events of one thread at least.
    void raise(unsigned thread, unsigned count) {
        if (known_[thread] < count) known_[thread] = static_cast<std::uint8_t>(count);
    }
    const std::uint8_t* bytes() const { return known_.data(); }

  private:
    using Counts = std::array<std::uint8_t, most_threads + 1>;
    using AtOnce [[gnu::vector_size(sizeof(Counts))]] =
        std::uint8_t;  // left to itself, a compiler takes one after the other
    alignas(16) Counts known_{};
};

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

/// What a thread does, and what was decided for it.
struct Label {
    EventKind kind = EventKind::fence;
    MemoryOrder order = std::memory_order_relaxed;
    bool is_queue = false;  ///< concerns the futex queue: the kernel orders these, C++ does not
    LocationId location = no_location;
    EventId reads_from;         ///< read, modify, woken
    unsigned options = 1;       ///< choice: out of how many
    std::uint64_t value = 0;    ///< written; choice: which
    Modification modification;  ///< read, modify: what it may write

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

struct Location {
    std::vector<EventId> coherence;  ///< oldest first; the first is the construction
    std::vector<EventId> readers;    ///< those that only read; a read-modify-write follows what it has read
    unsigned stores = 0;             ///< writes in the coherence order that are neither the construction nor read first
    std::uint64_t initial = 0;       ///< what the construction leaves there
};

static_assert(sizeof(Event) == 192, "three cache lines");

class Graph {
  public:
    /// How many events a thread has; none, if there is no such thread.
    std::size_t size(unsigned thread) const { return sizes_[thread]; }
    std::size_t size() const { return order_.size(); }
    Event& operator[](EventId id) { return events_[id.thread][id.index]; }
    const Event& operator[](EventId id) const { return events_[id.thread][id.index]; }
    Location& at(LocationId location) { return locations_[location]; }
    const Location& at(LocationId location) const { return locations_[location]; }
    std::size_t locations() const { return location_count_; }

    /// Every event, in the order of addition.
    const std::vector<EventId>& order() const { return order_; }

    /// Begins anew, in the memory that it has.
    void clear();

    /// Adds an event at the end of a thread. The caller links it up; a read has no clocks before that.
    EventId append(unsigned thread, const Label& label);

    /// A new atomic: its value and its queue, both begun by `init`.
    LocationId add_location(EventId init);

    /// Memory that the program brings along becomes an atomic: `id` is its value and `id + 1` its queue, as old as the
    /// program itself, of which `root` is the construction. Idempotent. Requires: `id` is even and always the same for
    /// the same memory, as a function of the events that happen before its use; all locations of the graph are adopted.
    void adopt(LocationId id, std::uint64_t initial);
    static constexpr EventId root{0, 1};  ///< the first event of the first thread, of no location in particular

    /// Lets a read read from a write, and computes its clocks. `chosen`: which way it goes on from there.
    /// Returns: what it goes on to write, if it does; it has not written yet.
    Written set_reads_from(EventId read, EventId write, unsigned chosen = 0);

    /// Lets a new read read from the latest write, and go on to write at once if it does. Returns: what it writes.
    Written read_latest(EventId read);

    /// Lets a read go on to write, directly after what it reads from, which is at `source`.
    void modify(EventId read, std::uint64_t value, std::size_t source);

    /// Puts a write into the coherence order of its location, at `position`.
    void place(EventId write, std::size_t position);
    void unplace(EventId write);
    std::size_t position(EventId write) const { return (*this)[write].position; }
    /// The position of the latest write of the location of `event`.
    std::size_t latest(EventId event) const { return at((*this)[event].location).coherence.size() - 1; }

    /// What a read of `location` from `write` gets: a new queue is empty, whatever the atomic's first value.
    std::uint64_t value_of(EventId write, LocationId location) const {
        const Event& event = (*this)[write];
        return event.kind == EventKind::init ? at(location).initial : event.value;
    }

    /// The oldest position that a new last event of a thread that knows `known` may still read, or follow.
    std::size_t oldest_visible(LocationId location, const Clock& known) const {
        const Location& here = at(location);
        const std::size_t latest = here.coherence.size() - 1;
        return known.knows(here.coherence[latest]) ? latest : oldest_visible_before(here, latest, known);
    }

    /// The read-modify-write that has modified the write at that position, if there is one.
    EventId modified_by(LocationId location, std::size_t position) const;

    /// What a thread knows before its event `id`, which is not its first.
    const Event& before(EventId id) const { return events_[id.thread][id.index - 1U]; }

    /// The last event of a thread that is known; null if there is none.
    const Event* last_known(unsigned thread, const Clock& known) const {
        const unsigned count = std::min<unsigned>(known[thread], sizes_[thread]);  // see learn()
        return count == 0 ? nullptr : &events_[thread][count - 1];
    }

    /// One more than the number of the last thread that has events.
    unsigned threads() const {
        unsigned threads = most_threads + 1;
        while (threads != 0 && sizes_[threads - 1] == 0) --threads;
        return threads;
    }

    /// Removes every event that was added after the stamp `last`.
    void cut_after(std::uint32_t last);

    /// A part of a graph: of each thread the first so many events.
    using Part = std::array<std::uint16_t, most_threads + 1>;
    /// The part of `last`, what it depends on, and everything added before the stamp `end`.
    Part part_of(std::uint32_t end, EventId last) const;
    /// Becomes that part of a graph, of itself or of another one, in the memory that this one has.
    void assign(const Graph& other, const Part& part);

    /// Lets an event know all that a thread did whose last event is `from`.
    void learn(EventId id, EventId from);

  private:
    static constexpr std::size_t usual_events = 16;  // of a thread, or at a location: room for as many from the start

    /// Computes the clocks of an event from its predecessor, its source and its order.
    void compute_clocks(EventId id);
    void release(Event& event);
    Written link(Event& read, EventId write, unsigned chosen);
    void become_modify(Event& read, std::uint64_t value);
    void remove_last(EventId id);
    Location& new_location();
    std::size_t oldest_visible_before(const Location& here, std::size_t oldest, const Clock& known) const;
    unsigned stores_in(const Location& location) const;
    void renumber(const Location& location, std::size_t from);

    std::array<std::vector<Event>, most_threads + 1> events_;  // of each thread the first of sizes_
    std::array<std::uint16_t, most_threads + 1> sizes_{};
    std::vector<EventId> order_;
    std::vector<Location> locations_;  // the first location_count_; what follows is memory to be used again
    std::size_t location_count_ = 0;
    std::uint32_t next_stamp_ = 0;
};

// Inlined, so that a label is stored once, field by field, where it belongs. A copy of what was just stored in pieces would
// have to wait for it.
[[gnu::always_inline]] inline EventId Graph::append(unsigned thread, const Label& label) {
    const EventId id{static_cast<std::uint16_t>(thread), sizes_[thread]++};
    auto& events = events_[thread];
    if (events.size() < sizes_[thread]) {
        if (events.empty()) events.reserve(usual_events);
        events.emplace_back();
    }
    Event& event = events[id.index];
    static_cast<Label&>(event) = label;
    event.stamp = event.written = next_stamp_++;
    event.value_read = 0;
    event.chosen = 0;
    event.overtook = false;
    event.has_revisited = false;
    order_.push_back(id);
    if (event.kind != EventKind::read) compute_clocks(id);
    return id;
}

}  // namespace heddle::engine::exhaustive
