#include "interleaving.hpp"

#include <cstddef>
#include <vector>

namespace heddle::engine::exhaustive {

namespace {

/// Counts, for each event, those that it waits for, and takes whatever waits for none.
class Interleaver {
  public:
    explicit Interleaver(const Graph& graph) : graph_(graph) {
        for (unsigned thread = 0, count = 0; thread <= most_threads; ++thread) {
            first_[thread] = count;
            count += static_cast<unsigned>(graph.size(thread));
        }
        next_.resize(graph.size());
        waits_for_.resize(graph.size());
        for (const EventId id : graph.order()) add_event(id);
        for (LocationId location = 0; location != graph.locations(); ++location) add_location(graph.at(location));
    }

    bool succeeds() {
        std::vector<std::size_t> ready;
        for (std::size_t node = 0; node != next_.size(); ++node)
            if (waits_for_[node] == 0) ready.push_back(node);
        std::size_t taken = 0;
        for (; !ready.empty(); ++taken) {
            const std::size_t node = ready.back();
            ready.pop_back();
            for (const std::size_t later : next_[node])
                if (--waits_for_[later] == 0) ready.push_back(later);
        }
        return taken == next_.size();
    }

  private:
    std::size_t node_of(EventId id) const { return first_[id.thread] + id.index; }

    void add(EventId earlier, EventId later) {
        next_[node_of(earlier)].push_back(node_of(later));
        ++waits_for_[node_of(later)];
    }

    /// Program order and reads-from, and what a join waits for.
    void add_event(EventId id) {
        const Event& event = graph_[id];
        if (id.index != 0) add({id.thread, static_cast<std::uint16_t>(id.index - 1U)}, id);
        if (event.reads_from.exists()) add(event.reads_from, id);
        if (event.kind != EventKind::join_all) return;
        for (std::uint16_t other = 0; other <= most_threads; ++other)
            if (other != id.thread && graph_.size(other) != 0)
                add({other, static_cast<std::uint16_t>(graph_.size(other) - 1U)}, id);
    }

    void add_location(const Location& here) {
        for (std::size_t at = 1; at < here.coherence.size(); ++at) add(here.coherence[at - 1], here.coherence[at]);
        for (const EventId read : here.readers) {
            std::size_t source = 0;
            while (here.coherence[source] != graph_[read].reads_from) ++source;
            if (source + 1 != here.coherence.size()) add(read, here.coherence[source + 1]);
        }
    }

    const Graph& graph_;
    std::array<std::size_t, most_threads + 1> first_{};  // by thread: the node of its first event
    std::vector<std::vector<std::size_t>> next_;         // by node: those that come later
    std::vector<std::size_t> waits_for_;
};

}  // namespace

bool has_interleaving(const Graph& graph) { return Interleaver(graph).succeeds(); }

}  // namespace heddle::engine::exhaustive
