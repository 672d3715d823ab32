// The exhaustive engine: every execution that the C++ memory model allows, each visited once.
#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <heddle/engine/engine.hpp>

#include "execution/checksum.hpp"
#include "execution/description.hpp"
#include "engines.hpp"
#include "host/exceptions.hpp"
#include "host/processor_clock.hpp"
#include "host/watch.hpp"
#include "exhaustive/graph/interleaving.hpp"
#include "exhaustive/program/exhaustive_run.hpp"
#include "exhaustive/search/script.hpp"

namespace heddle::engine {

namespace exhaustive {
namespace {

// Executions before the first reading of the clock, a system call as long as a few executions, and between two others:
// well below a millisecond.
constexpr std::uint64_t unclocked = 16;
constexpr std::uint64_t clock_period = 256;

// Where so few executions show what ordinary C++ does in its first yields, it may yield more often, if that takes no more runs.
constexpr std::uint64_t few_executions = 1000;
constexpr std::uint64_t most_runs_deeper = 16'384;

class Exploring {
  public:
    Exploring(const Program& program, const Limits& limits)
        : program_(program),
          limits_(limits),
          run_(program, limits.weakening, limits.log,
               {.turns = limits.replay.has_value() || limits.asks_robustness,
                .permutations = limits.every_permutation}) {}

    Exploration explore() {
        Watch::begin();
        using Clock = ProcessorClock;
        auto give_up_at = Clock::time_point::max();
        const ExceptionsOfThisFiber exceptions;
        if (limits_.replay) return replay(*limits_.replay);
        Exploration found;
        std::optional<Explorer> explorer(std::in_place, run_->alike());
        std::uint64_t runs = 0;
        for (std::optional<unsigned> first = 0; first;) {
            RunEnd end = run_->run(*explorer, *first, false);
            if (end != RunEnd::restart) count(found, end, *explorer);
            const bool renames = end == RunEnd::complete && run_->alike() != nullptr;
            if (renames) end = run_->run_renamed(explorer->graph(), false);
            const bool asks = limits_.asks_robustness && end == RunEnd::complete;
            const bool repeats = (end != RunEnd::failed || report(found, *explorer, renames)) &&
                                 (!asks || look_for_weakness(found, *explorer));
            if (end == RunEnd::restart || (!repeats && run_->stop_taking_back())) {
                explorer.emplace(run_->alike());
                found = {};
                not_run_before_ = run_->not_run();
                runs = 0;
                first = 0;
                continue;
            }
            // What cannot be told after more yields, can be after fewer: the row says what was cut off.
            if (shallower_ && (!repeats || found.kind == FailureKind::nondeterminism)) return *shallower_;
            if (!repeats) describe_divergence(found);
            else if (end == RunEnd::failed && limits_.asks_passing) look_for_passing(found, *explorer);
            if (!repeats || end == RunEnd::failed) return found;
            ++runs;
            first = run_->next(*explorer);
            if (!first && goes_deeper(found)) {
                explorer.emplace(run_->alike());
                runs = 0;
                first = 0;
            }
            if (shallower_ && runs == most_runs_deeper) return *shallower_;
            if (runs == unclocked && give_up_at == Clock::time_point::max())  // not again where it begins anew
                give_up_at = Clock::now() + std::chrono::duration_cast<Clock::duration>(limits_.budget);
            if (runs % clock_period != 0) continue;
            if (limits_.progress) limits_.progress({found.executions, explorer->explored()});
            if (first && Clock::now() >= give_up_at) {
                if (shallower_) return *shallower_;
                found.outcome = Outcome::budget_spent;
                found.explored = explorer->explored();
                return found;
            }
        }
        return exhausted(std::move(found));
    }

  private:
    Exploration exhausted(Exploration found) {
        found.outcome = Outcome::exhausted;
        found.cut = run_->cuts();
        refuse_if_nothing_was_checked(found, program_, run_->execution());
        if (limits_.asks_robustness) found.robust = !found.weak_execution;
        return found;
    }

    /// All was explored but what was cut off after some yields: with more of them, what comes round may turn out to wait, and
    /// what follows is seen. Not where that is much. Returns: whether the search begins anew.
    bool goes_deeper(Exploration& found) {
        if (found.executions > (program_.adopter != nullptr ? few_executions : 0)) return false;
        Exploration so_far = exhausted(found);
        if (!run_->allow_more_yields()) return false;
        if (found.executions == 0) return true;  // each of them was cut
        shallower_ = std::move(so_far);
        found = {};
        not_run_before_ = run_->not_run();
        return true;
    }

    void count(Exploration& found, RunEnd end, Explorer& explorer) {
        found.turns_in_vain += run_->left_out();
        found.runs_replaced = run_->not_run() - not_run_before_;
        found.longest_execution = std::max<std::uint64_t>(found.longest_execution, explorer.graph().size());
        found.executions += end == RunEnd::complete || end == RunEnd::failed ? 1U : 0U;
        if (end == RunEnd::complete) found.stands_for += stands_for(explorer.graph());
        if (run_->alike() != nullptr) found.permutations = run_->alike()->permutations();
        found.blocked += end == RunEnd::blocked ? 1U : 0U;
    }

    /// Keeps the first execution that is no interleaving, with its steps. Returns: false if it went otherwise when it ran again.
    bool look_for_weakness(Exploration& found, Explorer& explorer) {
        if (found.weak_execution || has_interleaving(explorer.graph())) return true;
        if (run_->run(explorer, 0, true) != RunEnd::complete) return false;
        found.weak_execution = counterexample_of(run_->execution(), run_->effects());
        return true;
    }

    /// Goes on where the failure was found. What comes next differs from it in the last of what could be otherwise: the first
    /// execution that passes has the longest beginning in common with it, of those that are still to come.
    void look_for_passing(Exploration& found, Explorer& explorer) {
        constexpr unsigned most_runs = 1000;  // what so many neighbours share is no matter of chance
        const auto stop_at = ProcessorClock::now() + std::chrono::seconds(1);  // most take milliseconds
        if (found.kind == FailureKind::crash || found.kind == FailureKind::nondeterminism) return;
        std::optional<unsigned> first = run_->next(explorer);
        for (unsigned runs = 0; first && runs != most_runs && ProcessorClock::now() < stop_at; ++runs) {
            const RunEnd end = run_->run(explorer, *first, false);
            if (end == RunEnd::restart) return;
            if (end == RunEnd::complete) {
                if (run_->run(explorer, 0, true) == RunEnd::complete)
                    found.passing = counterexample_of(run_->execution(), run_->effects());
                return;
            }
            first = run_->next(explorer);
        }
    }

    static constexpr unsigned order_bits = 16;

    static std::uint32_t folded(const Checksum& sum) { return (sum.value() ^ (sum.value() >> order_bits)) & 0xffffU; }

    /// Over the shape of the graph, so that a token of another program is noticed, and, in the lower bits, over its memory
    /// orders. Addresses of what does not lie in an arena differ in each process: values as large are left out.
    static std::uint32_t check_of(const Graph& graph, const std::vector<EventId>& course) {
        constexpr std::uint64_t least_address = std::uint64_t{1} << 32;
        Checksum shape;
        Checksum orders;
        for (const EventId id : course) {
            const Event& event = graph[id];
            for (const std::uint32_t part :
                 {std::uint32_t{id.thread}, static_cast<std::uint32_t>(event.kind),
                  std::uint32_t{event.reads_from.thread}, std::uint32_t{event.reads_from.index}})
                shape.add(part);
            if (event.value < least_address) shape.add(static_cast<std::uint32_t>(event.value));
            orders.add(static_cast<std::uint32_t>(static_cast<std::memory_order>(event.order)));
        }
        return folded(shape) << order_bits | folded(orders);
    }

    /// Runs the failing graph once more and keeps its steps. `is_renamed`: the one that was made of it. Returns: false if it
    /// went otherwise, or had before.
    bool report(Exploration& found, Explorer& explorer, bool is_renamed) {
        const FailureKind kind = run_->execution().failure->kind;
        if (kind == FailureKind::nondeterminism && run_->has_taken_back()) return false;
        const Graph& graph = is_renamed ? run_->renamed().graph() : explorer.graph();
        const RunEnd end = is_renamed ? run_->run_renamed(explorer.graph(), true) : run_->run(explorer, 0, true);
        if (end != RunEnd::failed || run_->execution().failure->kind != kind) return false;
        describe_failure(found, run_->execution(),
                         {.choices = Script::of(graph, run_->course()), .check = check_of(graph, run_->course())},
                         run_->effects());
        if (is_renamed && kind == FailureKind::misuse) found.replay.reset();  // no single execution shows it
        return true;
    }

    Exploration replay(const Replay& token) {
        Exploration found{.executions = 1};
        RunEnd end{};
        do {
            Script script(token.choices);
            end = run_->run(script, 0, true);
            const bool is_of_this_program =
                script.ended() && end != RunEnd::restart &&
                check_of(script.graph(), run_->course()) >> order_bits == token.check >> order_bits;
            if (!is_of_this_program) continue;
            found.longest_execution = script.graph().size();
            if (end == RunEnd::failed && !script.is_forbidden())
                describe_failure(found, run_->execution(), token, run_->effects());
            else describe_end_of_failure(found);
            return found;
        } while (end == RunEnd::restart || learns_something() || run_->allow_more_yields());
        describe_other_program(found);
        return found;
    }

    /// Explores a little. Returns: whether something became known that changes all executions, as it may have been when
    /// the failure was found.
    bool learns_something() {
        constexpr unsigned most_runs = 1000;
        Explorer explorer;
        std::optional<unsigned> first = 0;
        for (unsigned runs = 0; first && runs != most_runs; ++runs) {
            if (run_->run(explorer, *first, false) == RunEnd::restart) return true;
            first = run_->next(explorer);
        }
        return false;
    }

    const Program& program_;
    const Limits& limits_;
    RunOf run_;
    std::uint64_t not_run_before_ = 0;      ///< before the exploration began anew
    std::optional<Exploration> shallower_;  ///< what was found with fewer yields
};

class ExhaustiveEngine final : public Engine {
  public:
    std::string_view name() const override { return "exhaustive"; }
    std::string search(const Limits& /*limits*/) const override { return "every graph"; }
    std::string bounds(const Program& program, const Limits& /*limits*/) const override {
        return "no load buffering, futexes wake in order, " + objects_seen(program) +
               "yields <= " + std::to_string(most_yields_of_a_thread) + " in loops that write, " +
               without_cause(program) + ", events <= " + std::to_string(most_events_of_a_thread) + " a thread" +
               (program.hands_memory_on ? ", freed memory handed on" : ", freed memory to its own thread");
    }

    Exploration explore(const Program& program, const Limits& limits) const override {
        if (auto refused = refuse_threads(program, "the exhaustive engine", most_threads)) return *refused;
        return Exploring(program, limits).explore();
    }
};

}  // namespace
}  // namespace exhaustive

const Engine& exhaustive_engine() {
    static const exhaustive::ExhaustiveEngine engine;
    return engine;
}

}  // namespace heddle::engine
