// The Relacy engine: full, context-bound and random search through the executions of a program.
#include <algorithm>
#include <array>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <tuple>
#include <utility>

#include <heddle/engine/engine.hpp>

#include "engines.hpp"
#include "execution/description.hpp"
#include "execution/words.hpp"
#include "effects_in_time.hpp"
#include "host/watch.hpp"
#include "relacy_search.hpp"

namespace heddle::engine::relacy {

namespace {

constexpr int most_threads = 6;  // each number is compiled on its own; full search ends long before

/// If the end of a recorded execution is long, and a thread has only looked there without a yield, or has only yielded: what
/// is said of that, and where its loop is.
std::optional<std::pair<std::string, Site>> endless_loop(const Execution& execution) {
    constexpr std::size_t long_enough = 200;
    if (execution.steps().size() < long_enough) return std::nullopt;
    const auto are_all = [&](const auto& is_one) {
        return std::all_of(execution.steps().end() - long_enough, execution.steps().end(),
                           [&](const Step& step) { return is_one(step.operation.kind); });
    };
    const Site last = execution.steps().back().operation.site;
    if (are_all([](OperationKind kind) { return kind == OperationKind::yield; }))
        return std::pair(words::yields_for_ever(last), last);
    const auto looks = [](OperationKind kind) {
        return kind == OperationKind::load || kind == OperationKind::read || kind == OperationKind::try_lock ||
               is_read_modify_write(kind);
    };
    return are_all(looks) ? std::optional(std::pair(words::waits_without_yield(last, false), last)) : std::nullopt;
}

template <int threads>
class Exploring {
  public:
    Exploring(const Program& program, const Limits& limits)
        : program_(program), limits_(limits), searching_(program, limits) {}

    Exploration explore() {
        Watch::begin();
        Exploration found;
        if (limits_.search.kind == Search::Kind::random) {
            found.declared_sampled = true;
            found.seed = limits_.search.seed;
        }
        if (limits_.replay) {
            report_replay(found, *limits_.replay);
            return found;
        }
        const Ending ending = limits_.search.kind == Search::Kind::deepening ? deepen(found) : search_as_declared();
        found.executions = ending.control.executions;
        found.longest_execution = run_.longest_execution();
        found.cut.insert(found.cut.end(), run_.cuts().begin(), run_.cuts().end());
        if (!ThreadVariables::are_known()) found.cut.emplace_back(words::thread_variables_of_all);
        if (ending.diverged) {
            found.outcome = Outcome::failed;
            found.kind = FailureKind::nondeterminism;
            found.message = "the program asked for other choices when the same execution ran again";
        } else if (ending.result != rl::test_result_success) {
            report_simplest(found, ending);
            if (limits_.asks_passing) look_for_passing(found);
        } else if (ending.control.budget_spent) {
            found.outcome = Outcome::budget_spent;
        } else {
            const bool random = limits_.search.kind == Search::Kind::random;
            found.outcome = random ? Outcome::sampled : Outcome::exhausted;
        }
        refuse_if_nothing_was_checked(found, program_, run_.execution());
        return found;
    }

  private:
    /// Most bugs need no more preemptions: to have explored these is a green with a bound.
    static constexpr unsigned least_preemptions = 2;
    using Seconds = std::chrono::duration<double>;
    /// How long to go on with more of them.
    static constexpr std::chrono::seconds deepening_time{10};

    /// How long searches with ever more preemptions take.
    struct Growth {
        Seconds before{};
        Seconds latest{};

        void note(Seconds took) { before = std::exchange(latest, took); }
        /// How long the next one will, if it grows as the latest did.
        Seconds next() const { return before.count() > 0 ? latest * std::max(1.0, latest / before) : latest; }
    };

    Ending search_as_declared() {
        return searching_.search(
            limits_.search, [this] { return choices_for(limits_.search); }, limits_.budget, limits_.progress);
    }

    /// Searches with ever more preemptions, until there is nothing more to find or the time is up; a search that is not
    /// expected to come to its end is not begun. Returns: how the last search ended that came to its end, or else the first
    /// one. Source: Musuvathi and Qadeer, PLDI 2007.
    Ending deepen(Exploration& found) {
        const auto start = SearchControl::Clock::now();
        Ending completed;
        Growth growth;
        Seconds used{};
        unsigned preemptions = 0;
        for (;; ++preemptions) {
            const bool is_enough = preemptions > least_preemptions;
            const auto budget = is_enough ? std::min<Seconds>(limits_.budget, deepening_time) : limits_.budget;
            if (is_enough && used + growth.next() > budget) break;
            Ending ending = searching_.search(
                context_bound(preemptions), [] { return std::make_unique<DepthFirst>(); }, budget - used,
                limits_.progress);
            const bool failed = ending.diverged || ending.result != rl::test_result_success;
            searched_ = context_bound(preemptions);
            if (failed || (ending.control.budget_spent && !is_enough)) return ending;
            if (ending.control.budget_spent) break;
            if (!ending.control.limited) return ending;
            completed = std::move(ending);
            const Seconds before = std::exchange(used, SearchControl::Clock::now() - start);
            growth.note(used - before);
        }
        found.cut.push_back(words::preempted_too_often(preemptions - 1));
        return completed;
    }

    std::unique_ptr<Choices> choices_for(const Search& search) const {
        if (search.kind == Search::Kind::random) return std::make_unique<RandomChoices>(search.executions, search.seed);
        return std::make_unique<DepthFirst>();
    }

    void report_replay(Exploration& found, const Replay& token) {
        const Search& search = token.search;
        Ending ending = searching_.replay(search, token.choices, token.check);
        if (!ending.diverged) return report_failure(found, ending, search);
        // It may have been found when something was known that changes all executions. And a program whose orders were
        // strengthened asks other questions: it is the same if it fails no more.
        const bool is_bounded = search.kind == Search::Kind::context_bound || search.kind == Search::Kind::full;
        const Ending all = searching_.search(is_bounded ? search : context_bound(least_preemptions),
                                             [] { return std::make_unique<DepthFirst>(); },
                                             std::min<Seconds>(limits_.budget, deepening_time), {});
        ending = searching_.replay(search, token.choices, token.check);
        if (!ending.diverged) return report_failure(found, ending, search);
        const bool holds = all.result == rl::test_result_success && !all.control.budget_spent && !all.diverged;
        found.executions = all.control.executions;
        if (holds) describe_end_of_failure(found);
        else describe_other_program(found);
    }

    /// Looks for a counterexample of the same kind with as few preemptions as possible, and reports that one.
    void report_simplest(Exploration& found, const Ending& ending) {
        const FailureKind kind = kind_of(ending);
        if (limits_.search.kind == Search::Kind::full || limits_.search.kind == Search::Kind::context_bound) {
            for (unsigned preemptions = 0; preemptions < std::min(3U, preemptions_of(limits_.search)); ++preemptions) {
                const Search bounded = context_bound(preemptions);
                const Ending simpler = searching_.search(bounded, [] { return std::make_unique<DepthFirst>(); },
                                                         simplification_budget(limits_.budget), {});
                if (simpler.result == rl::test_result_success || kind_of(simpler) != kind) continue;
                return report_again(found, searching_.replay(bounded, simpler.choices, simpler.check), bounded, kind);
            }
        }
        report_again(found, searching_.replay(searched_, ending.choices, ending.check), searched_, kind);
    }

    /// Reports what a search has found, now that its steps are kept: a failure of that kind, or the program has changed.
    void report_again(Exploration& found, Ending ending, const Search& search, FailureKind kind) {
        ending.diverged = ending.diverged || ending.result == rl::test_result_success || kind_of(ending) != kind;
        report_failure(found, ending, search);
    }

    /// Of the executions that are most like the failing one the first that passes.
    void look_for_passing(Exploration& found) {
        if (!found.replay || found.kind == FailureKind::crash || found.kind == FailureKind::nondeterminism) return;
        const Search& search = found.replay->search;
        const Ending passing = searching_.search(
            search, [&] { return std::make_unique<Neighbours>(found.replay->choices); },
            simplification_budget(limits_.budget), {}, Searching<threads>::Until::pass);
        if (passing.diverged || passing.result != rl::test_result_success) return;
        const Ending again = searching_.replay(search, passing.choices, passing.check);
        if (again.diverged || again.result != rl::test_result_success) return;
        found.passing = counterexample_of(run_.execution(), effects_of(run_.execution()));
    }

    static FailureKind kind_of(const Ending& ending) {
        return ending.failure ? ending.failure->kind : relacy::kind_of(ending.result);
    }

    void report_failure(Exploration& found, const Ending& ending, const Search& search) {
        found.executions = std::max<std::uint64_t>(found.executions, 1);
        if (ending.diverged) {
            describe_divergence(found);
            return;
        }
        if (ending.result == rl::test_result_success) {
            describe_end_of_failure(found);
            return;
        }
        const FailureKind kind = kind_of(ending);
        Execution& execution = run_.execution();
        if (!execution.failure) execution.failure = Failure{.kind = kind, .message = message_for(kind)};
        if (kind == FailureKind::livelock)
            if (const auto loop = endless_loop(execution))
                std::tie(execution.failure->message, execution.failure->site) = *loop;
        describe_failure(found, execution, Replay{search, ending.choices, ending.check}, effects_of(execution));
    }

    const Program& program_;
    const Limits& limits_;
    Search searched_ = limits_.search;  ///< how the last execution was found
    Searching<threads> searching_;
    RelacyRun<threads>& run_ = searching_.run();
};

class RelacyEngine final : public Engine {
  public:
    std::string_view name() const override { return "relacy"; }
    std::string search(const Limits& limits) const override { return to_string(limits.search); }
    std::string bounds(const Program& program, const Limits& limits) const override {
        const Search& search = limits.search;
        std::string text = "no load buffering or 2+2W, release sequences of C++11, " + objects_seen(program) +
                           (search.kind == Search::Kind::random ? "stale <= 2" : "stale <= 1") +
                           ", none where a compare-exchange fails";
        if (search.kind == Search::Kind::context_bound)
            text += ", preemptions <= " + std::to_string(search.preemptions);
        return text + ", " + without_cause(program) + ", steps <= " + std::to_string(depth_limit) +
               (program.hands_memory_on ? ", freed memory handed on" : ", freed memory not used again");
    }

    Exploration explore(const Program& program, const Limits& limits) const override {
        static std::mutex one_at_a_time;  // Relacy keeps its context in a global
        const std::lock_guard guard(one_at_a_time);
        if (auto refused = refuse_threads(program, "Relacy as it is built here", most_threads)) return *refused;
        return with_threads<1>(program, limits, program.threads + program.spawned_threads);
    }

  private:
    template <int candidate>
    static Exploration with_threads(const Program& program, const Limits& limits, int threads) {
        if constexpr (candidate < most_threads) {
            if (threads != candidate) return with_threads<candidate + 1>(program, limits, threads);
        }
        return Exploring<candidate>(program, limits).explore();
    }
};

}  // namespace
}  // namespace heddle::engine::relacy

namespace heddle::engine {

const Engine& relacy_engine() {
    static const relacy::RelacyEngine engine;
    return engine;
}

}  // namespace heddle::engine
