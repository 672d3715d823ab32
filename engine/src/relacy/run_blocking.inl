// The bodies of RelacyRun that may block; included by run.hpp alone.

namespace heddle::engine::relacy {

/// Like the futex of Linux: the comparison and the falling asleep are one step, and neither orders memory.
template <int threads>
OperationResult RelacyRun<threads>::wait(Slot& slot, const Operation& op) {
    const auto answer = [](WaitOutcome result) { return OperationResult{.value = static_cast<std::uint64_t>(result)}; };
    rl::context& context = rl::ctx();
    context.sched();
    {
        const rl::preemption_disabler at_once(context);
        if (read_latest(slot, std::memory_order_relaxed) != op.expected) return answer(WaitOutcome::changed);
    }
    if (op.has_deadline() && op.deadline <= now_) return answer(WaitOutcome::timed_out);
    if (!concurrent_) fail(FailureKind::deadlock, "a wait where no other thread is left to wake it", op.site);
    slot.waiting.push_back(fiber());
    return park(slot, op.deadline);
}

/// Sleeps until a wake takes the fiber out of those who wait.
template <int threads>
OperationResult RelacyRun<threads>::park(Slot& slot, std::chrono::nanoseconds deadline) {
    const auto answer = [](WaitOutcome result) { return OperationResult{.value = static_cast<std::uint64_t>(result)}; };
    const int self = fiber();
    const auto number = static_cast<std::size_t>(self);
    unsigned& spurious_left = spurious_left_[number];
    parked_[number] = true;
    const auto reason = rl::ctx().park_current_thread(deadline != no_deadline, spurious_left != 0, false, info_);
    parked_[number] = false;
    if (reason == rl::unpark_reason_normal) return answer(WaitOutcome::woken);
    std::erase(slot.waiting, self);
    if (reason == rl::unpark_reason_spurious) {
        --spurious_left;
        return answer(WaitOutcome::woken);
    }
    now_ = std::max(now_, deadline);
    return answer(WaitOutcome::timed_out);
}

template <int threads>
OperationResult RelacyRun<threads>::wake(Slot& slot, const Operation& op) {
    rl::context& context = rl::ctx();
    context.sched();
    std::uint64_t woken = 0;
    for (; woken != op.value && !slot.waiting.empty(); ++woken) {
        const auto count = static_cast<unsigned>(slot.waiting.size());
        const bool all = op.value >= count;
        const auto chosen = slot.waiting.begin() + (all ? 0 : context.rand(count, rl::sched_type_user));
        const int sleeper = *chosen;
        slot.waiting.erase(chosen);
        if (parked_[static_cast<std::size_t>(sleeper)]) context.unpark_thread(sleeper, false, info_);
    }
    return {.value = woken};
}

/// A mutex: who finds it locked sleeps, and looks again at every unlock.
template <int threads>
OperationResult RelacyRun<threads>::take(Slot& slot, const Operation& op) {
    rl::context& context = rl::ctx();
    context.sched();
    for (bool last_look = op.kind == OperationKind::try_lock;;) {
        {
            const rl::preemption_disabler at_once(context);
            const bool locked = slot.atomic().debug_value() != 0;
            if (!locked) replace(slot, 1, std::memory_order_acquire);
            if (!locked || last_look) return {.success = !locked};
        }
        if (!concurrent_) fail(FailureKind::deadlock, "a lock is never unlocked: no other thread is left", op.site);
        slot.waiting.push_back(fiber());
        last_look = static_cast<WaitOutcome>(park(slot, op.deadline).value) == WaitOutcome::timed_out;
    }
}

template <int threads>
OperationResult RelacyRun<threads>::free(Slot& slot) {
    rl::context& context = rl::ctx();
    context.sched();
    const bool locked = slot.atomic().debug_value() != 0;
    {
        const rl::preemption_disabler at_once(context);
        replace(slot, 0, std::memory_order_release);
    }
    const auto sleepers = std::exchange(slot.waiting, {});
    for (const int sleeper : sleepers) context.unpark_thread(sleeper, false, info_);
    return {.success = locked};
}

template <int threads>
void RelacyRun<threads>::enlist(Slot& slot) {
    rl::ctx().sched();
    slot.waiting.push_back(fiber());
}

template <int threads>
OperationResult RelacyRun<threads>::sleep(Slot& slot, const Operation& op) {
    rl::ctx().sched();
    const auto& waiting = slot.waiting;
    const bool still_waits = std::find(waiting.begin(), waiting.end(), fiber()) != waiting.end();
    if (!still_waits) return {.value = static_cast<std::uint64_t>(WaitOutcome::woken)};
    if (!concurrent_) fail(FailureKind::deadlock, "a wait where no other thread is left to notify it", op.site);
    return park(slot, op.deadline);
}

}  // namespace heddle::engine::relacy
