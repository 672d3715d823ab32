// The Relacy engine: full, context-bound and random search through the executions of a program.
#include <algorithm>
#include <array>
#include <memory>
#include <mutex>
#include <ostream>
#include <streambuf>
#include <tuple>

#include <heddle/engine/engine.hpp>

#include "engines.hpp"
#include "execution/words.hpp"
#include "effects_in_time.hpp"
#include "host/watch.hpp"
#include "relacy_run.hpp"
#include "scheduler.hpp"

namespace heddle::engine::relacy {

namespace {

constexpr int most_threads = 6;  // each number is compiled on its own; full search ends long before

template <int threads>
struct Suite : rl::test_suite<Suite<threads>, threads> {
    static inline thread_local RelacyRun<threads>* run = nullptr;

    Suite() { run->begin_execution(); }
    ~Suite() { run->end_execution(); }
    void thread(unsigned fiber) { run->run_thread(static_cast<int>(fiber)); }
    void after() { run->after(); }
};

class NullBuffer : public std::streambuf {
  protected:
    int overflow(int character) override { return character; }
};

/// How one search ended.
struct Ending {
    rl::test_result_e result = rl::test_result_success;
    SearchControl control;
    std::optional<Failure> failure;
    std::vector<unsigned> choices;
    std::uint32_t check = 0;
    bool diverged = false;
};

unsigned preemptions_of(const Search& search) {
    return search.kind == Search::Kind::context_bound ? search.preemptions : SearchControl::unlimited;
}

template <int threads>
class Exploring {
  public:
    Exploring(const Program& program, const Limits& limits)
        : program_(program), limits_(limits), run_(program, limits.weakening, limits.log) {}

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
        if (ending.diverged) {
            found.outcome = Outcome::failed;
            found.kind = FailureKind::nondeterminism;
            found.message = "the program asked for other choices when the same execution ran again";
        } else if (ending.result != rl::test_result_success) {
            report_simplest(found, ending);
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
    /// How long to go on with more of them.
    static constexpr std::chrono::seconds deepening_time{10};

    Ending search_as_declared() {
        return search(
            limits_.search, [this] { return choices_for(limits_.search); }, limits_.budget, limits_.progress);
    }

    /// Searches with ever more preemptions, until there is nothing more to find or the time is up. Returns: how the last
    /// search ended that came to its end, or else the first one. Source: Musuvathi and Qadeer, PLDI 2007.
    Ending deepen(Exploration& found) {
        const auto start = SearchControl::Clock::now();
        Ending completed;
        for (unsigned preemptions = 0;; ++preemptions) {
            const std::chrono::duration<double> used = SearchControl::Clock::now() - start;
            const bool is_enough = preemptions > least_preemptions;
            const auto budget =
                is_enough ? std::min<std::chrono::duration<double>>(limits_.budget, deepening_time) : limits_.budget;
            Ending ending = search(
                context_bound(preemptions), [] { return std::make_unique<DepthFirst>(); }, budget - used,
                limits_.progress);
            const bool failed = ending.diverged || ending.result != rl::test_result_success;
            searched_ = context_bound(preemptions);
            if (failed || (ending.control.budget_spent && !is_enough)) return ending;
            if (ending.control.budget_spent) {
                found.cut.push_back(words::preempted_too_often(preemptions - 1));
                return completed;
            }
            if (!ending.control.limited) return ending;
            completed = std::move(ending);
        }
    }

    std::unique_ptr<Choices> choices_for(const Search& search) const {
        if (search.kind == Search::Kind::random) return std::make_unique<RandomChoices>(search.executions, search.seed);
        return std::make_unique<DepthFirst>();
    }

    using MakeChoices = std::function<std::unique_ptr<Choices>()>;

    Ending search(const Search& search, const MakeChoices& make_choices, std::chrono::duration<double> budget,
                  const std::function<void(const Progress&)>& progress) {
        using Context = rl::context_impl<Suite<threads>, Scheduler<threads>>;
        const typename RelacyRun<threads>::Activate active(run_);
        const ExceptionsOfThisFiber exceptions;
        Suite<threads>::run = &run_;
        NullBuffer nowhere;
        std::ostream silence(&nowhere);
        for (;;) {
            Ending ending;
            const auto choices = make_choices();
            run_.be_answered_by(*choices);
            rl::test_params params;
            params.search_type =
                search.kind == Search::Kind::random ? rl::random_scheduler_type : rl::fair_full_search_scheduler_type;
            params.execution_depth_limit = depth_limit;
            params.output_stream = &silence;
            params.progress_stream = &silence;
            typename Scheduler<threads>::shared_context_t shared;
            shared.control = &ending.control;
            ending.control.choices = choices.get();
            ending.control.preemptions = preemptions_of(search);
            ending.control.dynamic_threads = program_.spawned_threads;
            ending.control.give_up_at =
                SearchControl::Clock::now() + std::chrono::duration_cast<SearchControl::Clock::duration>(budget);
            ending.control.progress = progress;
            run_.reset();
            rl::ostringstream state;
            rl::istringstream no_state{rl::string()};
            for (bool goes_on = true; goes_on;) {
                ending.result = Context(params, shared).simulate(state, no_state, false);
                if (!run_.take_cut()) break;
                run_.abandon();
                ending.result = rl::test_result_success;
                goes_on = ending.control.next_execution();
            }
            if (run_.wants_restart()) continue;  // an object that is one per execution became known
            ending.failure = run_.execution().failure;
            ending.choices = choices->answers();
            ending.check = choices->check();
            ending.diverged = choices->diverged() || !choices->is_used_up();
            return ending;
        }
    }

    /// Runs one execution again, and keeps its steps.
    Ending replay(const Search& search, const std::vector<unsigned>& answers, std::uint32_t check) {
        run_.record(true);
        Ending ending =
            this->search(search, [&answers] { return std::make_unique<ReplayChoices>(answers); }, limits_.budget, {});
        run_.record(false);
        ending.diverged = ending.diverged || ending.check != check;
        return ending;
    }

    void report_replay(Exploration& found, const Replay& token) {
        const Search& search = token.search;
        Ending ending = replay(search, token.choices, token.check);
        if (!ending.diverged) return report_failure(found, ending, search);
        // It may have been found when something was known that changes all executions. And a program whose orders were
        // strengthened asks other questions: it is the same if it fails no more.
        const bool is_bounded = search.kind == Search::Kind::context_bound || search.kind == Search::Kind::full;
        const Ending all = this->search(is_bounded ? search : context_bound(least_preemptions),
                                        [] { return std::make_unique<DepthFirst>(); },
                                        std::min<std::chrono::duration<double>>(limits_.budget, deepening_time), {});
        ending = replay(search, token.choices, token.check);
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
                const Ending simpler = search(bounded, [] { return std::make_unique<DepthFirst>(); },
                                              simplification_budget(limits_.budget), {});
                if (simpler.result == rl::test_result_success || kind_of(simpler) != kind) continue;
                return report_again(found, replay(bounded, simpler.choices, simpler.check), bounded, kind);
            }
        }
        report_again(found, replay(searched_, ending.choices, ending.check), searched_, kind);
    }

    /// Reports what a search has found, now that its steps are kept: a failure of that kind, or the program has changed.
    void report_again(Exploration& found, Ending ending, const Search& search, FailureKind kind) {
        ending.diverged = ending.diverged || ending.result == rl::test_result_success || kind_of(ending) != kind;
        report_failure(found, ending, search);
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
            if (const auto loop = execution.endless_loop())
                std::tie(execution.failure->message, execution.failure->site) = *loop;
        execution.describe_failure(found, Replay{search, ending.choices, ending.check}, effects_of(execution));
    }

    const Program& program_;
    const Limits& limits_;
    Search searched_ = limits_.search;  ///< how the last execution was found
    RelacyRun<threads> run_;
};

class RelacyEngine final : public Engine {
  public:
    std::string_view name() const override { return "relacy"; }
    std::string search(const Limits& limits) const override { return to_string(limits.search); }
    std::string bounds(const Program& program, const Limits& limits) const override {
        const Search& search = limits.search;
        std::string text = "no load buffering or 2+2W, release sequences of C++11, " + objects_seen(program) +
                           (search.kind == Search::Kind::random ? "stale <= 2" : "stale <= 1");
        if (search.kind == Search::Kind::context_bound)
            text += ", preemptions <= " + std::to_string(search.preemptions);
        return text + ", spurious <= " + std::to_string(program.spurious_wakeups) +
               ", steps <= " + std::to_string(depth_limit) +
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
