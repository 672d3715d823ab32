// Waits that end with their time. A thread that waits again after each time-out would do so for ever: it may time out so
// often at one place, and what it does then is not explored.
#pragma once

#include <cstdint>

namespace heddle::unmodified {

class FrontEnd;

/// Used by hooks that wait. State: ThreadState::time_outs.
class TimedWaits {
  public:
    explicit TimedWaits(FrontEnd& front_end) : front_end_(front_end) {}

    /// A wait of the running thread has ended with its time. Does not return where the thread has waited as often as is
    /// explored.
    void timed_out(std::uintptr_t caller) const;

  private:
    FrontEnd& front_end_;
};

}  // namespace heddle::unmodified
