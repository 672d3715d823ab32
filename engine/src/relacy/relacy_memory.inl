// Included by relacy_memory.hpp alone.
#pragma once

namespace heddle::engine::relacy {

template <int threads>
void RelacyMemory<threads>::construct(const Object& object, Slot<threads>& slot, std::optional<std::uint64_t> initial) {
    rl::context& context = rl::ctx();
    slot.waiting.clear();
    slot.used_at.fill(0);
    if (has_value(object.kind)) {
        const rl::preemption_disabler at_once(context);
        auto* const atomic = new (slot.storage) Atomic();
        atomic->store(*initial, rl::mo_relaxed, info_);
    } else {
        slot.plain = context.var_ctor();
        if (object.initialised) slot.plain->init(*context.threadx_);
    }
}

/// Asked of a compare-exchange that could succeed.
template <int threads>
bool RelacyMemory<threads>::fails_without_cause(const Operation& op) {
    bool& may_fail = weak_cas_may_fail_[execution_.fiber_index()];
    if (op.kind != OperationKind::compare_exchange_weak || !may_fail) return false;
    const bool fails = rl::ctx().rand(2, rl::sched_type_cas_fail) == 1;
    if (fails) may_fail = false;
    return fails;
}

template <int threads>
OperationResult RelacyMemory<threads>::read_modify_write(Slot<threads>& slot, const Operation& op) {
    rl::context& context = rl::ctx();
    context.sched();
    const rl::preemption_disabler at_once(context);
    if (!op.object->alive) return {};
    const std::uint64_t before = slot.atomic().debug_value();
    if (is_compare_exchange(op.kind)) {
        if (before != op.expected || fails_without_cause(op))
            return {.value = slot.read_latest(op.failure_order), .success = false};
    }
    slot.replace(modified(op.kind, op.object->size, op.value, before), op.order);
    return {.value = before, .success = true};
}

template <int threads>
void RelacyMemory<threads>::access(Slot<threads>& slot, const Operation& op) {
    auto& thread = *rl::ctx().threadx_;
    const bool writes = op.kind == OperationKind::write;
    if (!writes && !op.object->initialised)
        execution_.fail(FailureKind::uninitialised_read, words::read_before_written, op.site);
    if (writes && !op.object->initialised) {
        op.object->initialised = true;
        slot.plain->init(thread);
        return;
    }
    if (!(writes ? slot.plain->store(thread) : slot.plain->load(thread))) fail_race(slot, op);
}

/// Another fiber whose last use of the object the running one does not know.
template <int threads>
std::optional<int> RelacyMemory<threads>::user_of(const Slot<threads>& slot) const {
    for (int other = 0; other != threads; ++other)
        if (other != execution_.fiber() &&
            rl::ctx().threadx_->acq_rel_order_[other] < slot.used_at[static_cast<std::size_t>(other)])
            return other;
    return std::nullopt;
}

/// Destroying is to a use what a write is to a read: a use that does not happen before it may come after it, in another
/// interleaving or out of order. `op.value`: what orders the two is not seen by an engine.
template <int threads>
void RelacyMemory<threads>::destroy(Slot<threads>& slot, const Operation& op) {
    if (const auto other = op.value == 0 ? user_of(slot) : std::nullopt)
        execution_.fail({.kind = FailureKind::use_after_free,
                         .message = words::destroyed_in_use(execution_.shared().name_of(*op.object)),
                         .site = op.object->created,
                         .object = op.object,
                         .other_thread = execution_.number_of(*other)});
    if (has_value(op.object->kind)) {
        if (!slot.waiting.empty())
            execution_.fail(FailureKind::use_after_free, "an atomic is destroyed while a thread waits on it", op.site);
        slot.atomic().~Atomic();
    } else {
        rl::ctx().var_dtor(slot.plain);
    }
    execution_.shared().end(*op.object);
}

template <int threads>
void RelacyMemory<threads>::fail_race(Slot<threads>& slot, const Operation& op) {
    const bool writes = op.kind == OperationKind::write;
    const auto& thread = *rl::ctx().threadx_;
    const auto& data = static_cast<const rl::var_data_impl<threads>&>(*slot.plain);
    std::optional<std::uint64_t> other;
    for (int i = 0; i != threads; ++i) {
        const bool unseen = thread.acq_rel_order_[i] < data.store_acq_rel_timestamp_[i] ||
                            (writes && thread.acq_rel_order_[i] < data.load_acq_rel_timestamp_[i]);
        if (unseen) other = execution_.number_of(i);
    }
    execution_.fail({.kind = FailureKind::data_race,
                     .message = words::race_on(execution_.shared().name_of(*op.object)),
                     .site = op.site,
                     .object = op.object,
                     .other_thread = other});
}

template <int threads>
void RelacyMemory<threads>::barrier() {
    const rl::preemption_disabler at_once(rl::ctx());
    fence(std::memory_order_seq_cst);
}

template <int threads>
void RelacyMemory<threads>::fence(std::memory_order order) {
    rl::context& context = rl::ctx();
    switch (order) {
        case std::memory_order_relaxed:
            break;
        case std::memory_order_consume:
        case std::memory_order_acquire:
            context.atomic_thread_fence_acquire();
            break;
        case std::memory_order_release:
            context.atomic_thread_fence_release();
            break;
        case std::memory_order_acq_rel:
            context.atomic_thread_fence_acq_rel();
            break;
        case std::memory_order_seq_cst:
            context.atomic_thread_fence_seq_cst();
            break;
    }
}

}  // namespace heddle::engine::relacy
