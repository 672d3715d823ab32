// The clock of an execution. It moves when a wait times out and when a thread sleeps, and slowly, then faster, while a
// thread looks at nothing but the clock: a loop that ends at a time comes to its end.
#pragma once

#include <chrono>
#include <cstdint>

namespace heddle::unmodified {

class FrontEnd;

class VirtualClock {
  public:
    explicit VirtualClock(FrontEnd& front_end) : front_end_(front_end) {}

    /// The running thread asks for the time.
    std::chrono::nanoseconds now(std::uintptr_t caller);
    /// It sleeps so long.
    void sleep(std::chrono::nanoseconds span);

  private:
    FrontEnd& front_end_;
};

}  // namespace heddle::unmodified
