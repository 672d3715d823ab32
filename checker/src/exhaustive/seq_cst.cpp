// Whether the seq_cst operations and fences of a graph have a single total order.
#include <algorithm>
#include <bitset>
#include <stdexcept>
#include <utility>
#include <vector>

#include "graph.hpp"

namespace heddle::checker::exhaustive {

namespace {

constexpr std::size_t most_nodes = 256;
using Nodes = std::bitset<most_nodes>;

/// A directed graph over the seq_cst events.
class Order {
  public:
    explicit Order(const Graph& graph) : graph_(graph) {
        for (const EventId id : graph.order()) {
            if (graph[id].order != std::memory_order_seq_cst) continue;
            if (nodes_.size() == most_nodes) throw std::length_error("more than 256 seq_cst events in one execution");
            nodes_.push_back(id);
        }
        before_.resize(nodes_.size());
    }

    bool exists() {
        add_strong_happens_before();
        for (LocationId location = 0; location < graph_.locations(); location += 2) add_coherence(location);
        return acyclic();
    }

  private:
    bool happens_before(EventId a, EventId b) const { return a != b && a.index < graph_[b].before[a.thread]; }

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

bool seq_cst_consistent(const Graph& graph) { return !graph.uses_seq_cst() || Order(graph).exists(); }

}  // namespace heddle::checker::exhaustive
