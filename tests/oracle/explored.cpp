#include "explored.hpp"

#include <deque>
#include <stdexcept>

#include "exhaustive/run.hpp"

namespace heddle::oracle {

namespace {

using checker::CheckingPlatform;
using checker::exhaustive::Event;
using checker::exhaustive::EventId;
using checker::exhaustive::EventKind;
using checker::exhaustive::ExhaustiveRun;
using checker::exhaustive::Explorer;
using checker::exhaustive::Graph;
using checker::exhaustive::RunEnd;

/// Runs the instructions of a program on the platform of the engines.
class Interpreter final : public checker::Program {
  public:
    explicit Interpreter(const oracle::Program& program) : program_(program) {
        for (std::size_t n = 0; n != program.locations; ++n) locations_.emplace_back(0);
    }

    void thread(int index) override {
        for (const Instruction& i : program_.threads[static_cast<std::size_t>(index)]) {
            auto& location = locations_[i.location];
            std::uint64_t expected = i.expected;
            switch (i.kind) {
                case Kind::load:
                    location.load(i.order);
                    break;
                case Kind::store:
                    location.store(i.value, i.order);
                    break;
                case Kind::add:
                    location.fetch_add(i.value, i.order);
                    break;
                case Kind::compare_exchange:
                    location.compare_exchange_strong(expected, i.value, i.order, i.failure);
                    break;
                case Kind::fence:
                    CheckingPlatform::fence(i.order);
                    break;
            }
        }
    }
    void after() override {}

  private:
    const oracle::Program& program_;
    std::deque<CheckingPlatform::atomic<std::uint64_t>> locations_;
};

// The n-th instruction of a thread is its n-th event after `begin`, second halves not counted.
std::string name(const Graph& graph, EventId id) {
    if (graph[id].kind == EventKind::init) return "i";
    std::size_t number = 0;
    for (std::uint16_t index = 1; index != id.index; ++index) {
        const Event& event = graph[{id.thread, index}];
        if (!(event.kind == EventKind::write && event.exclusive)) ++number;
    }
    const bool second_half = graph[id].kind == EventKind::write && graph[id].exclusive;
    return std::to_string(id.thread - 1) + "." + std::to_string(second_half ? number - 1 : number);
}

Canonical canonical(const Graph& graph, const Program& program) {
    Canonical text;
    for (std::uint16_t thread = 1; thread <= program.threads.size(); ++thread) {
        for (std::uint16_t index = 1; index != graph.size(thread); ++index) {
            const EventId id{thread, index};
            const Event& event = graph[id];
            if (event.kind == EventKind::end || (event.kind == EventKind::write && event.exclusive)) continue;
            text += name(graph, id) + "<" + (event.is_read() ? name(graph, event.reads_from) : "-") + " ";
        }
    }
    for (checker::exhaustive::LocationId location = 0; location != graph.locations(); location += 2) {
        text += "|";
        const auto& order = graph.at(location).coherence;
        for (std::size_t at = 1; at != order.size(); ++at) text += name(graph, order[at]) + " ";
    }
    return text;
}

}  // namespace

void visit_executions(const checker::Model& model, const std::function<void(const Graph&)>& visit) {
    ExhaustiveRun run(model);
    Explorer explorer;
    for (std::optional<unsigned> first = 0; first; first = explorer.next()) {
        switch (run.run(explorer, *first, false)) {
            case RunEnd::complete:
                visit(explorer.graph());
                break;
            case RunEnd::inconsistent:
                break;
            default:
                throw std::runtime_error("an execution failed or blocked");
        }
    }
}

std::map<Canonical, unsigned> explored_executions(const Program& program) {
    checker::Model model;
    model.threads = static_cast<int>(program.threads.size());
    model.checked = [&program] { return std::make_unique<Interpreter>(program); };
    std::map<Canonical, unsigned> executions;
    visit_executions(model, [&](const Graph& graph) { ++executions[canonical(graph, program)]; });
    return executions;
}

}  // namespace heddle::oracle
