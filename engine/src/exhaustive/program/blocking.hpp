// What may block: the futex, mutexes and conditions.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <chrono>
#include <vector>

#include <heddle/engine/operation.hpp>

#include "recorder.hpp"
#include "schedule.hpp"
#include "trace.hpp"

namespace heddle::engine::exhaustive {

/// Every member that takes an operation is one or more steps of the running thread, and returns when what it waits for has
/// come. It may assume that the operation is on the atomic, mutex or condition at `word`, whose waiters queue at word + 1,
/// that this object is alive, and that a thread which sleeps has enlisted.
class Blocking {
  public:
    Blocking(Trace& trace, Schedule& schedule, Recorder& recorder)
        : trace_(trace), schedule_(schedule), recorder_(recorder) {}

    /// The next runs are of a program. `waits_say`: each wait says itself whether it may be woken without a cause.
    void begin_program(bool waits_say) {
        is_cut_ = has_barriers_ = false;
        waits_say_ = waits_say;
    }
    void begin_run() {
        passed_.clear();
        without_barrier_ = 0;
    }
    void begin_thread(unsigned thread, unsigned spurious_wakeups, unsigned time_outs);
    /// The clock of the running thread: as late as all that happens before.
    std::chrono::nanoseconds now() const;
    /// It moves on with the thread's last event, to that time at least.
    void pass_time(std::chrono::nanoseconds until);

    /// The running thread does not wait but looks at the clock: time may pass for it. Returns: whether it does, which is a choice.
    bool lets_time_pass();
    /// So much that every deadline which the thread can have passes. Requires: the thread's last event decided it.
    void let_time_pass();
    /// Whether a thread was given up since begin_program() since it timed out too often.
    bool is_cut() const { return is_cut_; }

    /// A wait has a full barrier before it compares. It is left out as long as it could order nothing: it does with another
    /// thread's, or with whatever else is seq_cst. Whether it could have in this run, in which it was left out.
    bool lacks_barrier() const {
        return std::popcount(without_barrier_) > 1 || (without_barrier_ != 0 && trace_.has_seq_cst());
    }
    /// From now on waits have it.
    void use_barriers() { has_barriers_ = true; }

    // Like the futex of Linux: the comparison and the falling asleep are one step, and neither orders memory but for the
    // barrier (docs/decisions/0003-the-futex-orders-no-memory.md).
    // `queue`: of whoever waits for the word, or for a part of it.
    OperationResult wait(LocationId word, LocationId queue, const Operation& op);
    OperationResult wake(LocationId word, const Operation& op);
    // A mutex: a word, 0 or 1, that only read-modify-writes change.
    OperationResult lock(LocationId word, const Operation& op);
    OperationResult unlock(LocationId word);
    // A condition: a queue without a word.
    OperationResult enlist(LocationId word, const Operation& op);
    OperationResult sleep(const Operation& op);
    OperationResult notify(LocationId word, const Operation& op);

  private:
    /// A thread as one that may wait.
    struct Waiter {
        unsigned spurious_left = 0;
        unsigned time_outs_left = 0;
        EventId enqueued;  ///< the latest write that put it into a queue
    };

    /// The clock of a thread has moved with an event.
    struct Passed {
        EventId with;
        std::chrono::nanoseconds now;
    };

    Waiter& current() { return waiters_[trace_.running()]; }
    void check_room_to_wait(Site site);
    [[gnu::cold]] void time_out(std::chrono::nanoseconds deadline);
    bool may_wake_spuriously(const Operation& op);
    bool wakes_spuriously(const Operation& op);
    OperationResult leave_queue(LocationId queue, std::chrono::nanoseconds deadline, bool spurious);
    OperationResult sleep_until_woken(LocationId queue, std::chrono::nanoseconds deadline, bool spurious);
    /// Changes a queue. Returns: what it was.
    std::uint64_t change(LocationId queue, const Modification& modification);

    Trace& trace_;
    Schedule& schedule_;
    Recorder& recorder_;
    std::array<Waiter, most_threads + 1> waiters_;
    std::vector<Passed> passed_;  // in this run
    bool is_cut_ = false;
    bool waits_say_ = false;
    bool has_barriers_ = false;          // waits do, in runs of this program
    std::uint64_t without_barrier_ = 0;  // a bit for each thread that has waited so in this run
};

}  // namespace heddle::engine::exhaustive

#include "blocking.inl"
