// Loops that wait. A yield says that a thread can do nothing useful now. What it means depends on what an iteration of the
// loop leaves behind:
//  - nothing, in memory, in the frames of the thread or in its registers: then every iteration that finds the same is the
//    same, and the loop waits until one of the things that it looks at changes. The engine is told, and takes it for a wait.
//  - a trace, as a counter of iterations: then some iterations are steps, so that it matters after how many the loop ends;
//    what finds the same after those goes round without a step (RepeatedIterations), so that a bound on the iterations is
//    reached. Where the trace is a count that nobody else asks for (CountedLoops), what has found nothing goes round so at once.
//    Where threads come to be what they were, or go round as often as is explored, the loop waits after all (EndlessLoops).
// Loops that do not yield are treated as if they did, where they are found out: those that spin without a word (SpinningLoops),
// and those that try a lock again and again. Loops that poll under a lock are another matter (PollingLoops).
// What a loop has turned out to be is known in all executions (KnownLoops).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "arrival.hpp"
#include "counted_loops.hpp"
#include "endless_loops.hpp"
#include "footprint.hpp"
#include "known_loops.hpp"
#include "repeated_iterations.hpp"
#include "spinning_loops.hpp"

namespace heddle::unmodified {

class FrontEnd;

/// For the running thread. Before an access that may be a look, a hook asks look_again(); after it, it says looked(), or
/// after_step() where the access was none. Before any other step FrontEnd says before_step(). Hooks say yield(), and whoever
/// keeps something for the program that is not in its memory, leaves_trace().
/// State: ThreadState::iteration, of which it decides where one begins, and of tries that fail, failed_try_at, failed_tries and
/// has_stepped.
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
    /// Whether a store of the running thread that writes again what was there would belong to a round of a loop that spins: then it
    /// is announced by nothing, and followed by stored_again() or by after_step().
    bool may_store_in_vain() const;
    /// The store has written again what the thread had written there.
    void stored_again() const;
    /// Whether the running thread goes round without a step.
    bool is_going_round() const { return CountedLoops::is_in_extra_turn() || repeated_.goes_on(); }
    /// It has looked.
    void looked(std::uintptr_t address, std::uintptr_t caller, std::uint64_t value);

    /// The thread is about to write plain memory. Requires: ThreadState::is_watched.
    void before_write(std::uintptr_t address, std::size_t size);

  private:
    /// How an iteration begins.
    struct Next {
        bool repeats;            ///< its looks are no steps, as long as they are those of the last one
        bool is_untold = false;  ///< the engine hears of the yield once they are not
    };

    void end_imagined(const Arrival& here);
    void end_in_vain(const Arrival& here);
    void end_otherwise(const Arrival& here);
    void end_with_trace(const Arrival& here);
    bool forgets_its_looks(std::uintptr_t caller) const;
    void begin_iteration(const Arrival& here, Next next);
    void compare(bool compared) const;
    void tell(engine::Site yield);
    void tell_untold();
    void tell_of_trace(std::uintptr_t caller);
    void come_to_look(const Arrival& here);
    void learn_trace(std::uint64_t look);
    void leave_in_all_footprints();

    FrontEnd& front_end_;
    KnownLoops& known_;
    EndlessLoops endless_{front_end_, known_};
    SpinningLoops spinning_{front_end_, known_, endless_};
    RepeatedIterations repeated_{front_end_, known_, endless_};
    Footprints iterations_{front_end_};
};

}  // namespace heddle::unmodified
