// One program on the exhaustive engine: how its runs begin and end.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <heddle/engine/program.hpp>

#include "execution/effects.hpp"
#include "execution/freed_memory.hpp"
#include "exhaustive/search/explorer.hpp"
#include "host/reused.hpp"
#include "door.hpp"

namespace heddle::engine::exhaustive {

/// What is explored although it is equivalent to something else.
struct Equivalents {
    bool turns = false;         ///< of loops, that were in vain
    bool permutations = false;  ///< of threads that are alike
};

/// A hub: it begins and ends runs of the parts that stand behind the door.
class ExhaustiveRun final : public Door {
  public:
    /// The next runs are of this program, of which nothing is known yet. Requires: it lives until end() is called.
    /// `all`: what is explored although it is equivalent to something else. `learns_after` so many executions.
    void begin(const Program& program, const Weakening* weakening, OperationLog* log, Equivalents all,
               std::uint64_t learns_after);
    /// Forgets what the last run has left of the program.
    void end();

    /// Repeats the graph of `decider` and extends it until the program ends or fails. `first` goes on first.
    /// `record`: keep the steps and the course.
    RunEnd run(Decider& decider, unsigned first, bool record);

    /// What the explorer of the next runs is given: of which threads one order is explored; null: of none. Another one after a
    /// run that ended as restart.
    const Alike* alike() const { return alike_.explored(); }
    /// Runs a complete execution again, as it is with the numbers of alike threads exchanged, in some ways. Requires: alike(). `again`: as the
    /// last time, and keeps the steps and the course. Returns: how that has ended; failed, if it went otherwise.
    RunEnd run_renamed(const Graph& graph, bool again);
    Renamed& renamed() { return alike_.renamed(); }

    /// Says what the explorer has to know of a run that has ended, and asks it for the next one: the thread that must go
    /// on first; nothing if all is explored.
    std::optional<unsigned> next(Explorer& explorer);

    /// How many executions have needed no run since begin().
    std::uint64_t not_run() const { return learning_.extended(); }

    /// How many threads have left the last run because what follows exists elsewhere.
    std::size_t left_out() const { return left_out_; }

    /// The events of a recorded run, in the order in which they ran.
    const std::vector<EventId>& course() const { return recorder_.course(); }

    Execution& execution() { return execution_; }
    /// In which order the steps of a recorded run may have taken effect.
    Effects effects() const;

    bool has_taken_back() const { return loops_.has_taken_back(); }
    bool stop_taking_back() { return loops_.stop_taking_back(); }

    /// What was not explored of the program, in words.
    std::vector<std::string> cuts() const;
    /// As WaitingLoops.
    bool allow_more_yields() { return loops_.allow_more_yields(); }

  private:
    [[noreturn]] void thread_main(unsigned number) override;
    RunEnd repeat(Decider& decider, unsigned first, bool record);
    RunEnd try_what_was_left_out(Decider& decider, RunEnd end);
    RunEnd run_altered(Decider& decider);
    RunEnd put_turns_in(const Graph& graph, RunEnd end);
    void host(Adopter& adopter);
    std::optional<Failure> leak();
    void abandon();
    void first_thread_main();
    RunEnd end_of_stuck();

    std::unique_ptr<Instance> instance_;
    std::size_t left_out_ = 0;                               // of the last run, threads
    std::vector<std::pair<unsigned, LocationId>> awaiting_;  // at its end, for which mutexes
    FreedMemory freed_memory_;
};

/// A run for the explorations of one program, which must outlive it.
class RunOf {
  public:
    explicit RunOf(const Program& program, const Weakening* weakening = nullptr, OperationLog* log = nullptr,
                   Equivalents all = {}, std::uint64_t learns_after = Learning::usual_beginning) {
        run_->begin(program, weakening, log, all, learns_after);
    }
    RunOf(const RunOf&) = delete;
    RunOf& operator=(const RunOf&) = delete;
    ~RunOf() { run_->end(); }

    ExhaustiveRun* operator->() const { return &*run_; }

  private:
    Reused<ExhaustiveRun> run_;
};

}  // namespace heddle::engine::exhaustive
