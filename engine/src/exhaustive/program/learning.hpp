// What runs of a program show about what its threads do next, so that later executions need not run it.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include <heddle/engine/operation.hpp>

#include "execution/execution.hpp"
#include "host/executable_variables.hpp"
#include "known_steps.hpp"
#include "schedule.hpp"
#include "trace.hpp"

namespace heddle::engine::exhaustive {

/// What a thread does until its next step is decided by what it has in its frames and registers, what its last step gave, and
/// memory. So where all threads leave memory as the instance was made, it is decided without memory: that is looked at after
/// each such way that is new, and a run in which a thread has left something there shows nothing more. So does one with other
/// steps than those of atomics and fences. The first thread's last part is decided by what memory was when the others ended.
///
/// That an execution shares nothing else is what Program::self_contained says; variables of the executable are looked at,
/// too. What was learnt is checked again and again, by running the program where it says how a run ends.
class Learning {
  public:
    /// Executions before any of this is of use: a run that teaches takes several times as long as another (decision 0020).
    static constexpr std::uint64_t usual_beginning = 1024;

    Learning(Trace& trace, const Execution& execution) : trace_(trace), execution_(execution) {}

    /// The next runs are of a program of which nothing is known. `begins_after` so many.
    void begin_program(bool is_possible, std::uint64_t begins_after);
    void begin_run() { learns_ = taught_ = false; }
    /// How many executions have needed no run since begin_program().
    std::uint64_t extended() const { return extended_; }

    /// Lets the graph of a decider go on as the program would, `first` first. Returns: how that has ended; nothing if the
    /// program must run, and `first` go on first in it.
    std::optional<RunEnd> extend(Decider& decider, unsigned& first, unsigned threads, bool leaves_turns_out) {
        if (!is_possible_) return std::nullopt;
        if (begins_after_ == 0) return go_on(decider, first, threads, leaves_turns_out);
        --begins_after_;
        return std::nullopt;
    }
    /// A run has ended, in that way. Returns: how it has ended in the light of what is known.
    RunEnd end_run(RunEnd end) { return learnt_ == 0 ? end : judged(end); }

    /// Whether the run shows something: what is asked at every step.
    bool is_learning() const { return learns_; }
    /// The first thread has let the others begin. Requires: the run is not a trial's.
    void start();
    /// All others have ended.
    void join();
    /// What the running thread does is none of what is known.
    void spoil() { learns_ = false; }

    /// The running thread comes to an operation. Returns: whether it is new how; then arrive() is called next.
    [[gnu::noinline]] bool arrives(const Operation& op);
    /// `frames`: what the thread has in its frames, as a digest. `may_fail`: its weak compare-exchanges may.
    [[gnu::noinline]] void arrive(std::uint64_t frames, bool may_fail);
    /// It has taken that step.
    [[gnu::noinline]] void took(const Operation& op);
    /// The running thread has come to its end.
    void arrive_at_end();

  private:
    std::optional<RunEnd> go_on(Decider& decider, unsigned& first, unsigned threads, bool leaves_turns_out);
    RunEnd judged(RunEnd end);
    PointId known_after_last();
    void go_to(PointId point);
    bool memory_is_shared() const;
    [[gnu::cold]] void give_up();

    Trace& trace_;
    const Execution& execution_;
    KnownSteps steps_;
    ExecutableVariables variables_;
    bool is_possible_ = false;
    bool is_anew_ = false;  // nothing of the program is known, but what is may be of another one
    bool learns_ = false;
    bool taught_ = false;  // the run has begun to
    bool was_wrong_ = false;
    bool checks_ = false;                                   // the program runs where it is known how that ends
    std::uint64_t begins_after_ = 0;                        // so many runs
    std::uint64_t extended_ = 0;                            // executions without a run
    std::uint64_t learnt_ = 0;                              // runs that were needed since it began
    std::uint64_t spoilt_ = 0;                              // of those that taught, to some step only
    std::uint64_t memory_ = 0;                              // as the instance was made, as a digest
    std::array<PointId, most_threads + 1> points_{};        // where each thread stands
    std::array<std::uint16_t, most_threads + 1> events_{};  // how many it had there
};

}  // namespace heddle::engine::exhaustive
