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
        Slot<threads>& made = slots_[object.id];
        memory_.construct(object, made, initial);
        made.made_by = execution_.is_concurrent() ? std::optional(execution_.fiber_index()) : std::nullopt;
        made.made_at = rl::ctx().threadx_->own_acq_rel_order_;
    }

    /// Called by dispatch() before each of the following.
    void check(const Operation& op) {
        if (!execution_.shared().is_anything_shared() && execution_.is_concurrent())
            execution_.shared().note_use(*op.object, execution_.number_of(execution_.fiber()));
        const Slot<threads>& made = slot(op);
        const bool is_known = !made.made_by || *made.made_by == execution_.fiber_index() ||
                              rl::ctx().threadx_->acq_rel_order_[*made.made_by] >= made.made_at;
        if (!is_known && has_value(op.object->kind) && op.kind != OperationKind::destroy)
            execution_.fail(FailureKind::uninitialised_read, words::used_before_published, op.site);
    }
    /// Called after each of them: another thread may have destroyed the object before this one got its turn.
    void check_survived(const Operation& op) {
        if (op.kind == OperationKind::wake) return;  // the kernel does not look at a word that is gone
        if (!op.object->alive && op.kind != OperationKind::destroy)
            execution_.fail(FailureKind::use_after_free, "an object was destroyed during an operation on it", op.site);
        if (execution_.is_concurrent())
            slot(op).used_at[execution_.fiber_index()] = rl::ctx().threadx_->own_acq_rel_order_;
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

    /// Requires: the object was constructed in this execution.
    Slot<threads>& slot(const Operation& op) { return slots_[op.object->id]; }

  private:
    RelacyExecution<threads>& execution_;
    RelacyMemory<threads>& memory_;
    RelacyBlocking<threads>& blocking_;
    std::deque<Slot<threads>> slots_;  // by number of the object
};

}  // namespace heddle::engine::relacy
