#include "explored.hpp"

#include <cmath>
#include <deque>
#include <memory>
#include <optional>
#include <stdexcept>

#include <heddle/engine/engine.hpp>
#include <heddle/engine/run.hpp>

#include "exhaustive/program/exhaustive_run.hpp"

namespace heddle::oracle {

namespace {

using checker::CheckingPlatform;
using engine::exhaustive::Event;
using engine::exhaustive::EventId;
using engine::exhaustive::EventKind;
using engine::exhaustive::Explorer;
using engine::exhaustive::Graph;
using engine::exhaustive::RunEnd;
using engine::exhaustive::RunOf;

/// Runs the instructions of a program on the platform of the engines.
class Interpreter {
  public:
    /// `outcomes`: where to add what each execution read and left behind; null: nowhere.
    explicit Interpreter(const oracle::Program& program, Outcomes* outcomes = nullptr)
        : program_(program), outcomes_(outcomes), read_(program.threads.size()) {
        for (std::size_t n = 0; n != program.locations; ++n) {
            if (n < program.mutexes) mutexes_.emplace_back();
            else if (n < program.mutexes + program.conditions) conditions_.emplace_back();
            else atomics_.emplace_back(0);
        }
    }

    void thread(int index) {
        for (const Instruction& i : program_.threads[static_cast<std::size_t>(index)]) {
            if (i.kind == Kind::fence) CheckingPlatform::fence(i.order);
            else if (i.location < program_.mutexes) use(mutexes_[i.location], i.kind);
            else if (i.location < program_.mutexes + program_.conditions)
                conditions_[i.location - program_.mutexes].use(i.kind);
            else
                use(atomics_[i.location - program_.mutexes - program_.conditions], i,
                    read_[static_cast<std::size_t>(index)]);
        }
    }
    void after() {
        if (outcomes_ == nullptr) return;
        const engine::FrontEndAllocations outlive_the_execution;
        std::string outcome;
        for (const auto& values : read_) outcome += values;
        outcome += '|';
        for (const Atomic& atomic : atomics_) outcome += std::to_string(atomic.load(std::memory_order_relaxed));
        outcomes_->insert(outcome);
    }

  private:
    using Atomic = CheckingPlatform::atomic<FutexWord>;
    using Mutex = checker::detail::SpecifiedLock;

    // The steps of a condition variable, which its own class takes together.
    class Condition {
      public:
        void use(Kind kind) {
            using engine::OperationKind;
            if (kind == Kind::enlist) handle_.perform({.kind = OperationKind::enlist});
            else if (kind == Kind::sleep) handle_.perform({.kind = OperationKind::sleep});
            else
                handle_.perform(
                    {.kind = OperationKind::notify, .value = kind == Kind::notify_one ? 1 : engine::every_waiter});
        }

      private:
        checker::detail::Handle handle_{"a condition", engine::ObjectKind::condition, 0, "condition", nullptr, 0,
                                        engine::Site()};
    };

    static void use(Mutex& mutex, Kind kind) {
        if (kind == Kind::lock) mutex.lock();
        else if (kind == Kind::try_lock) mutex.try_lock();
        else if (kind == Kind::unlock) mutex.unlock();
        else mutex.locked();
    }

    /// Only where somebody asks for it: otherwise threads leave nothing in memory, and what they do next may be learnt.
    void note(std::string& read, FutexWord value) const {
        if (outcomes_ != nullptr) read += std::to_string(value);
    }

    void use(Atomic& atomic, const Instruction& i, std::string& read) const {
        auto expected = static_cast<FutexWord>(i.expected);
        const auto value = static_cast<FutexWord>(i.value);
        if (i.kind == Kind::load) note(read, atomic.load(i.order));
        else if (i.kind == Kind::store) atomic.store(value, i.order);
        else if (i.kind == Kind::add) note(read, atomic.fetch_add(value, i.order));
        else if (i.kind == Kind::compare_exchange) atomic.compare_exchange_strong(expected, value, i.order, i.failure);
        else if (i.kind == Kind::wait) CheckingPlatform::wait(atomic, expected, Deadline::never());
        else if (i.kind == Kind::timed_wait)
            CheckingPlatform::wait(atomic, expected, Deadline::after(CheckingPlatform::now(), std::chrono::seconds(1)));
        else if (i.kind == Kind::wait_while) {
            FutexWord found = atomic.load(i.load);
            for (; found == expected; found = atomic.load(i.load))
                CheckingPlatform::wait(atomic, expected, Deadline::never());
            note(read, found);
        } else if (i.kind == Kind::wake && value == 1) CheckingPlatform::wake_one(atomic);
        else if (i.kind == Kind::wake) CheckingPlatform::wake_all(atomic);
        else if (i.kind == Kind::await)
            while (atomic.load(i.order) != i.expected) CheckingPlatform::yield();
        else if (i.kind == Kind::spin)
            for (; !atomic.compare_exchange_strong(expected, value, i.order, i.failure);
                 expected = static_cast<FutexWord>(i.expected))
                CheckingPlatform::yield();
        else if (i.kind == Kind::retry) {
            for (;;) {
                FutexWord found = atomic.load(i.load);
                if (atomic.compare_exchange_strong(found, found + value, i.order, i.failure)) break;
            }
        } else if (i.kind == Kind::add_on) {
            FutexWord found = atomic.load(i.load);
            while (!atomic.compare_exchange_strong(found, found + value, i.order, i.failure)) {
            }
        } else atomic.compare_exchange_weak(expected, value, i.order, i.failure);
    }

    const oracle::Program& program_;
    Outcomes* outcomes_;
    std::vector<std::string> read_;  // by thread
    std::deque<Mutex> mutexes_;
    std::deque<Condition> conditions_;
    std::deque<Atomic> atomics_;
};

engine::Program interpreted(const Program& program, Outcomes* outcomes = nullptr) {
    auto made =
        checker::program_of<Interpreter>(static_cast<int>(program.threads.size()), std::cref(program), outcomes);
    made.self_contained = outcomes == nullptr;
    return made;
}

bool is_barrier(const Event& event) { return event.kind == EventKind::fence && event.is_queue; }

// The n-th event of a thread after `begin`, barriers left out.
std::string name(const Graph& graph, EventId id) {
    if (graph[id].kind == EventKind::init) return "i";
    unsigned number = 0;
    for (std::uint16_t index = 1; index != id.index; ++index)
        if (!is_barrier(graph[{id.thread, index}])) ++number;
    return std::to_string(id.thread - 1) + "." + std::to_string(number);
}

Canonical canonical(const Graph& graph, const Program& program) {
    Canonical text;
    for (std::uint16_t thread = 1; thread <= program.threads.size(); ++thread) {
        for (std::uint16_t index = 1; index != graph.size(thread); ++index) {
            const EventId id{thread, index};
            const Event& event = graph[id];
            if (is_barrier(event)) continue;
            const bool from_another = event.is_read() || event.kind == EventKind::woken;
            text += name(graph, id) + "<" + (from_another ? name(graph, event.reads_from) : "-");
            const bool fails_without_cause = event.kind == EventKind::read && event.chosen != 0;
            text += fails_without_cause ? "! " : " ";
        }
    }
    for (engine::exhaustive::LocationId location = 0; location != graph.locations(); ++location) {
        text += "|";
        const auto& order = graph.at(location).coherence;
        for (std::size_t at = 1; at != order.size(); ++at) text += name(graph, order[at]) + " ";
    }
    return text;
}

}  // namespace

std::uint64_t visit_executions(const engine::Program& program, const std::function<void(const Graph&)>& visit,
                               const std::function<void()>& restart, Stuck stuck, Turns turns) {
    using engine::FailureKind;
    const RunOf run(program, nullptr, nullptr, {.turns = turns == Turns::all}, 0);
    std::optional<Explorer> explorer(std::in_place, run->alike());
    for (std::optional<unsigned> first = 0; first;) {
        RunEnd end = run->run(*explorer, *first, false);
        if (end == RunEnd::complete && run->alike() != nullptr) end = run->run_renamed(explorer->graph(), false);
        if (end == RunEnd::restart) {
            explorer.emplace(run->alike());
            first = 0;
            restart();
            continue;
        }
        const auto& failure = run->execution().failure;
        const bool is_stuck =
            end == RunEnd::failed && (failure->kind == FailureKind::deadlock || failure->kind == FailureKind::livelock);
        if (end == RunEnd::complete) visit(explorer->graph());
        else if (end == RunEnd::failed && !(is_stuck && stuck == Stuck::is_left_out))
            throw std::runtime_error("an execution failed: " + failure->message);
        first = run->next(*explorer);
    }
    constexpr double rounding = 1e-9;
    if (std::abs(explorer->explored() - 1) > rounding)
        throw std::runtime_error("the shares of the graphs are not the whole");
    return run->not_run();
}

Outcomes outcomes_with(const Program& program, Turns turns) {
    Outcomes outcomes;
    visit_executions(
        interpreted(program, &outcomes), [](const Graph&) {}, [&outcomes] { outcomes.clear(); }, Stuck::is_left_out,
        turns);
    return outcomes;
}

std::map<Canonical, unsigned> explored_executions(const Program& program, std::uint64_t& not_run) {
    std::map<Canonical, unsigned> executions;
    not_run += visit_executions(
        interpreted(program), [&](const Graph& graph) { ++executions[canonical(graph, program)]; },
        [&] { executions.clear(); }, Stuck::is_left_out);
    return executions;
}

Represented represented_executions(const Program& program, const std::vector<int>& alike) {
    using engine::exhaustive::Alike;
    Represented found;
    engine::Program made = interpreted(program);
    made.alike = alike;
    const Alike groups(alike);
    engine::exhaustive::Renamed renamed;
    const auto visit = [&](const Graph& graph) {
        ++found.visited;
        found.stands_for += stands_for(graph);
        found.in_each_order = graph.alike() == nullptr;
        std::set<Canonical> all;
        for (std::uint64_t n = 0; n != (found.in_each_order ? 1 : groups.permutations()); ++n) {
            renamed.become(graph, groups.permutation(n));
            all.insert(canonical(renamed.graph(), program));
        }
        if (all.size() != stands_for(graph)) throw std::runtime_error("an execution stands for another number");
        for (const Canonical& execution : all) ++found.executions[execution];
    };
    found.not_run = visit_executions(
        made, visit, [&] { found = {}; }, Stuck::is_left_out);
    return found;
}

Reached outcomes_on(std::string_view name, const Program& program, std::chrono::duration<double> budget) {
    Reached reached;
    for (const engine::Engine* candidate : engine::engines())
        if (candidate->name() == name)
            reached.all = candidate->explore(interpreted(program, &reached.outcomes), {.budget = budget}).outcome ==
                          engine::Outcome::exhausted;
    return reached;
}

}  // namespace heddle::oracle
