// Loops that poll: in each round the thread takes a mutex, looks at plain memory, and lets the mutex go. A round is in vain
// if the thread comes again to the lock with which the round began, has had no steps but those and looks, and has left no
// trace: its frames and its registers are what they were, and whenever it ran, it has left all other memory as it was.
// The execution without that round has all that follows, so the thread leaves this one
// (docs/decisions/0024-loops-that-poll-under-a-lock.md).
//
// A structure that is guarded by a lock is written by anybody, code without hooks too: so memory is compared as a whole.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>

#include <heddle/engine/adopted.hpp>

#include "footprint.hpp"
#include "known_loops.hpp"
#include "thread_state.hpp"

namespace heddle::unmodified {

class FrontEnd;

/// For the running thread. Hooks of mutexes tell where it comes to a lock; whoever takes a step of it, or changes memory on
/// its behalf that is no trace, tells so before and after. State: ThreadState::polls and memory, which only it changes.
class PollingLoops {
  public:
    PollingLoops(FrontEnd& front_end, KnownLoops& known) : front_end_(front_end), known_(known) {}

    /// The running thread comes to a lock. Does not return where its last round was in vain.
    void come_to_lock(const Frames& frames, std::uintptr_t caller);
    /// What follows is a step of the running thread.
    void before_step() {
        if (is_comparing()) compare_memory();
    }
    /// It has taken one, and others may have run meanwhile.
    void after_step() {
        if (is_comparing()) self.memory = digest_of_memory();
    }
    /// Events of the thread have been taken back: its rounds may have begun with some that never were.
    static void forget_rounds() { self.polls = {}; }

  private:
    static bool is_comparing() {
        return self.turns_compared != 0 ||
               std::any_of(self.polls.begin(), self.polls.end(), [](const Poll& poll) { return poll.is_compared; });
    }
    Footprint& footprint_of(const Poll& poll);
    std::uint64_t digest_of_memory() const;
    void compare_memory();
    void begin_round(Poll& poll, std::uint64_t site, const Frames& frames);
    void come_round(const Poll& poll, const Frames& frames);
    void come_round_after_several(Poll& poll, std::uint64_t site, const Frames& frames);

    FrontEnd& front_end_;
    KnownLoops& known_;
    std::array<std::array<Footprint, 2 * most_polls>, engine::most_adopted_threads + 1> footprints_;  ///< by thread
};

}  // namespace heddle::unmodified
