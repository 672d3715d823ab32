// Programs that were not written for heddle: what their front end and the engine that runs them tell each other.
//
// ```cpp
// heddle::engine::Program program;
// EXPECT_EQ(program.adopter, nullptr);  // set by a front end whose programs bring their own memory along
// static_assert(heddle::engine::most_adopted_threads == 15);
// ```
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <heddle/engine/failure.hpp>
#include <heddle/engine/operation.hpp>
#include <heddle/engine/program.hpp>
#include <heddle/engine/site.hpp>

namespace heddle::engine {

class Run;

/// What a thread of an adopted program did with plain memory, or with its life: no step of an engine.
struct MemoryAccess {
    unsigned thread = 0;                        ///< as Witness::thread()
    unsigned events = 0;                        ///< that the thread had had
    OperationKind kind = OperationKind::write;  ///< or read, construct, destroy
    Site site;
};

/// How an execution fails in which two threads are at the same memory.
struct Conflict {
    FailureKind kind = FailureKind::data_race;
    std::string_view message;
    Object* object = nullptr;            ///< that is there; null: none is
    const char* name = "";               ///< of the memory
    Site created;                        ///< where the memory was made, if no object is there
    Operation here;                      ///< of the running thread; which object it is at does not matter
    unsigned other = 0;                  ///< the other thread
    std::optional<MemoryAccess> access;  ///< of the other thread; nothing: its latest step on the object
};

/// Threads of an adopted program in one execution, its first one included: a number of them fits in four bits.
inline constexpr unsigned most_adopted_threads = 15;
/// Events of one of its threads in one execution: who would have more does not end, and fails.
inline constexpr unsigned most_adopted_events = 250;

/// What an execution shows the front end of an adopted program, beside what Run does for every program. Threads have the
/// engine's numbers: 0 for the environment, which runs nothing of the program, and 1 for its first thread.
/// Requires, for all of it: called by the running thread of the program, or where Adopter says so.
class Witness {
  public:
    /// Requires: nothing. Returns: the running thread. Errors: none. Visibility: none. Source: none.
    unsigned thread() const noexcept { return *thread_; }
    /// Requires: nothing. Returns: how many events the running thread has had. Errors: none. Visibility: none. Source: none.
    unsigned events() const noexcept { return events_[*thread_]; }
    /// Requires: nothing. Returns: of each thread, how many of its events happen before what the running one does now; valid
    /// until its next event. Errors: none. Visibility: none. Source: none.
    virtual const std::uint8_t* known() const = 0;

    /// Requires: nothing. Returns: whether the execution is kept for a report. Errors: none. Visibility: none. Source: none.
    bool is_recording() const noexcept { return *recording_; }
    /// Whether the running thread takes an iteration of a loop that may be one that waits, to find out what it is: its steps
    /// give what the last iteration has found, and the execution is not part of the exploration. Requires: nothing.
    /// Returns: whether it does. Errors: none. Visibility: none. Source: none.
    virtual bool is_imagining() const = 0;

    /// Memory of the program becomes an object, known by `id` in every execution. Its value is `initial` until the first
    /// operation on it. Requires: `id` is even, and a function of the events that happen before the object's first use.
    /// Returns: the object, valid until the execution ends. Errors: none. Visibility: the adoption happens-before all that
    /// the program does. Source: none.
    virtual Object* adopt(std::uint32_t id, ObjectKind kind, std::uint8_t size, const char* name, Show show,
                          std::uint64_t initial, Site site) = 0;
    /// Says in the report what a name stands for. Requires: is_recording(), or the execution that was has ended and no other
    /// one has begun; the name was not explained in it. Returns: nothing. Errors: none. Visibility: none. Source: none.
    virtual void explain(std::string name, std::string text) = 0;
    /// Ends the execution, which has failed: the report has what both threads did. Requires: is_recording(). Returns: never.
    /// Errors: none. Visibility: none. Source: none.
    [[noreturn]] virtual void fail_between(const Conflict& conflict) = 0;
    /// Ends an object: its memory is given to another purpose. Requires: it was adopted in this execution. Returns: nothing.
    /// Errors: none. Visibility: none. Source: none.
    virtual void disown(Object& object) = 0;
    /// Requires: an adopted atomic. Returns: its latest value in modification order, of the writes that have run. Errors:
    /// none. Visibility: none. Source: none.
    virtual std::uint64_t latest(const Object& object) const = 0;
    /// Requires: an adopted mutex, of which all steps happen before what the running thread does now. Returns: who has locked
    /// it; nullopt if it is free. Errors: none. Visibility: none. Source: none.
    virtual std::optional<unsigned> holder_of(const Object& mutex) const = 0;
    /// Another thread with a step on the object that does not happen before what the running one does now. `reads_count`:
    /// otherwise only a step that writes, and only one that has run. Requires: an adopted object. Returns: its number;
    /// nullopt if there is none. Errors: none. Visibility: none. Source: none.
    virtual std::optional<unsigned> user_of(const Object& object, bool reads_count) const = 0;

    /// Memory of the running thread, at the same address in every execution; kept aside when it is released, so that a
    /// late use is seen. Requires: `alignment` is a power of two. Returns: the memory; null if there cannot be so much.
    /// Errors: a thread that has allocated as much as it may fails the run as too_big. Visibility: none. Source: none.
    virtual void* allocate(std::size_t size, std::size_t alignment) = 0;
    /// Requires: owns(memory), and it is where a block begins. Returns: nothing. Errors: fails the run as double_free if it
    /// was released before. Visibility: none. Source: none.
    virtual void release(void* memory) = 0;
    /// Requires: nothing. Returns: whether allocate() could have given it. Errors: none. Visibility: none. Source: none.
    virtual bool owns(const void* memory) const = 0;
    /// Requires: owns(memory), and it is where a block begins. Returns: how many bytes the block has. Errors: none.
    /// Visibility: none. Source: none.
    virtual std::size_t size_of(const void* memory) const = 0;
    /// Requires: nothing. Returns: what is in all that allocate() has given and nobody has released, as a digest. Errors:
    /// none. Visibility: none. Source: none.
    virtual std::uint64_t digest_of_memory() const = 0;

    /// Lets time pass for the running thread, until then at least. Requires: nothing. Returns: nothing. Errors: none.
    /// Visibility: none. Source: none.
    virtual void pass_time(std::chrono::nanoseconds until) = 0;
    /// The running thread comes round in a loop: its frames and all memory are what they were before its event `first`. If
    /// its steps since then have changed nothing either, it waits, and leaves the execution. `watches_the_clock`: it has
    /// looked at the clock since, so that time may also pass. Requires: nothing. Returns: nothing, where the thread has not
    /// left. Errors: none. Visibility: none. Source: none.
    virtual void come_round(unsigned first, bool watches_the_clock) = 0;
    /// The running thread's wait has timed out, as its last one there had when it had `first` events: since then it has left
    /// its frames and all memory as they were. If its steps since then have changed nothing either, and each of its waits has
    /// timed out, it waits, and leaves the execution. Requires: time alone does not end the loop. Returns: nothing, where the
    /// thread has not left. Errors: none. Visibility: none. Source: none.
    virtual void time_out_in_vain(unsigned first) = 0;
    /// Requires: nothing. Returns: whether the running thread's next step is one that the execution has it take in any case.
    /// Errors: none. Visibility: none. Source: none.
    virtual bool is_repeating() const = 0;
    /// The running thread goes round in a loop, in vain and for ever: its steps since its event `first` are looks at all that
    /// could end it. It leaves the execution, and waits. `looks`: it is only taken to go round for ever, after so many, since each
    /// leaves a trace; where each of them is one of those steps, the thread must have taken the same ones again and again; 0: it has
    /// come to be what it was before. `loop`: where that is. Requires: nothing. Returns: nothing, where
    /// the thread has not left, as those steps are not all looks, or as others make it go on. Errors: none. Visibility: none.
    /// Source: none.
    virtual void go_round_for_ever(unsigned first, std::size_t looks, Site loop) = 0;
    /// The running thread is about to look, in a loop. Where its latest steps are looks at the same things, in an order that is not the
    /// same each time, it goes on without steps until the loop does something else, or for ever; the verdict says that. `loop`: where
    /// that is. Requires: nothing. Returns: nothing. Errors: none. Visibility: none. Source: none.
    virtual void goes_on_looking(Site loop) = 0;
    /// Requires: nothing. Returns: after how many of its events the running thread had last done the same again for long, with the same
    /// values and in whatever order; 0 if it never has. Errors: none. Visibility: none. Source: none.
    virtual std::size_t last_come_again() const = 0;
    /// The running thread has long taken no step: all other threads go on as long as they can. Requires: not is_repeating().
    /// Returns: whether the program does not end then before this thread does, as another one waits, or it is the first one.
    /// Errors: none. Visibility: none. Source: none.
    virtual bool lets_others_go_first() = 0;
    /// Shows in the report what the running thread does now, although it is no step. Requires: is_recording(). Returns:
    /// nothing. Errors: none. Visibility: none. Source: none.
    virtual void show_step(const Operation& operation) = 0;
    /// Requires: the running thread's latest step was a store. Returns: whether that has written again what the thread had written
    /// there last, so that nothing follows from it that would not without. Errors: none. Visibility: none. Source: none.
    virtual bool has_written_again() const = 0;
    /// The running thread has gone round a loop that writes in each turn so often. Requires: nothing. Returns: whether it may
    /// go round once more; more often where few executions show what it does. Errors: none. Visibility: none. Source: none.
    virtual bool may_go_round(unsigned turns) = 0;
    /// The running thread goes on for longer than the front end explores: the execution is one of those that are cut off.
    /// `words` say why, in the verdict. Requires: nothing. Returns: never. Errors: none. Visibility: none. Source: none.
    virtual void give_up(std::string words) = 0;

  protected:
    Witness(const unsigned* thread, const std::uint16_t* events, const bool& recording) noexcept
        : thread_(thread), events_(events), recording_(&recording) {}
    ~Witness() = default;

  private:
    const unsigned* thread_;
    const std::uint16_t* events_;  // by thread
    const bool* recording_;
};

/// What a front end does for an engine that runs its programs. Called by the engine, never by two threads at once.
class Adopter {
  public:
    /// An exploration begins: nothing that others have found counts. Requires: called by the engine, before its first
    /// execution. Returns: nothing. Errors: none. Visibility: none. Source: none.
    virtual void begin_exploration() = 0;
    /// An execution begins: the program's memory must be what it was before the first one. Requires: called by the engine,
    /// outside of all threads of the program; `run` and `witness` are valid until the next call. Returns: nothing.
    /// Errors: none. Visibility: happens-before all that the program does. Source: none.
    virtual void begin_run(Run& run, Witness& witness) = 0;
    /// A thread begins: its thread-local memory must be new. Requires: called by the engine, on the thread that starts it or
    /// outside of all threads. Returns: nothing. Errors: none. Visibility: happens-before the thread. Source: none.
    virtual void begin_thread(unsigned thread) = 0;
    /// Requires: called by the engine, outside of all threads of the program, before the first execution. Returns: what the
    /// thread finds its thread-local memory by, of its own and the same in every execution of this process. Errors: none.
    /// Visibility: none. Source: none.
    virtual std::uintptr_t thread_pointer(unsigned thread) = 0;
    /// Requires: called by the engine, on a thread of the program that an exception has left, while that is handled. Returns:
    /// where it was thrown, if the execution is kept for a report; otherwise no place. Errors: none. Visibility: none.
    /// Source: none.
    virtual Site thrown_at() = 0;
    /// The running thread of the program will not go on: what it runs from now on is the engine's, in a handler of a signal. Requires:
    /// called by the engine, on that thread. Returns: nothing. Errors: none. Visibility: none. Source: none.
    virtual void leave_program() noexcept = 0;
    /// The execution has ended, in which the running thread has crashed: `calls`, where the calls return to that it was in, the
    /// innermost first. Requires: called by the engine, outside of all threads. Returns: the place of the innermost one of the
    /// program's own code; none if that is not known. Errors: none. Visibility: none. Source: none.
    virtual Site crashed_at(std::span<const std::uintptr_t> calls) = 0;
    /// All threads have ended, and memory was not given back: `blocks`, as Witness::allocate() gave it, by where it lies.
    /// Requires: called by the engine, outside of all threads. Returns: what was lost, in words; empty if the program can
    /// still find all of it. Errors: none. Visibility: all that the program did happens-before. Source: none.
    virtual std::string lost(const std::vector<std::span<const std::byte>>& blocks) = 0;
    /// Requires: called by the engine, on a thread of the program that has come to a step or to its end. Returns: what
    /// decides how the thread goes on, beside that step: its frames, word by word, in `frames`, the innermost first; as a digest
    /// what registers keep for them, and all other memory but what Witness::allocate() has given; nullopt if the front end
    /// itself goes on after the step by more than that. Errors: none. Visibility: as a step of the thread. Source: none.
    virtual std::optional<std::uint64_t> left_behind(std::vector<std::uint64_t>& frames) = 0;
    /// What the front end leaves out of the steps of a thread because it makes no difference, it can put in again to see
    /// that it makes none. Requires: called by the engine after an execution that has come to its end, and after each that
    /// was run again for this. Returns: whether the execution is to be run again, with something put in. Errors: none.
    /// Visibility: none. Source: none.
    virtual bool alters_next_run() = 0;
    /// How it went then.
    enum class Went : std::uint8_t {
        as_before,  ///< with the same steps
        otherwise,  ///< or the front end has ended it, by Run::restart()
        further,    ///< a thread took steps beyond its end
    };
    /// That run has ended. Requires: called by the engine, after a run for which alters_next_run() has asked. Returns:
    /// whether the exploration goes on; otherwise it begins anew, and what was put in must not be left out any more. It
    /// does not go on after one that went further. Errors: none. Visibility: none. Source: none.
    virtual bool passes_altered_run(Went went) = 0;

  protected:
    ~Adopter() = default;
};

}  // namespace heddle::engine
