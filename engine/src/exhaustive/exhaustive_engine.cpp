// The exhaustive engine: every execution that the C++ memory model allows, each visited once.
#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <fmt/compile.h>
#include <fmt/format.h>

#include <heddle/engine/engine.hpp>

#include "execution/checksum.hpp"
#include "engines.hpp"
#include "host/exceptions.hpp"
#include "exhaustive/program/run.hpp"
#include "exhaustive/search/script.hpp"

namespace heddle::checker {

namespace exhaustive {
namespace {

constexpr std::uint64_t clock_period = 256;  // executions between looks at the clock: well below a millisecond

class Exploration {
  public:
    Exploration(const Model& model, const ExploreOptions& options) : model_(model), options_(options), run_(model) {}

    Verdict explore() {
        using Clock = std::chrono::steady_clock;
        const auto give_up_at = Clock::now() + std::chrono::duration_cast<Clock::duration>(options_.budget);
        const ExceptionsOfThisFiber exceptions;
        if (options_.replay) return replay(*options_.replay);
        Verdict verdict;
        std::optional<Explorer> explorer(std::in_place);
        std::uint64_t runs = 0;
        for (std::optional<unsigned> first = 0; first;) {
            const RunEnd end = run_->run(*explorer, *first, false);
            if (end == RunEnd::restart) {
                explorer.emplace();
                verdict = {};
                runs = 0;
                first = 0;
                continue;
            }
            ++runs;
            verdict.longest_execution = std::max<std::uint64_t>(verdict.longest_execution, explorer->graph().size());
            verdict.executions += end == RunEnd::complete || end == RunEnd::failed ? 1U : 0U;
            verdict.blocked += end == RunEnd::blocked ? 1U : 0U;
            if (end == RunEnd::failed) {
                report(verdict, *explorer);
                return verdict;
            }
            first = run_->next(*explorer);
            if (runs % clock_period != 0) continue;
            if (options_.progress) options_.progress({verdict.executions, explorer->explored()});
            if (first && Clock::now() >= give_up_at) {
                verdict.outcome = Outcome::budget_spent;
                verdict.message = still_to_come(verdict.executions, explorer->explored());
                return verdict;
            }
        }
        verdict.outcome = Outcome::exhausted;
        return verdict;
    }

  private:
    static std::string still_to_come(std::uint64_t executions, double explored) {
        return fmt::format(
            "the search did not end within its budget; as it looks, {:.2g} % is explored, of about {:.2g} executions",
            100 * explored, static_cast<double>(executions) / explored);
    }

    static Verdict not_the_same(Verdict verdict) {
        verdict.outcome = Outcome::failed;
        verdict.kind = FailureKind::nondeterminism;
        verdict.message =
            "the execution took another course when it was run again: the program is not the one "
            "that failed, or it depends on more than its choices";
        return verdict;
    }

    // Over what the graph consists of, so that a replay of a changed program is noticed.
    static std::uint32_t check_of(const Graph& graph, const std::vector<EventId>& course) {
        Checksum check;
        for (const EventId id : course) {
            const Event& event = graph[id];
            for (const std::uint32_t part :
                 {std::uint32_t{id.thread}, static_cast<std::uint32_t>(event.kind),
                  std::uint32_t{event.reads_from.thread}, std::uint32_t{event.reads_from.index},
                  static_cast<std::uint32_t>(event.value)})
                check.add(part);
        }
        return check.value();
    }

    /// Runs the failing graph once more and keeps its steps.
    void report(Verdict& verdict, Explorer& explorer) {
        const FailureKind kind = run_->execution().failure->kind;
        if (run_->run(explorer, 0, true) != RunEnd::failed || run_->execution().failure->kind != kind) {
            verdict = not_the_same(verdict);
            return;
        }
        const ReplayToken token{"exhaustive", model_.name, full_search(), Script::of(explorer.graph(), run_->course()),
                                check_of(explorer.graph(), run_->course())};
        describe_failure(verdict, token);
    }

    Verdict replay(const ReplayToken& token) {
        Verdict verdict{.executions = 1};
        RunEnd end{};
        do {
            Script script(token.choices);
            end = run_->run(script, 0, true);
            if (end == RunEnd::failed && script.ended() && token.check == check_of(script.graph(), run_->course())) {
                verdict.longest_execution = script.graph().size();
                describe_failure(verdict, token);
                return verdict;
            }
        } while (end == RunEnd::restart || learns_something());
        return not_the_same(verdict);
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

    /// Says of the run that has just failed what and how.
    void describe_failure(Verdict& verdict, const ReplayToken& token) {
        const Failure& failure = *run_->execution().failure;
        verdict.outcome = outcome_of(failure.kind);
        verdict.kind = failure.kind;
        verdict.message = failure.message;
        verdict.counterexample = describe(run_->execution(), failure);
        verdict.replay = token.to_string();
    }

    const Model& model_;
    const ExploreOptions& options_;
    RunOf run_;
};

class ExhaustiveEngine final : public Engine {
  public:
    std::string_view name() const override { return "exhaustive"; }
    std::string declines(const Model& model) const override { return model.not_exhausted; }

    std::string search(const Model& /*model*/) const override { return "every graph"; }
    std::string bounds(const Model& model) const override {
        return fmt::format(
            FMT_COMPILE("no load buffering, yields <= {} in loops that write, spurious <= {}, events <= {} a thread{}"),
            most_yields_of_a_thread, model.spurious_wakeups, most_events_of_a_thread,
            model.by_specification ? ", Lock by its specification" : "");
    }

    Verdict explore(const Model& model, const ExploreOptions& options) const override {
        if (auto refused = refuse_threads(model, "the exhaustive engine", most_threads)) return *refused;
        return Exploration(model, options).explore();
    }
};

}  // namespace
}  // namespace exhaustive

const Engine& exhaustive_engine() {
    static const exhaustive::ExhaustiveEngine engine;
    return engine;
}

}  // namespace heddle::checker
