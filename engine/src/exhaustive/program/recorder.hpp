// How the steps of a program become events: repeated while the graph knows them, added where it ends.
#pragma once

#include <cstdint>
#include <vector>

#include "alike_threads.hpp"
#include "schedule.hpp"
#include "trace.hpp"

namespace heddle::engine::exhaustive {

/// Every member that returns an event is one step of the running thread: it may hand over to others first, and does not
/// come back if the run ends before its turn. It may assume that its caller allocates for the engine, and that a step which
/// blocks has told the Schedule so. Ends the run as inconsistent if the graph does not allow the event, and as a failure if
/// the program does something else than when it ran before.
class Recorder {
  public:
    Recorder(Trace& trace, Schedule& schedule, AlikeThreads& alike)
        : trace_(trace), schedule_(schedule), alike_(alike) {}

    /// `is_adopted`: the program was not written for heddle.
    void begin_program(bool is_adopted) { is_adopted_ = is_adopted; }
    /// Begins a run. `keep_course`: note the order in which events run.
    void begin_run(bool keep_course) {
        keeps_course_ = keep_course;
        course_.clear();
        repeated_ = graph().size();
    }
    /// The events of a run that kept them, in the order in which they ran.
    const std::vector<EventId>& course() const { return course_; }

    EventId begin(EventId spawned_by);
    /// Of all threads that begin with the execution.
    EventId start();
    /// Of one more; its number is the event's value, and none below `first_number`.
    EventId spawn(unsigned first_number);
    EventId join();
    EventId init(std::uint64_t initial);
    /// The construction of all memory that the program brings along.
    void root();
    void fence(std::memory_order order);
    /// A fence of the kernel's: it has a place among the seq_cst operations and fences, and orders nothing else.
    void barrier();
    EventId read(LocationId location, std::memory_order order, const Modification& modification = {});
    std::uint64_t value_read(EventId read) const { return graph()[read].value_read; }
    void write(LocationId location, std::uint64_t value, std::memory_order order);
    /// A read-modify-write. Returns: whether it wrote; `found` is what it read.
    bool modify(LocationId location, const Modification& modification, std::uint64_t& found);
    /// The thread is out of the queue that `enqueued` had put it into.
    void woken(EventId enqueued);
    /// Returns: a number below `options`.
    unsigned choose(unsigned options);

    /// Takes back the last `count` events of the running thread. Requires: they change nothing. Returns: whether that is
    /// possible: this run has added them, and nothing since.
    bool take_back(std::size_t count);

    /// The graph goes on otherwise than the program.
    [[noreturn]] void did_something_else() { schedule_.did_something_else(); }

  private:
    template <class Same, class Add>
    EventId next_step(const Same& same, const Add& add);
    template <class Make>
    EventId event(EventKind kind, const Make& make);
    bool await_turn();
    [[noreturn, gnu::cold]] void fail_without_end();
    EventId add(const Label& label);
    std::uint64_t unused_thread_number(unsigned first) const;
    Graph& graph() { return trace_.graph(); }
    const Graph& graph() const { return trace_.graph(); }

    Trace& trace_;
    Schedule& schedule_;
    AlikeThreads& alike_;
    bool is_adopted_ = false;
    bool keeps_course_ = false;
    std::vector<EventId> course_;
    std::size_t repeated_ = 0;  // events that the graph had when the run began
};

}  // namespace heddle::engine::exhaustive

#include "recorder.inl"
