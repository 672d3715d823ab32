// Waits that end with their time. A thread that waits again after each time-out would do so for ever: it may time out so
// often at one place. Where it has left its frames and all memory as they were since the last time-out there, it is what it
// was, and what follows is what has followed before: it waits for whatever changes that. Otherwise what it does then is not explored
// (docs/decisions/0029-time-outs-in-vain.md).
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <vector>

#include <heddle/engine/adopted.hpp>

#include "footprint.hpp"
#include "thread_state.hpp"

namespace heddle::unmodified {

class FrontEnd;

/// Used by hooks that wait, and have noted the frames of their caller: each says begin(), and after a time-out timed_out() and
/// then go_on(). State: ThreadState::time_outs and turns_compared.
class TimedWaits {
  public:
    explicit TimedWaits(FrontEnd& front_end) : front_end_(front_end) {}

    /// The running thread begins to wait until then.
    void begin(std::chrono::nanoseconds deadline, std::uintptr_t caller);
    /// The wait has ended with its time. Does not return where the thread has waited as often as is explored.
    void timed_out(std::uintptr_t caller) const;
    /// The thread goes on behind it.
    void go_on(std::uintptr_t caller);
    /// The running thread has changed memory: none of its turns is in vain.
    static void leave();

  private:
    /// Where a turn has begun. What functions that begin in the turn have in registers is made of what is above, and of the time:
    /// compared are those of the frame that they were called from.
    struct Beginning {
        Footprint footprint;
        std::uint64_t entered = 0;   ///< functions, until then
        std::vector<Frames> frames;  ///< of each that went on
    };
    using OfThread = std::array<Beginning, most_places_of_time_outs>;

    Beginning& beginning_of(const TimeOuts& place);
    bool is_left(const Beginning& beginning) const;
    void leave_in_vain(TimeOuts& place) const;

    FrontEnd& front_end_;
    std::array<OfThread, engine::most_adopted_threads + 1> beginnings_;  ///< by thread
};

}  // namespace heddle::unmodified
