// What a thread that waits in a loop does over and over. An iteration is what it does between two yields; an iteration that changes
// nothing is a spin iteration. Told from the trace alone.
#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>
#include <vector>

#include <heddle/engine/operation.hpp>

#include "trace.hpp"

namespace heddle::engine::exhaustive {

/// Told by where its events and the yield after them are in the program.
struct Iteration {
    PlaceKey yield = 0;
    std::vector<PlaceKey> steps;
    bool gives_up = false;  ///< after some iterations in vain it is left without that anything has changed
    bool watches_the_clock = false;
    bool counts = false;  ///< it leaves something behind, in frames or in memory
    /// It stores again what the thread has stored there last. In other executions somebody else has stored in between, and it is no spin
    /// iteration: so no event may follow from that it is one.
    bool writes = false;

    /// Whether nothing but a newer value ends the loop, and it does nothing but look.
    bool only_looks() const { return !gives_up && !watches_the_clock && !writes; }
};

/// Whether the event leaves nothing behind: it reads, or writes back what was there.
bool changes_nothing(const Event& event);

/// A compare-exchange that failed may hand what it has read on to whom has loaded something else there before. Returns: that
/// load, if its thread has changed nothing since and would know no less had the load read the same; nothing otherwise.
EventId load_that_may_have_read_it(const Graph& graph, EventId failed);

/// Whether the event is a store of what its own thread had written there last, in an order that is no weaker: whatever follows where
/// it is read follows, too, where the one before it is.
bool writes_again(const Graph& graph, EventId id);

/// Whether the latest events of the running thread are a spin iteration of that loop.
bool has_taken(const Trace& trace, const Iteration& iteration);

/// The events among those of the running thread's last iteration of the loop that read. Requires: has_taken(trace, iteration).
std::vector<EventId> looks_of(const Trace& trace, const Iteration& iteration);

/// Whether there are events of the running thread from `first` on, and all change nothing or write again what was there.
bool does_nothing_but_look(const Trace& trace, std::size_t first);

/// Whether the events of the running thread from `first` on are a turn that leaves nothing behind: it takes mutexes, and lets
/// go each, it reads, and nobody has noticed meanwhile.
bool leaves_nothing(const Trace& trace, std::size_t first);

/// The same of a turn that waits, too: each of its waits has ended with its time, before anybody has woken the thread.
bool waits_in_vain(const Trace& trace, std::size_t first);

/// Whether all that a thread read in its last `length` events is still what it would read again. `is_nothing`: whether
/// an event leaves nothing behind.
template <class IsNothing>
bool reads_the_latest(const Trace& trace, unsigned thread, std::size_t length, const IsNothing& is_nothing) {
    const Graph& graph = trace.graph();
    const std::size_t end = trace.events_run(thread);
    for (std::size_t index = end - length; index != end; ++index) {
        const Event& event = graph[event_id(thread, index)];
        if (!event.is_read()) continue;
        const auto& coherence = graph.at(event.location).coherence;
        const auto seen = static_cast<std::ptrdiff_t>(graph.position(event.reads_from));
        if (!std::all_of(coherence.begin() + seen + 1, coherence.end(), is_nothing)) return false;
    }
    return true;
}

/// What the operation gives if it finds everything as the running thread left it; nothing if it would change something, or
/// the thread does not know.
std::optional<OperationResult> repeated(const Trace& trace, const Operation& op, LocationId location);

/// Whether the operation would store again what the running thread has just stored there.
bool would_write_again(const Trace& trace, const Operation& op, LocationId location);

/// What the operation gives if it finds that value and changes nothing; nothing if it would. A weak compare-exchange fails. A store
/// changes nothing where that value was stored before.
std::optional<OperationResult> in_vain(const Operation& op, std::uint64_t seen);

/// An iteration that is longer is not told from steps that go on and on.
inline constexpr std::size_t longest_iteration = most_events_of_a_thread / 4;
inline constexpr std::size_t least_events_to_go_round = 2 * longest_iteration;

/// Whether the running thread, which does not end, has long done nothing but the same spin iteration, with the same values.
/// Requires: it has had as many events as both of those together.
bool goes_round(const Trace& trace);

/// Of so many of its latest events it is told that a thread goes round in an order that is not the same each time.
inline constexpr std::size_t most_looks_told = 64;

/// After how many of its events the running thread had last done the same again, in whatever order: each of the later half of so many was
/// one of the earlier half, with the same values. 0: it never has.
std::size_t last_come_again(const Trace& trace);
/// Whether the latest events of the running thread do nothing but look, at the same writes again, and not in the same order.
bool looks_in_any_order(const Trace& trace);
/// Whether one of those has been at that place, and at that location.
bool has_looked_lately(const Trace& trace, PlaceKey place, LocationId location);

}  // namespace heddle::engine::exhaustive
