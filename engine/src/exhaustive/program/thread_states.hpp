// The threads of a run, and what keeps each of them from going on.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <functional>
#include <utility>
#include <vector>

#include "trace.hpp"

namespace heddle::engine::exhaustive {

/// What keeps a thread from going on.
enum class ThreadState : std::uint8_t {
    runnable,
    awaiting,   ///< until the latest value of a mutex is the one that it can take
    asleep,     ///< until a step on a queue takes it out
    joining,    ///< until all others have ended
    expecting,  ///< another value than it has seen last, in a loop that waits
    // It has left the run:
    spinning,  ///< in a loop that waits, until a revisit of what it read
    retrying,  ///< its last turn was in vain: what follows exists without that turn
    given_up,
    misfit,  ///< it chose what turned out not to be there: another execution's thread
    ended,
};

inline bool has_left(ThreadState state) { return state >= ThreadState::spinning; }

/// A value that a thread has found at a location.
struct Seen {
    LocationId location;
    std::uint64_t value;
};

/// Changed on the fiber of the running thread alone. It may assume that whoever blocks says so before the event that ends
/// the blocking, and takes it back after that event.
class ThreadStates {
  public:
    explicit ThreadStates(const Trace& trace) : trace_(trace) {}

    /// What a run has left behind was cut off: the destructors of its threads do not run.
    void abandon();
    /// Adds a thread that can go on. `body`: of one that the program has started; may be empty.
    void add(unsigned number, EventId spawned_by, std::function<void()> body);

    unsigned count() const { return count_; }
    ThreadState operator[](unsigned thread) const { return threads_[thread].state; }
    /// The first thread in that state; count() if there is none.
    unsigned first_in(ThreadState state) const;
    /// Whether all but the first one have ended.
    bool others_ended() const;
    /// Whether any waits for a mutex or on a queue.
    bool any_waits() const;
    /// Whether the thread can take a step that the graph does not have.
    bool may_extend(unsigned thread) const;
    /// Requires: the thread's state is awaiting. Returns: the mutex.
    LocationId awaited(unsigned thread) const { return threads_[thread].awaited; }
    /// Adds those whose state is awaiting, with their mutexes.
    void note_awaiting(std::vector<std::pair<unsigned, LocationId>>& all) const;
    EventId spawned_by(unsigned thread) const { return threads_[thread].spawned_by; }
    std::function<void()> take_body(unsigned thread) { return std::move(threads_[thread].body); }

    // The running thread cannot go on until ...; go_on() when its step has been taken.
    void await_unlock(LocationId mutex);
    void fall_asleep(EventId enqueued);
    void expect_change(std::vector<Seen> seen);
    void join_others() { current().state = ThreadState::joining; }
    void go_on() { current().state = ThreadState::runnable; }
    /// A thread goes on although nothing has changed. Requires: its state is expecting.
    void expect_no_more(unsigned thread) { threads_[thread].state = ThreadState::runnable; }
    /// It does not go on in this run. Requires: has_left(state).
    void leave(ThreadState state) { current().state = state; }

  private:
    struct Thread {
        ThreadState state = ThreadState::ended;
        std::function<void()> body;
        EventId spawned_by;
        EventId enqueued;                  ///< asleep: the write that put it into the queue
        LocationId awaited = no_location;  ///< awaiting: the mutex
        std::vector<Seen> seen;            ///< expecting: what its loop reads
    };

    std::uint64_t latest_value(LocationId location) const;
    Thread& current() { return threads_[trace_.running()]; }

    const Trace& trace_;
    std::array<Thread, most_threads + 1> threads_;  // the first count_
    unsigned count_ = 0;
};

/// The step on a queue that took a thread out of it which `enqueued` had put in; none if it still waits.
EventId remover_of(const Graph& graph, EventId enqueued);

}  // namespace heddle::engine::exhaustive
