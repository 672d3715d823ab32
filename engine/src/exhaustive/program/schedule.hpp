// The threads of a run, and which of them goes on next.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>

#include "execution/execution.hpp"
#include "host/fibers.hpp"
#include "trace.hpp"

namespace heddle::engine::exhaustive {

enum class RunEnd : std::uint8_t {
    complete,
    blocked,       ///< a thread was given up
    inconsistent,  ///< the memory model does not allow the graph, or a choice did not fit
    failed,
    restart,  ///< something became known that changes all executions: to the front end, or a loop that waits
};

/// What keeps a thread from going on.
enum class ThreadState : std::uint8_t {
    runnable,
    awaiting,  ///< until the latest value of a mutex is the one that it can take
    asleep,    ///< until a step on a queue takes it out
    joining,   ///< until all others have ended
    // It has left the run:
    spinning,  ///< in a loop that waits, until a revisit of what it read
    given_up,
    misfit,  ///< it chose what turned out not to be there: another execution's thread
    ended,
};

/// While the run repeats its graph, threads go on in turn as soon as what their next event depends on has run; from the end
/// of the graph on, the lowest that can take a step, if the decider gives it the turn. It may assume that whoever blocks
/// says so (await_unlock, fall_asleep, join_others) before the event that ends the blocking, and that everything it is
/// called for happens on the fiber of the running thread, but for begin(), go() and abandon().
class Schedule {
  public:
    /// `main`: what each thread does, given its number; it ends with leave().
    Schedule(Trace& trace, Execution& execution, std::function<void(unsigned)> main)
        : trace_(trace), execution_(execution), fibers_(std::move(main)) {}

    /// Begins a run without threads; `first` goes on first where the graph ends.
    void begin(unsigned first);
    /// What a run has left behind was cut off: the destructors of its threads do not run.
    void abandon();
    /// Adds a thread that can go on. `body`: of one that the program has started; may be empty.
    void start_thread(unsigned number, EventId spawned_by, std::function<void()> body = {});
    /// Runs the threads from the first one on until the run ends. Requires: thread 0 was started.
    void go();

    /// How it ended; nothing if is_stuck().
    std::optional<RunEnd> end() const { return end_; }
    /// Whether the run ended because no thread can take a step.
    bool is_stuck() const { return stuck_; }
    unsigned thread_count() const { return thread_count_; }
    ThreadState state(unsigned thread) const { return threads_[thread].state; }
    /// The first thread in that state; thread_count() if there is none.
    unsigned first_in(ThreadState state) const;
    /// Requires: the thread's state is awaiting. Returns: the mutex.
    LocationId awaited(unsigned thread) const { return threads_[thread].awaited; }
    EventId spawned_by(unsigned thread) const { return threads_[thread].spawned_by; }
    std::function<void()> take_body(unsigned thread) { return std::move(threads_[thread].body); }

    /// Whether an event is in the graph, and what it depends on has run.
    bool is_known(EventId event) const;
    /// Lets others run until the running thread can take its next step. Returns: whether that is in the graph by then.
    bool await_turn();

    // The running thread cannot go on until ...; go_on() when its step has been taken.
    void await_unlock(LocationId mutex);
    void fall_asleep(EventId enqueued);
    void join_others() { current().state = ThreadState::joining; }
    void go_on() { current().state = ThreadState::runnable; }

    /// The running thread takes no further step in this run.
    [[noreturn]] void leave(ThreadState state);
    /// The run ends when the running thread leaves.
    void complete() { end_ = RunEnd::complete; }
    [[noreturn]] void stop(RunEnd end);
    [[noreturn]] void fail(Failure failure);

  private:
    struct Thread {
        ThreadState state = ThreadState::ended;
        std::function<void()> body;
        EventId spawned_by;
        EventId enqueued;                  ///< asleep: the write that put it into the queue
        LocationId awaited = no_location;  ///< awaiting: the mutex
    };

    Thread& current() { return threads_[trace_.running()]; }
    void hand_over();
    std::optional<unsigned> next_to_repeat() const;
    std::optional<unsigned> next_to_extend();
    bool may_extend(unsigned thread) const;
    bool others_ended() const;

    Trace& trace_;
    Execution& execution_;
    Fibers fibers_;
    std::array<Thread, most_threads + 1> threads_;  // the first thread_count_
    unsigned thread_count_ = 0;
    bool repeating_ = false;
    bool stuck_ = false;
    std::optional<unsigned> first_;  // of the threads that extend the graph; nothing once it had its turn
    std::optional<RunEnd> end_;
};

/// The step on a queue that took a thread out of it which `enqueued` had put in; none if it still waits.
EventId remover_of(const Graph& graph, EventId enqueued);

}  // namespace heddle::engine::exhaustive

#include "schedule.inl"
