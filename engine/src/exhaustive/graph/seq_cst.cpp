// Whether the seq_cst operations and fences of a graph have a single total order.
#include <algorithm>
#include <bitset>
#include <utility>
#include <vector>

#include "graph.hpp"

namespace heddle::engine::exhaustive {

namespace {

/// A directed graph over the seq_cst events, which are `most` at most.
template <std::size_t most>
class Order {
    using Nodes = std::bitset<most>;

  public:
    explicit Order(const Graph& graph) : graph_(graph) {
        for (const EventId id : graph.order()) {
            if (graph[id].order == std::memory_order_seq_cst) nodes_.push_back(id);
        }
        before_.resize(nodes_.size());
    }

    bool exists() {
        add_strong_happens_before();
        for (LocationId location = 0; location < graph_.locations(); location += 2) add_coherence(location);
        return acyclic();
    }

  private:
    bool happens_before(EventId a, EventId b) const { return a != b && graph_[b].before.knows(a); }

    // Program order; and program order, happens-before, program order: an event after `a` before one before `b`.
    bool strongly_happens_before(EventId a, EventId b) const {
        if (a.thread == b.thread) return a.index < b.index;
        if (b.index == 0) return false;
        const Event& before_b = graph_[{b.thread, static_cast<std::uint16_t>(b.index - 1U)}];
        return a.index + 1U < before_b.before[a.thread];
    }

    void add_strong_happens_before() {
        for (std::size_t a = 0; a != nodes_.size(); ++a)
            for (std::size_t b = 0; b != nodes_.size(); ++b)
                if (a != b && strongly_happens_before(nodes_[a], nodes_[b])) before_[b].set(a);
    }

    // Coherence: an operation and the seq_cst fences that happen before it precede a coherence-later one and the
    // fences that it happens before.
    void add_coherence(LocationId location) {
        struct Ranked {
            std::size_t rank;
            EventId id;
        };
        std::vector<Ranked> events;
        const Location& here = graph_.at(location);
        for (std::size_t at = 0; at != here.coherence.size(); ++at) {
            events.push_back({2 * at, here.coherence[at]});
            for (const EventId reader : here.readers)
                if (graph_[reader].reads_from == here.coherence[at]) events.push_back({2 * at + 1, reader});
            const EventId modifier = graph_.modified_by(location, at);
            if (modifier.exists()) events.push_back({2 * at + 1, modifier});
        }
        Nodes earlier;
        for (std::size_t from = 0; from != events.size();) {
            std::size_t to = from;
            while (to != events.size() && events[to].rank == events[from].rank) ++to;
            for (std::size_t at = from; at != to; ++at) {
                const Nodes after = nodes_after(events[at].id);
                for (std::size_t node = 0; node != nodes_.size(); ++node) {
                    if (!after.test(node)) continue;
                    const bool itself = earlier.test(node);
                    before_[node] |= earlier;
                    // A read-modify-write is there as a reader and as a write: it is not before itself.
                    if (itself && nodes_[node] == events[at].id) before_[node].reset(node);
                }
            }
            for (std::size_t at = from; at != to; ++at) earlier |= nodes_before(events[at].id);
            from = to;
        }
    }

    Nodes nodes_before(EventId id) const {
        Nodes result;
        for (std::size_t node = 0; node != nodes_.size(); ++node) {
            const bool fence = graph_[nodes_[node]].kind == EventKind::fence;
            if (fence ? happens_before(nodes_[node], id) : nodes_[node] == id) result.set(node);
        }
        return result;
    }

    Nodes nodes_after(EventId id) const {
        Nodes result;
        for (std::size_t node = 0; node != nodes_.size(); ++node) {
            const bool fence = graph_[nodes_[node]].kind == EventKind::fence;
            if (fence ? happens_before(id, nodes_[node]) : nodes_[node] == id) result.set(node);
        }
        return result;
    }

    bool acyclic() const {
        Nodes done;
        for (std::size_t finished = 0; finished != nodes_.size();) {
            const std::size_t at_first = finished;
            for (std::size_t node = 0; node != nodes_.size(); ++node) {
                if (done.test(node) || (before_[node] & ~done).any()) continue;
                done.set(node);
                ++finished;
            }
            if (finished == at_first) return false;
        }
        return true;
    }

    const Graph& graph_;
    std::vector<EventId> nodes_;
    std::vector<Nodes> before_;
};

}  // namespace

bool has_seq_cst_order(const Graph& graph) {
    const unsigned events = graph.seq_cst_events();
    if (events <= 64) return Order<64>(graph).exists();  // one word for a set of them
    if (events <= 256) return Order<256>(graph).exists();
    return Order<(most_threads + 1) * most_events_of_a_thread>(graph).exists();
}

}  // namespace heddle::engine::exhaustive
