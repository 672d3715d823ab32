#include "effects_of_run.hpp"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

#include "exhaustive/graph/queue_value.hpp"

namespace heddle::engine::exhaustive {

namespace {

using Part = Counterexample::Part;
using Reached = std::array<std::uint16_t, most_threads + 1>;

class EffectsOfRun {
  public:
    EffectsOfRun(const Graph& graph, const Execution& execution, const Reached& events)
        : graph_(graph), execution_(execution), events_(events) {
        add_nodes();
        for (LocationId location = 0; location != graph.locations(); ++location) add_location(location);
        for (unsigned thread = 0; thread != nodes_.size(); ++thread) order_thread(thread);
        add_ends_of_objects();
    }

    Effects take() { return std::move(effects_); }

  private:
    /// A node, and the first of the events of its thread that belong to it.
    struct Ours {
        std::size_t node;
        unsigned first_event;
    };

    void add_nodes() {
        for (std::size_t at = 0; at != execution_.steps().size(); ++at) {
            const Step& step = execution_.steps()[at];
            const auto enqueued = event_of(step, Modification::Kind::enqueue);
            if (enqueued) add_node(at, Part::falls_asleep, step.first_event, false);
            if (!enqueued) add_node(at, Part::whole, step.first_event, step.finished);
            else if (step.finished) add_node(at, Part::goes_on, *enqueued + 1U, true);
        }
    }

    void add_node(std::size_t at, Part part, unsigned first_event, bool finished) {
        const Step& step = execution_.steps()[at];
        nodes_[step.fiber].push_back({effects_.nodes.size(), first_event});
        const bool comes_back = part == Part::falls_asleep && step.finished;
        effects_.nodes.push_back({.step = at,
                                  .part = part,
                                  .thread = step.thread,
                                  .finished = finished || comes_back,
                                  .after = {},
                                  .reads_from = {}});
    }

    /// The first event of the step, and before the next step of its thread, with such a modification.
    std::optional<unsigned> event_of(const Step& step, Modification::Kind kind) const {
        if (step.operation.kind != OperationKind::wait) return std::nullopt;
        bool has_looked = false;
        for (unsigned index = step.first_event; index < events_[step.fiber]; ++index) {
            const Event& event = event_at(step.fiber, index);
            if (event.is_read() && event.is_queue)
                return event.modification.kind == kind ? std::optional(index) : std::nullopt;
            if (event.is_read() && std::exchange(has_looked, true)) return std::nullopt;
        }
        return std::nullopt;
    }

    const Event& event_at(unsigned thread, unsigned index) const {
        return graph_[{static_cast<std::uint16_t>(thread), static_cast<std::uint16_t>(index)}];
    }
    bool has_run(EventId id) const { return id.index < events_[id.thread]; }

    /// The last node of the thread that has begun by then; nothing if there is none.
    std::optional<std::size_t> node_at(EventId id) const {
        const auto& ours = nodes_[id.thread];
        const auto next =
            std::find_if(ours.begin(), ours.end(), [&](const Ours& one) { return one.first_event > id.index; });
        return next == ours.begin() ? std::nullopt : std::optional(std::prev(next)->node);
    }

    /// Of what the graph has of the location, that which has run.
    void add_location(LocationId location) {
        Effects::Location& made = effects_.locations.emplace_back();
        const auto& here = graph_.at(location);
        std::vector<EventId> writes;
        for (const EventId write : here.coherence) {
            const auto node = has_run(write) ? node_at(write) : std::nullopt;
            if (!node) continue;
            writes.push_back(write);
            made.writes.push_back(*node);
        }
        const auto add_read = [&](EventId read) {
            const auto source = std::find(writes.begin(), writes.end(), graph_[read].reads_from);
            const auto node = has_run(read) ? node_at(read) : std::nullopt;
            if (!node) return;
            if (source == writes.end()) {
                // What memory that was adopted began with is no step.
                if (graph_[read].reads_from == Graph::root) made.reads.push_back({*node, std::nullopt});
                return;
            }
            made.reads.push_back({*node, static_cast<std::size_t>(source - writes.begin())});
            const std::size_t from = made.writes[*made.reads.back().source];
            effects_.nodes[*node].after.push_back(from);
            if (!graph_[read].is_queue) effects_.nodes[*node].reads_from = from;
        };
        for (const EventId read : here.readers) add_read(read);
        for (const EventId write : writes)
            if (graph_[write].kind == EventKind::modify) add_read(write);
    }

    /// The order in the program, and that with the threads that start this one or that it waits for.
    void order_thread(unsigned thread) {
        const auto& ours = nodes_[thread];
        for (std::size_t at = 0; at != ours.size(); ++at) {
            auto& node = effects_.nodes[ours[at].node];
            if (at != 0) node.after.push_back(ours[at - 1].node);
            const unsigned end = at + 1 != ours.size() ? ours[at + 1].first_event : events_[thread];
            for (unsigned index = at == 0 ? 0 : ours[at].first_event; index < end; ++index)
                order_event(thread, index, ours[at].node);
        }
        if (thread == 0) order_after_join();
    }

    void order_event(unsigned thread, unsigned index, std::size_t node) {
        const Event& event = event_at(thread, index);
        const bool starts = event.kind == EventKind::begin && event.reads_from.exists();
        const auto before = starts ? node_at(event.reads_from) : std::nullopt;
        if (before) effects_.nodes[node].after.push_back(*before);
        if (effects_.nodes[node].part != Part::goes_on &&
            execution_.steps()[effects_.nodes[node].step].operation.kind != OperationKind::sleep)
            return;
        if (const auto remover = remover_of({static_cast<std::uint16_t>(thread), static_cast<std::uint16_t>(index)})) {
            effects_.nodes[node].after.push_back(*remover);
            effects_.nodes[node].reads_from = remover;
        }
    }

    /// Of an event with which a thread goes on after a wait: what took it out of the queue, if another thread did.
    std::optional<std::size_t> remover_of(EventId id) const {
        const Event& event = graph_[id];
        const bool tries = event.is_read() && event.is_queue && event.modification.kind == Modification::Kind::dequeue;
        if (event.kind != EventKind::woken && (!tries || event.kind == EventKind::modify)) return std::nullopt;
        EventId enqueued = id;
        do --enqueued.index;
        while (graph_[enqueued].kind != EventKind::modify || !graph_[enqueued].is_queue);
        const auto& steps = graph_.at(graph_[enqueued].location).coherence;
        for (auto at = std::find(steps.begin(), steps.end(), enqueued); at != steps.end(); ++at)
            if (!has_waiter(graph_[*at].value, id.thread)) return node_at(*at);
        return std::nullopt;
    }

    /// What the first thread does after all others have ended.
    void order_after_join() {
        unsigned join = 0;
        while (join < events_[0] && event_at(0, join).kind != EventKind::join_all) ++join;
        const auto& ours = nodes_[0];
        const auto first =
            std::find_if(ours.begin(), ours.end(), [&](const Ours& one) { return one.first_event > join; });
        if (first == ours.end()) return;
        for (unsigned other = 1; other != nodes_.size(); ++other)
            if (!nodes_[other].empty()) effects_.nodes[first->node].after.push_back(nodes_[other].back().node);
    }

    /// The end of an object comes after its uses, whatever orders them: the engine does not see all that does.
    void add_ends_of_objects() {
        for (std::size_t end = 0; end != effects_.nodes.size(); ++end) {
            const Operation& destroys = operation(end);
            if (destroys.kind != OperationKind::destroy || !effects_.nodes[end].finished) continue;
            for (std::size_t use = 0; use != end; ++use)
                if (operation(use).object == destroys.object && effects_.nodes[use].finished)
                    effects_.nodes[end].after.push_back(use);
        }
    }

    const Operation& operation(std::size_t node) const {
        return execution_.steps()[effects_.nodes[node].step].operation;
    }

    const Graph& graph_;
    const Execution& execution_;
    const Reached& events_;
    std::array<std::vector<Ours>, most_threads + 1> nodes_;  // by thread, in program order
    Effects effects_;
};

}  // namespace

Effects effects_of(const Graph& graph, const Execution& execution, const Reached& events) {
    return EffectsOfRun(graph, execution, events).take();
}

}  // namespace heddle::engine::exhaustive
