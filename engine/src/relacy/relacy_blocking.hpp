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
    std::chrono::nanoseconds now() const { return now_; }

    // Like the futex of Linux: the comparison and the falling asleep are one step, and neither orders memory.
    OperationResult wait(Slot& slot, const Operation& op);
    OperationResult wake(Slot& slot, const Operation& op);
    // A mutex.
    OperationResult lock(Slot& slot, const Operation& op);
    OperationResult unlock(Slot& slot);
    // A condition.
    void enlist(Slot& slot);
    OperationResult sleep(Slot& slot, const Operation& op);

  private:
    static OperationResult answer(WaitOutcome result) { return {.value = static_cast<std::uint64_t>(result)}; }
    WaitOutcome park(Slot& slot, std::chrono::nanoseconds deadline);

    RelacyExecution<threads>& execution_;
    std::array<unsigned, threads> spurious_left_{};
    std::array<bool, threads> parked_{};
    std::chrono::nanoseconds now_{};
    rl::debug_info info_;
};

}  // namespace heddle::engine::relacy

#include "relacy_blocking.inl"
