// Execution graphs: events by thread, who reads from whom, and the coherence order of each location.
#pragma once

#include "alike.hpp"
#include "clocks.hpp"
#include "events.hpp"
#include "locations.hpp"

namespace heddle::engine::exhaustive {

class Graph : private Events {
  public:
    using Events::before;
    using Events::contains;
    using Events::last_known;
    using Events::order;
    using Events::part_of;
    using Events::size;
    using Events::threads;
    using Events::operator[];
    using Events::Part;
    using Events::seq_csts;

    Location& at(LocationId location) { return locations_[location]; }
    const Location& at(LocationId location) const { return locations_[location]; }
    std::size_t locations() const { return locations_.size(); }

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

    /// Removes every event that was added after the stamp `last`.
    void cut_after(std::uint32_t last);

    /// Becomes a part of a graph, of itself or of another one, in the memory that this one has.
    void assign(const Graph& other, const Part& part);
    /// Becomes a copy of another one, in that memory.
    void assign(const Graph& other) { assign(other, other.whole()); }

    /// Of which threads one order of many is explored; null: of none. Outlives the graph.
    void explore_one_order_of(const Alike* alike) { alike_ = alike; }
    const Alike* alike() const { return alike_; }
    /// As the functions of those names; none where no threads are alike.
    friend EventId counterpart_before(const Graph& graph, EventId id) {
        return graph.alike_ == nullptr ? EventId{} : exhaustive::counterpart_before(graph, *graph.alike_, id);
    }
    friend EventId counterpart_after(const Graph& graph, EventId id) {
        return graph.alike_ == nullptr ? EventId{} : exhaustive::counterpart_after(graph, *graph.alike_, id);
    }
    friend bool have_same_past(const Graph& graph, unsigned one, unsigned other, std::size_t count) {
        return exhaustive::have_same_past(static_cast<const Events&>(graph), one, other, count);
    }
    friend unsigned first_with_same_past(const Graph& graph, unsigned thread) {
        return graph.alike_ == nullptr ? thread : exhaustive::first_with_same_past(graph, *graph.alike_, thread);
    }
    friend std::uint64_t stands_for(const Graph& graph) {
        return graph.alike_ == nullptr ? 1 : exhaustive::stands_for(graph, *graph.alike_);
    }

    /// Becomes the same graph of threads with other numbers: `to` has each one's. No thread's place in the program is known.
    void rename(const Renaming& to);

    /// Lets an event know all that a thread did whose last event is `from`.
    friend void learn(Graph& graph, EventId id, EventId from) {
        exhaustive::learn(static_cast<Events&>(graph), id, from);
    }

  private:
    Written link(Event& read, EventId write, unsigned chosen);
    void unlink(EventId id);
    void assign_location(const Location& from, Location& to);
    std::size_t oldest_visible_before(const Location& here, std::size_t oldest, const Clock& known) const;
    void renumber(const Location& location, std::size_t from);
    /// An event depends on its counterpart, which must be there first.
    void follow_counterpart(EventId id) {
        if (const EventId counterpart = exhaustive::counterpart_before(*this, *alike_, id); counterpart.exists())
            (*this)[id].prefix.join((*this)[counterpart].prefix);
    }

    Locations locations_;
    const Alike* alike_ = nullptr;
};

[[gnu::always_inline]] inline EventId Graph::append(unsigned thread, const Label& label) {
    const EventId id = Events::append(thread, label);
    if ((*this)[id].kind == EventKind::read) return id;
    compute_clocks(*this, id);
    if (alike_ != nullptr) [[unlikely]]
        follow_counterpart(id);
    return id;
}

}  // namespace heddle::engine::exhaustive
