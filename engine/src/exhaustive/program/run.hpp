// One program on the exhaustive engine: each of its operations becomes an event of the execution graph.
#pragma once

#include <algorithm>
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
#include "host/reused.hpp"
#include "exhaustive/search/explorer.hpp"
#include "host/fibers.hpp"

namespace heddle::engine::exhaustive {

/// A thread that yields more often is given up, but where it only looks between two yields: that is waiting.
inline constexpr unsigned most_yields_of_a_thread = 2;

enum class RunEnd : std::uint8_t {
    complete,
    blocked,       ///< a thread was given up
    inconsistent,  ///< the memory model does not allow the graph, or a choice did not fit
    failed,
    restart,  ///< something became known that changes all executions: to the front end, or a loop that waits
};

class ExhaustiveRun final : public Run, private MemoryTracker::Reuse {
  public:
    ExhaustiveRun() : execution_(*this), fibers_([this](unsigned number) { thread_main(number); }) {}
    ExhaustiveRun(const ExhaustiveRun&) = delete;
    ExhaustiveRun& operator=(const ExhaustiveRun&) = delete;

    /// The next runs are of this program, of which nothing is known yet. Requires: it lives until end() is called.
    void begin(const Program& program, const Weakening* weakening);
    /// Forgets what the last run has left of the program.
    void end() { abandon(); }

    /// Repeats the graph of `decider` and extends it until the program ends or fails. `first` goes on first.
    /// `record`: keep the steps and the course.
    RunEnd run(Decider& decider, unsigned first, bool record);

    /// Says what the explorer has to know of a run that has ended, and asks it for the next one: the thread that must go
    /// on first; nothing if all is explored.
    std::optional<unsigned> next(Explorer& explorer);

    /// The events of a recorded run, in the order in which they ran.
    const std::vector<EventId>& course() const { return course_; }

    Execution& execution() { return execution_; }

    Object* construct(ObjectKind kind, std::uint8_t size, const char* name, Show show,
                      std::optional<std::uint64_t> initial, Site site) override;
    std::uint64_t spawn(std::function<void()> body, Site site) override;
    [[noreturn]] void fail(FailureKind kind, std::string_view message, Site site) override;
    std::uint64_t thread_index() override { return number_of(std::max(current_thread_, 1U)); }
    std::chrono::nanoseconds now() override { return current().now; }
    void*& thread_slot() override { return current().slot; }
    [[noreturn]] void restart() override { stop(RunEnd::restart); }

  private:
    enum class State : std::uint8_t {
        runnable,
        awaiting,  ///< until the latest value is the one that it can take
        asleep,
        joining,
        // It has left the run:
        spinning,  ///< in a loop that waits, until a revisit of what it read
        given_up,
        misfit,  ///< it chose what turned out not to be there: another execution's thread
        ended,
    };

    struct Thread {
        State state = State::ended;
        std::function<void()> body;  ///< of a thread that the program has started
        EventId spawned_by;
        void* slot = nullptr;  ///< the front end's
        std::chrono::nanoseconds now{};
        unsigned spurious_left = 0;
        std::uint64_t site = 0;  ///< of its current operation
        unsigned yields = 0;
        unsigned turn = 0;  ///< spinning: of how many events
        bool weak_cas_may_fail = true;
        EventId enqueued;                  ///< asleep: the write that put it into the queue
        LocationId awaited = no_location;  ///< awaiting: the mutex
    };

    /// A turn of a loop that waits, told by where its events and the yield after them are in the program.
    struct Turn {
        std::uint64_t yield = 0;
        std::vector<std::uint64_t> steps;
    };

    /// Who last accessed plain data: thread and number of its events so far.
    struct PlainAccesses {
        unsigned writer = nobody;
        unsigned written_at = 0;
        std::uint32_t readers = 0;                            ///< since it was written, one bit each
        std::array<std::uint16_t, most_threads + 1> read_at;  ///< of the readers

        static constexpr unsigned nobody = ~0U;
    };

    struct Slot {
        LocationId location = no_location;
        PlainAccesses plain;
    };

    Graph& graph() { return *graph_; }
    const Graph& graph() const { return *graph_; }
    Thread& current() { return threads_[current_thread_]; }
    Slot& slot(const Object& object) { return slots_[object.id]; }
    EventId next_event() const { return {static_cast<std::uint16_t>(current_thread_), events_run_[current_thread_]}; }
    EventId last_event(unsigned thread) const {
        return {static_cast<std::uint16_t>(thread), static_cast<std::uint16_t>(events_run_[thread] - 1U)};
    }
    EventId last_event() const { return last_event(current_thread_); }
    bool others_ended() const;
    static std::uint64_t number_of(unsigned thread) { return thread - 1; }
    static std::uint64_t key_of(Site site) {
        return (reinterpret_cast<std::uintptr_t>(site.file_name()) << 16U) + site.line();
    }

    // Running.
    void abandon();
    void main_body();
    void start_thread(unsigned thread, EventId spawned_by, std::function<void()> body = {});
    [[noreturn]] void thread_main(unsigned number);
    void hand_over();
    std::optional<unsigned> next_to_repeat() const;
    std::optional<unsigned> next_to_extend();
    bool may_repeat(unsigned thread) const;
    bool has_run_source(const Event& event) const;
    bool may_extend(unsigned thread) const;
    static bool has_left(const Thread& thread);
    RunEnd end_of_stuck();
    [[noreturn]] void stop(RunEnd end);
    template <class Body>
    void guarded(const Body& body);

    // Events.
    bool is_known(EventId next) const;
    bool await_turn();
    template <class Same, class Add>
    EventId next_step(const Same& same, const Add& add);
    [[noreturn]] void did_something_else();
    template <class Make>
    EventId event(EventKind kind, const Make& make);
    EventId begin_event(EventId spawned_by);
    EventId start_event();
    EventId spawn_event();
    EventId join_event();
    void fence_event(std::memory_order order);
    void woken_event();
    EventId init_event(std::uint64_t initial);
    EventId read_event(LocationId location, std::memory_order order, const Modification& modification = {});
    std::uint64_t value_read(EventId read) { return graph()[read].value_read; }
    void write_event(LocationId location, std::uint64_t value, std::memory_order order);
    bool modify(LocationId location, const Modification& modification, std::uint64_t& before);
    unsigned choose(unsigned options);

    // Operations.
    OperationResult step(const Operation& operation) override;
    OperationResult load(Slot& slot, const Operation& op, Step* step);
    OperationResult read_modify_write(Slot& slot, const Operation& op);
    static Modification modification_of(const Operation& op);
    OperationResult wait(Slot& slot, const Operation& op);
    OperationResult wake(Slot& slot, const Operation& op);
    OperationResult take(Slot& slot, const Operation& op);
    OperationResult free(Slot& slot);
    void check_room_to_wait(Site site);
    void enlist(Slot& slot, Site site);
    OperationResult sleep(const Operation& op);
    OperationResult notify(Slot& slot, const Operation& op);
    OperationResult sleep_until_woken(LocationId queue, std::chrono::nanoseconds deadline, bool spurious);
    bool may_wake_spuriously(std::chrono::nanoseconds deadline);
    bool wakes_spuriously(std::chrono::nanoseconds deadline);
    void yield(Site site);
    OperationResult imagine(const Operation& op);
    std::optional<std::uint64_t> last_seen(LocationId location) const;
    [[noreturn]] void finish_imagined(Site site);
    [[noreturn]] void give_up_imagined();
    bool has_taken(const Turn& turn) const;
    [[noreturn]] void spin(unsigned length);
    bool spins_for_ever(unsigned thread) const;
    bool goes_round_in_vain() const;
    [[noreturn]] void leave(State state);
    EventId remover_of(const Thread& thread) const;
    std::uint64_t unused_thread_number();

    // Memory.
    void check_published(LocationId location, Site site);
    void access_plain(Object& object, Slot& slot, const Operation& op);
    std::optional<unsigned> accessed_by_other(const PlainAccesses& accesses, const Clock& known,
                                              bool reads_count) const;
    void check_unused(const Object& object, const Slot& slot);
    std::optional<unsigned> user_of(LocationId location, const Clock& known) const;
    [[noreturn]] void fail_between(FailureKind kind, const Object& object, unsigned other, Site site,
                                   std::string message);
    bool matters(const void* memory, std::size_t size) override;
    unsigned choose_memory(unsigned candidates) override;

    const Program* program_ = nullptr;
    Decider* decider_ = nullptr;
    Graph* graph_ = nullptr;  ///< of this run
    Execution execution_;
    Fibers fibers_;
    std::array<Thread, most_threads + 1> threads_;  // the first thread_count_
    unsigned thread_count_ = 0;
    std::array<std::uint16_t, most_threads + 1> events_run_{};  // by thread
    std::vector<Slot> slots_;
    std::unique_ptr<Instance> instance_;
    // Of the events that have run, by thread. Not cleared: that takes as long as a few executions.
    std::array<std::array<std::uint64_t, most_events_of_a_thread>, most_threads + 1> sites_;
    std::vector<Turn> known_turns_;
    std::vector<std::uint64_t> not_waits_;  ///< yields in loops that do more than look
    std::optional<Turn> imagined_;          ///< the turn that the running thread is imagining
    unsigned current_thread_ = 0;
    bool repeating_ = false;
    std::optional<unsigned> first_;  ///< of the threads that extend the graph; nothing once it had its turn
    unsigned spawned_ = 0;
    std::optional<RunEnd> end_;
    bool record_ = false;
    std::vector<EventId> course_;
    bool stuck_ = false;  ///< the run ended because no thread could take a step
};

/// A run for the explorations of one program, which must outlive it.
class RunOf {
  public:
    explicit RunOf(const Program& program, const Weakening* weakening = nullptr) { run_->begin(program, weakening); }
    RunOf(const RunOf&) = delete;
    RunOf& operator=(const RunOf&) = delete;
    ~RunOf() { run_->end(); }

    ExhaustiveRun* operator->() const { return &*run_; }

  private:
    Reused<ExhaustiveRun> run_;
};

}  // namespace heddle::engine::exhaustive

#include "events.inl"
