// Loops that wait. A yield says that a thread can do nothing useful now. What it means depends on what an iteration of the
// loop leaves behind:
//  - nothing, in memory, in the frames of the thread or in its registers: then every iteration that finds the same is the
//    same, and the loop waits until one of the things that it looks at changes. The engine is told, and takes it for a wait.
//  - a trace, as a counter of iterations: then some iterations are steps, so that it matters after how many the loop ends;
//    what finds the same after those goes round without a step, so that a bound on the iterations is reached. Where the
//    trace is a count that nobody else asks for (counted_loops.hpp), what has found nothing goes round so at once.
// A loop that spins without a word is found by what it does: where a thread that has done nothing but look comes round to a
// look of before and has left no trace, it waits as if it had yielded there.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "endless_loops.hpp"
#include "footprint.hpp"
#include "known_loops.hpp"
#include "spinning_loops.hpp"
#include "thread_state.hpp"

namespace heddle::unmodified {

class FrontEnd;

class WaitingLoops {
  public:
    WaitingLoops(FrontEnd& front_end, KnownLoops& known) : front_end_(front_end), known_(known) {}

    /// The program yields.
    void yield(const Frames& frames, std::uintptr_t caller);
    /// What follows is a step that is no look.
    void before_step();
    /// The step that was announced as a look has turned out to be none.
    void after_step();
    /// What the thread does now cannot be told from what it leaves behind.
    void leaves_trace();
    /// The thread asks what time it is: what it finds the next time may be something else.
    void looks_at_the_clock() { leave_in_all_footprints(); }

    /// A try_lock has failed. Loops that try again after other steps wait, although they do not say so.
    void try_failed(std::uintptr_t caller);

    /// The running thread is about to look at an atomic, that is to read it, or to fail to write it, or to write what is
    /// there. Returns: what it finds, if that is no step.
    std::optional<std::uint64_t> look_again(std::uintptr_t address, const Frames& frames, std::uintptr_t caller);
    /// Whether the running thread goes round without a step.
    bool is_going_round() const;
    /// It has looked.
    void looked(std::uintptr_t address, std::uintptr_t caller, std::uint64_t value);

    /// The thread is about to write plain memory, in an iteration that is watched.
    void before_write(std::uintptr_t address, std::size_t size);

    /// How many iterations of a loop that leaves a trace are steps, as the engine has it.
    static constexpr unsigned most_iterations_told = 2;

  private:
    void compare(bool compared) const;
    void tell(engine::Site yield);
    void tell_untold();
    void tell_of_trace(std::uintptr_t caller);
    void begin_iteration(const Frames& frames, std::uintptr_t caller, bool is_untold, bool repeats);
    bool goes_round_alike() const;
    const std::uint64_t* repeat_look(std::uint64_t site, std::uintptr_t address) const;
    const std::uint64_t* go_round_at_once(std::uint64_t site, std::uintptr_t address) const;
    void come_to_look(const Arrival& here);
    void learn_trace(std::uint64_t look);
    void leave_in_all_footprints();
    bool is_first_turn(bool forgets);

    FrontEnd& front_end_;
    KnownLoops& known_;
    EndlessLoops endless_{front_end_, known_};
    SpinningLoops spinning_{front_end_, known_, endless_};
    Footprints iterations_{front_end_};
};

}  // namespace heddle::unmodified
