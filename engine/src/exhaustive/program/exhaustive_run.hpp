// One program on the exhaustive engine: the door through which it comes in, and the parts that a run consists of.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <heddle/engine/program.hpp>
#include <heddle/engine/run.hpp>

#include "execution/execution.hpp"
#include "execution/freed_memory.hpp"
#include "exhaustive/search/explorer.hpp"
#include "host/reused.hpp"
#include "alike_threads.hpp"
#include "blocking.hpp"
#include "learning.hpp"
#include "memory_witness.hpp"
#include "operations.hpp"
#include "races.hpp"
#include "recorder.hpp"
#include "retries.hpp"
#include "schedule.hpp"
#include "trace.hpp"
#include "waiting_loops.hpp"

namespace heddle::engine::exhaustive {

/// What is explored although it is equivalent to something else.
struct Equivalents {
    bool turns = false;         ///< of loops, that were in vain
    bool permutations = false;  ///< of threads that are alike
};

/// A hub: it begins and ends runs, and sends what the program asks for to the part that answers. The parts stand in the
/// order in which they know each other; none knows one below itself in this list, and none knows the hub.
///
/// What comes through the door arrives on a fiber of the program, whose allocations are the program's until the hub says
/// otherwise.
class ExhaustiveRun final : public Run, private MemoryTracker::Reuse {
  public:
    ExhaustiveRun() = default;
    ExhaustiveRun(const ExhaustiveRun&) = delete;
    ExhaustiveRun& operator=(const ExhaustiveRun&) = delete;

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

    Object* construct(ObjectKind kind, std::uint8_t size, const char* name, Show show,
                      std::optional<std::uint64_t> initial, Site site) override;
    std::uint64_t spawn(std::function<void()> body, Site site) override;
    [[noreturn, gnu::cold]] void fail(FailureKind kind, std::string_view message, Site site) override;
    [[noreturn, gnu::cold]] void cut(std::string_view what) override;
    [[gnu::cold]] void leave_out(std::string_view what) override;
    std::uint64_t thread_index() override { return trace_.running_index(); }
    std::chrono::nanoseconds now() override {
        learning_.spoil();
        loops_.reads_the_clock();
        return blocking_.now();
    }
    void*& thread_slot() override { return thread_slots_[trace_.running()]; }
    [[noreturn, gnu::cold]] void restart() override;

  private:
    OperationResult step(const Operation& operation) override;
    std::span<const std::uint64_t> seen() override;
    unsigned choose_memory(std::size_t candidates) override;

    Step* begin_step(const Operation& op);
    Step* begins_here(Step* step) const;
    RunEnd repeat(Decider& decider, unsigned first, bool record);
    RunEnd run_altered(Decider& decider);
    void host(Adopter& adopter);
    std::optional<Failure> leak();
    void abandon();
    [[gnu::noinline]] OperationResult take_step(const Operation& op);
    [[gnu::noinline]] OperationResult step_watched(const Operation& op);
    [[gnu::noinline]] OperationResult step_and_learn(const Operation& op);
    [[gnu::noinline]] OperationResult step_and_ask(const Operation& op);
    [[noreturn, gnu::noinline, gnu::cold]] void arrive_in_adopted(const Operation& op);
    [[gnu::noinline]] bool comes_to(const Operation& op);
    LocationId location_of(const Operation& op) const {
        return op.object == nullptr ? no_location : operations_.location(*op.object);
    }
    [[gnu::noinline]] OperationResult step_without_object(const Operation& op);
    [[gnu::noinline, gnu::cold]] OperationResult refuse(const Operation& op);
    void begin_thread(unsigned thread, EventId spawned_by, std::function<void()> body = {});
    [[noreturn]] void thread_main(unsigned number);
    void first_thread_main();
    RunEnd end_of_stuck();

    const Program* program_ = nullptr;
    std::unique_ptr<Instance> instance_;
    unsigned spawned_ = 0;
    std::size_t left_out_ = 0;                               // of the last run, threads
    std::vector<std::pair<unsigned, LocationId>> awaiting_;  // at its end, for which mutexes
    std::vector<std::string> cuts_;                          // that the front end has asked for
    std::array<void*, most_threads + 1> thread_slots_{};     // the front end's

    Execution execution_{places::exhaustive_memory, this};
    FreedMemory freed_memory_;
    Trace trace_;
    Schedule schedule_{trace_, execution_, [this](unsigned number) { thread_main(number); }};
    AlikeThreads alike_;
    Recorder recorder_{trace_, schedule_, alike_};
    Blocking blocking_{trace_, schedule_, recorder_};
    WaitingLoops loops_{trace_, execution_, schedule_, recorder_, blocking_};
    Races races_{trace_, schedule_, execution_};
    Retries retries_{trace_, execution_, schedule_};
    Operations operations_{trace_, execution_, recorder_, blocking_, races_, retries_};
    Learning learning_{trace_, execution_};
    MemoryWitness witness_{trace_, execution_, loops_, blocking_, races_, operations_};
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
