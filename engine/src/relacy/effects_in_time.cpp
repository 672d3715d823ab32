#include "effects_in_time.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <vector>

#include "execution/read_modify_write.hpp"

namespace heddle::engine::relacy {

namespace {

using Part = Counterexample::Part;
constexpr std::uint64_t main_thread = Counterexample::main_thread;
constexpr std::uint64_t never = ~std::uint64_t{0};

class EffectsInTime {
  public:
    explicit EffectsInTime(const Execution& execution) : execution_(execution) {
        add_nodes();
        order_threads();
        std::vector<std::size_t> by_time(effects_.nodes.size());
        for (std::size_t node = 0; node != by_time.size(); ++node) by_time[node] = node;
        std::stable_sort(by_time.begin(), by_time.end(), [&](auto a, auto b) { return times_[a] < times_[b]; });
        for (const std::size_t node : by_time) take_effect(node);
    }

    Effects take() { return std::move(effects_); }

  private:
    /// What is known of an object at some time.
    struct Known {
        std::size_t location = 0;
        std::vector<std::uint64_t> values;  ///< of an atomic, by write
        std::optional<std::size_t> last;    ///< node, of what has no value
        std::vector<std::size_t> uses;      ///< nodes
    };

    void add_nodes() {
        for (std::size_t at = 0; at != execution_.steps().size(); ++at) {
            const Step& step = execution_.steps()[at];
            if (step.asleep != 0) add_node(at, Part::falls_asleep, step.asleep, step.finished);
            if (step.asleep == 0 || step.finished)
                add_node(at, step.asleep != 0 ? Part::goes_on : Part::whole, step.finished ? step.took_effect : never,
                         step.finished);
        }
    }

    void add_node(std::size_t at, Part part, std::uint64_t time, bool finished) {
        effects_.nodes.push_back({.step = at,
                                  .part = part,
                                  .thread = execution_.steps()[at].thread,
                                  .finished = finished,
                                  .after = {},
                                  .reads_from = {}});
        times_.push_back(time);
    }

    /// The order in the program; main is before all threads, and after all of them.
    void order_threads() {
        std::map<std::uint64_t, std::size_t> last;
        std::map<std::uint64_t, std::size_t> started_by;
        for (std::size_t at = 0; at != effects_.nodes.size(); ++at) {
            Effects::Node& node = effects_.nodes[at];
            const auto before = last.find(node.thread);
            if (node.thread == main_thread) {
                for (const auto& [thread, other] : last) node.after.push_back(other);
            } else if (before != last.end()) {
                node.after.push_back(before->second);
            } else if (const auto main = last.find(main_thread); main != last.end()) {
                node.after.push_back(main->second);
            }
            if (const auto starter = started_by.find(node.thread); starter != started_by.end() && before == last.end())
                node.after.push_back(starter->second);
            const Step& step = execution_.steps()[node.step];
            if (step.operation.kind == OperationKind::spawn && step.finished) started_by[step.result.value] = at;
            last[node.thread] = at;
        }
    }

    void take_effect(std::size_t at) {
        Effects::Node& node = effects_.nodes[at];
        const Step& step = execution_.steps()[node.step];
        const Operation& op = step.operation;
        if (op.object == nullptr || times_[at] == never) return;
        const auto [found, is_new] = objects_.try_emplace(op.object->id);
        Known& known = found->second;
        if (is_new) {
            known.location = effects_.locations.size();
            effects_.locations.emplace_back();
        }
        if (op.kind == OperationKind::destroy)
            node.after.insert(node.after.end(), known.uses.begin(), known.uses.end());
        known.uses.push_back(at);
        const bool waits = op.kind == OperationKind::wait || op.kind == OperationKind::wake;
        if (op.object->kind != ObjectKind::atomic || waits) {
            if (known.last) node.after.push_back(*known.last);
            known.last = at;
        }
        if (op.object->kind == ObjectKind::atomic) access(at, step, known);
        const bool slept = node.part == Part::goes_on || op.kind == OperationKind::sleep;
        if (slept && static_cast<WaitOutcome>(step.result.value) == WaitOutcome::woken) find_waker(at);
    }

    /// The last wake of the thread, unless it came from another wait before.
    void find_waker(std::size_t at) {
        Effects::Node& node = effects_.nodes[at];
        const auto& wakes = execution_.wakes();
        const auto last = std::find_if(wakes.rbegin(), wakes.rend(), [&](const Execution::Wake& wake) {
            return wake.sleeper == node.thread && wake.time < times_[at];
        });
        if (last == wakes.rend() || last->time < last_went_on_[node.thread]) return;
        last_went_on_[node.thread] = times_[at];
        for (std::size_t waker = 0; waker != effects_.nodes.size(); ++waker) {
            if (effects_.nodes[waker].step != last->step || waker == at) continue;
            node.reads_from = waker;
            node.after.push_back(waker);
        }
    }

    /// Reads and writes an atomic.
    void access(std::size_t at, const Step& step, Known& known) {
        Effects::Node& node = effects_.nodes[at];
        Effects::Location& location = effects_.locations[known.location];
        const Operation& op = step.operation;
        const bool constructs = op.kind == OperationKind::construct;
        const bool only_writes = constructs || op.kind == OperationKind::store;
        const bool is_wait = op.kind == OperationKind::wait;
        if (op.kind == OperationKind::wake || op.kind == OperationKind::destroy || node.part == Part::goes_on) return;
        if (!only_writes && !location.writes.empty()) {
            std::size_t source = location.writes.size() - 1;
            const std::uint64_t read = is_wait ? known.values[source] : step.result.value;
            while (source != 0 && known.values[source] != read) --source;
            location.reads.push_back({at, source});
            node.after.push_back(location.writes[source]);
            node.reads_from = location.writes[source];
        }
        if (is_wait || op.kind == OperationKind::load) return;
        if (is_compare_exchange(op.kind) && !step.result.success) return;
        known.values.push_back(only_writes ? op.value
                                           : modified(op.kind, op.object->size, op.value, step.result.value));
        location.writes.push_back(at);
    }

    const Execution& execution_;
    Effects effects_;
    std::vector<std::uint64_t> times_;  // by node
    std::map<std::uint32_t, Known> objects_;
    std::map<std::uint64_t, std::uint64_t> last_went_on_;  // by thread: when
};

}  // namespace

Effects effects_of(const Execution& execution) { return EffectsInTime(execution).take(); }

}  // namespace heddle::engine::relacy
