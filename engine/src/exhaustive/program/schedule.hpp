// Which thread goes on next, and how a run ends.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>

#include "execution/execution.hpp"
#include "host/fibers.hpp"
#include "thread_states.hpp"
#include "trace.hpp"

namespace heddle::engine::exhaustive {

enum class RunEnd : std::uint8_t {
    complete,
    blocked,       ///< a thread was given up
    inconsistent,  ///< the memory model does not allow the graph, or a choice did not fit
    failed,
    restart,  ///< something became known that changes all executions: to the front end, or a loop that waits
};

/// While the run repeats its graph, threads go on in turn as soon as what their next event depends on has run; from the end
/// of the graph on, the lowest that can take a step, if the decider gives it the turn; it goes on until it cannot. Or they go on
/// evenly, a step each: who waits in a loop then has come to it before that ends, has looked in vain, and need not try later what it
/// has found. It may assume that everything is
/// called on the fiber of the running thread, but for begin(), go() and what asks how the run ended.
class Schedule {
  public:
    /// `main`: what each thread does, given its number; it ends with leave().
    Schedule(Trace& trace, Execution& execution, std::function<void(unsigned)> main)
        : trace_(trace), execution_(execution), fibers_(std::move(main)) {}

    /// Whether from the next run on threads go on evenly.
    void go_evenly(bool evenly) { evenly_ = evenly; }
    /// Begins a run without threads; `first` goes on first where the graph ends.
    void begin(unsigned first);
    /// Adds a thread that can go on. `body`: of one that the program has started; may be empty.
    void start_thread(unsigned number, EventId spawned_by, std::function<void()> body = {});
    /// Runs the threads from the first one on until the run ends. Requires: thread 0 was started.
    void go();

    Fibers& fibers() { return fibers_; }
    ThreadStates& threads() { return threads_; }
    const ThreadStates& threads() const { return threads_; }

    /// How the run ended. Requires: go() has returned, and not is_stuck().
    RunEnd end() const;
    /// Whether the run ended because no thread can take a step.
    bool is_stuck() const { return stuck_; }

    /// Whether an event is in the graph, and what it depends on has run.
    bool is_known(EventId event) const;
    /// Lets others run until the running thread can take its next step. Returns: whether that is in the graph by then.
    bool await_turn();
    /// Lets others run until a latest value is another one than was `seen`. Returns: whether one is; otherwise no other thread
    /// can take a step.
    bool await_change(std::vector<Seen> seen);

    /// The running thread takes no further step in this run.
    [[noreturn]] void leave(ThreadState state);
    /// The run ends when the running thread leaves.
    void complete() { end_ = RunEnd::complete; }
    [[noreturn]] void stop(RunEnd end);
    [[noreturn, gnu::cold]] void fail(Failure failure);
    /// The graph goes on otherwise than the program.
    [[noreturn, gnu::cold]] void did_something_else();

  private:
    void hand_over();
    std::optional<unsigned> next_to_repeat() const;
    std::optional<unsigned> next_to_extend();
    bool has_its_turn(unsigned thread) const;
    unsigned furthest_behind() const;
    unsigned lowest() const;

    Trace& trace_;
    Execution& execution_;
    Fibers fibers_;
    ThreadStates threads_{trace_};
    bool evenly_ = false;
    bool repeating_ = false;
    bool stuck_ = false;
    std::optional<unsigned> first_;  // of the threads that extend the graph; nothing once it had its turn
    std::optional<RunEnd> end_;
};

}  // namespace heddle::engine::exhaustive

#include "schedule.inl"
