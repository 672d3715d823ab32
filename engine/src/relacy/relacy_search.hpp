// One search through the executions of a program by Relacy, from its first choice to its end.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <ostream>
#include <streambuf>
#include <vector>

#include <heddle/engine/engine.hpp>

#include "relacy_run.hpp"
#include "scheduler.hpp"

namespace heddle::engine::relacy {

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

inline unsigned preemptions_of(const Search& search) {
    return search.kind == Search::Kind::context_bound ? search.preemptions : SearchControl::unlimited;
}

/// The searches of one exploration, one after the other; `threads` counts the spawned ones too.
template <int threads>
class Searching {
  public:
    using MakeChoices = std::function<std::unique_ptr<Choices>()>;
    enum class Until : std::uint8_t { failure, pass };

    Searching(const Program& program, const Limits& limits)
        : program_(program), limits_(limits), run_(program, limits.weakening, limits.log) {}

    RelacyRun<threads>& run() { return run_; }

    /// `make_choices`: anew whenever something became known that changes all executions. Ends at the first execution that
    /// fails or, if it is the first that passes which is looked for, there.
    Ending search(const Search& search, const MakeChoices& make_choices, std::chrono::duration<double> budget,
                  const std::function<void(const Progress&)>& progress, Until until = Until::failure) {
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
            ending.control.ends_with_a_pass = until == Until::pass;
            run_.reset();
            rl::ostringstream state;
            rl::istringstream no_state{rl::string()};
            for (bool goes_on = true; goes_on;) {
                ending.result = Context(params, shared).simulate(state, no_state, false);
                const bool is_cut = run_.take_cut();
                const bool goes_past = until == Until::pass && ending.result != rl::test_result_success;
                if (run_.wants_restart() || (!is_cut && !goes_past)) break;
                run_.abandon();
                if (!goes_past) ending.result = rl::test_result_success;
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

  private:
    const Program& program_;
    const Limits& limits_;
    RelacyRun<threads> run_;
};

}  // namespace heddle::engine::relacy
