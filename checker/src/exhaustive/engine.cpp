// The exhaustive engine: every execution that the C++ memory model allows, each visited once.
#include <algorithm>
#include <string>

#include <fmt/format.h>

#include <heddle/checker/engine.hpp>

#include "../engines.hpp"
#include "../exceptions.hpp"
#include "run.hpp"

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
        Verdict verdict;
        auto explorer = std::make_unique<Explorer>();
        std::uint64_t runs = 0;
        std::optional<unsigned> first = 0;
        while (first) {
            const RunEnd end = run_.run(*explorer, *first, false);
            verdict.longest_execution = std::max(verdict.longest_execution, execution_size(*explorer));
            if (end == RunEnd::restart) {
                explorer = std::make_unique<Explorer>();
                first = 0;
                continue;
            }
            if (end == RunEnd::failed) {
                ++verdict.executions;
                report(verdict, *explorer);
                return verdict;
            }
            verdict.executions += end == RunEnd::complete ? 1U : 0U;
            verdict.blocked += end == RunEnd::blocked ? 1U : 0U;
            first = explorer->next();
            if (++runs % clock_period != 0) continue;
            if (options_.progress) options_.progress(verdict.executions);
            if (first && Clock::now() >= give_up_at) {
                verdict.outcome = Outcome::budget_spent;
                verdict.message = "the search did not end within its budget";
                return verdict;
            }
        }
        verdict.outcome = Outcome::exhausted;
        return verdict;
    }

  private:
    static std::uint64_t execution_size(Explorer& explorer) { return explorer.graph().size(); }

    /// Runs the failing graph once more and keeps its steps.
    void report(Verdict& verdict, Explorer& explorer) {
        const FailureKind kind = run_.execution().failure->kind;
        const RunEnd again = run_.run(explorer, 0, true);
        const auto& failure = run_.execution().failure;
        verdict.outcome = Outcome::failed;
        if (again != RunEnd::failed || failure->kind != kind) {
            verdict.kind = FailureKind::nondeterminism;
            verdict.message = "the failing execution took another course when it was run again";
            return;
        }
        verdict.kind = kind;
        if (kind == FailureKind::misuse) verdict.outcome = Outcome::misuse;
        verdict.message = failure->message;
        verdict.counterexample = describe(run_.execution(), *failure);
    }

    const Model& model_;
    const ExploreOptions& options_;
    ExhaustiveRun run_;
};

class ExhaustiveEngine final : public Engine {
  public:
    std::string_view name() const override { return "exhaustive"; }
    bool runs(const Model& /*model*/) const override { return true; }

    std::string bounds(const Model& model) const override {
        return fmt::format("no load buffering, yields <= {}, spurious <= {}, events <= {} a thread",
                           most_yields_of_a_thread, model.spurious_wakeups, most_events_of_a_thread);
    }

    Verdict explore(const Model& model, const ExploreOptions& options) const override {
        Verdict verdict;
        const int threads = model.threads + model.dynamic_threads;
        if (model.threads < 1 || std::cmp_greater(threads + 1, most_threads)) {
            verdict.outcome = Outcome::misuse;
            verdict.kind = FailureKind::misuse;
            verdict.message = fmt::format("the model has {} threads; the exhaustive engine takes 1 to {}", threads,
                                          most_threads - 1);
            return verdict;
        }
        if (options.replay) {
            verdict.message = "the exhaustive engine has no replay yet";
            return verdict;
        }
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
