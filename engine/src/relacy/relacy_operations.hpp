// What each operation on an object is on Relacy.
#pragma once

#include <deque>

#include "execution/words.hpp"
#include "relacy_blocking.hpp"
#include "relacy_memory.hpp"

namespace heddle::engine::relacy {

/// Where dispatch() leads. It may assume that the object was constructed in this execution. Its own state is Relacy's side
/// of the objects.
template <int threads>
class RelacyOperations {
  public:
    RelacyOperations(RelacyExecution<threads>& execution, RelacyMemory<threads>& memory,
                     RelacyBlocking<threads>& blocking)
        : execution_(execution), memory_(memory), blocking_(blocking) {}

    void construct(const Object& object, std::optional<std::uint64_t> initial) {
        if (slots_.size() <= object.id) slots_.resize(object.id + 1);
        memory_.construct(object, slots_[object.id], initial);
    }

    /// Called by dispatch() before each of the following.
    void check(const Operation& op) {
        if (!op.object->alive) execution_.fail(FailureKind::use_after_free, words::used_after_destruction, op.site);
    }
    /// Called after each of them: another thread may have destroyed the object before this one got its turn.
    void check_survived(const Operation& op) {
        if (!op.object->alive && op.kind != OperationKind::destroy)
            execution_.fail(FailureKind::use_after_free, "an object was destroyed during an operation on it", op.site);
    }

    OperationResult load(const Operation& op) { return memory_.load(slot(op), op); }
    OperationResult store(const Operation& op) { return memory_.store(slot(op), op), OperationResult{}; }
    OperationResult read_modify_write(const Operation& op) { return memory_.read_modify_write(slot(op), op); }
    OperationResult access(const Operation& op) { return memory_.access(slot(op), op), OperationResult{}; }
    OperationResult destroy(const Operation& op) { return memory_.destroy(slot(op), op), OperationResult{}; }
    OperationResult wait(const Operation& op) { return blocking_.wait(slot(op), op); }
    OperationResult wake(const Operation& op) { return blocking_.wake(slot(op), op); }
    OperationResult lock(const Operation& op) { return blocking_.lock(slot(op), op); }
    OperationResult unlock(const Operation& op) { return blocking_.unlock(slot(op)); }
    OperationResult enlist(const Operation& op) { return blocking_.enlist(slot(op)), OperationResult{}; }
    OperationResult sleep(const Operation& op) { return blocking_.sleep(slot(op), op); }
    OperationResult notify(const Operation& op) { return blocking_.wake(slot(op), op); }

  private:
    Slot& slot(const Operation& op) { return slots_[op.object->id]; }

    RelacyExecution<threads>& execution_;
    RelacyMemory<threads>& memory_;
    RelacyBlocking<threads>& blocking_;
    std::deque<Slot> slots_;  // by number of the object
};

}  // namespace heddle::engine::relacy
