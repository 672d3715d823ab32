// Atomics, fences and plain data on Relacy.
#pragma once

#include <array>
#include <cstdint>

#include "execution/read_modify_write.hpp"
#include "execution/words.hpp"
#include "relacy_execution.hpp"

namespace heddle::engine::relacy {

/// Each member is one step of the running fiber, but for begin() and construct(). It may assume that the object is alive
/// when the step begins; another fiber may destroy it before the step is taken.
template <int threads>
class RelacyMemory {
  public:
    explicit RelacyMemory(RelacyExecution<threads>& execution) : execution_(execution) {}

    void begin() { weak_cas_may_fail_.fill(execution_.program().weak_failures != 0); }
    /// Makes Relacy's side of an object that nobody else can know yet.
    void construct(const Object& object, Slot<threads>& slot, std::optional<std::uint64_t> initial);
    OperationResult load(Slot<threads>& slot, const Operation& op) {
        return {.value = slot.atomic().load(to_relacy(op.order), info_)};
    }
    void store(Slot<threads>& slot, const Operation& op) { slot.atomic().store(op.value, to_relacy(op.order), info_); }
    OperationResult read_modify_write(Slot<threads>& slot, const Operation& op);
    void fence(std::memory_order order);
    /// A fence of the kernel's. It orders memory, too: Relacy has none that does not.
    void barrier();
    void access(Slot<threads>& slot, const Operation& op);
    void destroy(Slot<threads>& slot, const Operation& op);

  private:
    using Atomic = typename Slot<threads>::Atomic;

    std::optional<int> user_of(const Slot<threads>& slot) const;
    bool fails_without_cause(const Operation& op);
    [[noreturn]] void fail_race(Slot<threads>& slot, const Operation& op);

    RelacyExecution<threads>& execution_;
    std::array<bool, threads> weak_cas_may_fail_{};
    rl::debug_info info_;
};

}  // namespace heddle::engine::relacy

#include "relacy_memory.inl"
