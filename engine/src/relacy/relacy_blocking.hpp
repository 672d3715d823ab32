// What may block on Relacy: the futex, mutexes and conditions.
#pragma once

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

#include "execution/words.hpp"
#include "relacy_execution.hpp"

namespace heddle::engine::relacy {

/// Each member that takes an operation is a step of the running fiber and returns when what it waits for has come. It may
/// assume that the object is alive when the step begins, and that a fiber which sleeps has enlisted.
template <int threads>
class RelacyBlocking {
  public:
    explicit RelacyBlocking(RelacyExecution<threads>& execution) : execution_(execution) {}

    void begin();
    /// One clock for all threads.
    std::chrono::nanoseconds now() {
        reads_the_clock_[execution_.fiber_index()] = true;
        return now_;
    }

    /// The running thread can do nothing useful before others have run, or time has passed.
    void yield();

    // Like the futex of Linux: the comparison and the falling asleep are one step, and neither orders memory.
    OperationResult wait(Slot<threads>& slot, const Operation& op);
    OperationResult wake(Slot<threads>& slot, const Operation& op);
    // A mutex.
    OperationResult lock(Slot<threads>& slot, const Operation& op);
    OperationResult unlock(Slot<threads>& slot);
    // A condition.
    void enlist(Slot<threads>& slot);
    OperationResult sleep(Slot<threads>& slot, const Operation& op);

  private:
    static OperationResult answer(WaitOutcome result) { return {.value = static_cast<std::uint64_t>(result)}; }
    void time_out(std::chrono::nanoseconds deadline);
    WaitOutcome park(Slot<threads>& slot, std::chrono::nanoseconds deadline);

    RelacyExecution<threads>& execution_;
    /// How often time stands still for a thread that yields and looks at the clock, before it must pass.
    static constexpr unsigned most_standstills = 3;

    std::array<unsigned, threads> spurious_left_{};
    std::array<unsigned, threads> time_outs_left_{};
    std::array<unsigned, threads> standstills_left_{};
    std::array<bool, threads> reads_the_clock_{};  // since its last yield
    std::array<bool, threads> parked_{};
    std::chrono::nanoseconds now_{};
    rl::debug_info info_;
};

}  // namespace heddle::engine::relacy

#include "relacy_blocking.inl"
