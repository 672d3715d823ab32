// Included by relacy_blocking.hpp alone.
#pragma once

namespace heddle::engine::relacy {

template <int threads>
void RelacyBlocking<threads>::begin() {
    spurious_left_.fill(execution_.program().spurious_wakeups);
    time_outs_left_.fill(execution_.program().time_outs);
    standstills_left_.fill(most_standstills);
    reads_the_clock_.fill(false);
    parked_.fill(false);
    now_ = words::clock_start;
    execution_.be_concurrent(false);
}

template <int threads>
OperationResult RelacyBlocking<threads>::wait(Slot<threads>& slot, const Operation& op) {
    rl::context& context = rl::ctx();
    context.sched();
    {
        const rl::preemption_disabler at_once(context);
        if (slot.read_latest(std::memory_order_relaxed) != op.expected) return answer(WaitOutcome::changed);
    }
    if (op.has_deadline() && op.deadline <= now_) return answer(WaitOutcome::timed_out);
    if (!execution_.is_concurrent())
        execution_.fail(FailureKind::deadlock, "a wait where no other thread is left to wake it", op.site);
    slot.waiting.push_back(execution_.fiber());
    execution_.shared().falls_asleep(execution_.shown_running());
    return answer(park(slot, op.deadline));
}

/// Sleeps until a wake takes the fiber out of those who wait.
template <int threads>
WaitOutcome RelacyBlocking<threads>::park(Slot<threads>& slot, std::chrono::nanoseconds deadline) {
    const int self = execution_.fiber();
    const auto number = static_cast<std::size_t>(self);
    unsigned& spurious_left = spurious_left_[number];
    parked_[number] = true;
    const auto reason = rl::ctx().park_current_thread(deadline != no_deadline, spurious_left != 0, false, info_);
    parked_[number] = false;
    if (reason == rl::unpark_reason_normal) return WaitOutcome::woken;
    std::erase(slot.waiting, self);
    if (reason == rl::unpark_reason_spurious) {
        --spurious_left;
        return WaitOutcome::woken;
    }
    time_out(deadline);
    return WaitOutcome::timed_out;
}

template <int threads>
void RelacyBlocking<threads>::time_out(std::chrono::nanoseconds deadline) {
    now_ = std::max(now_, deadline);
    if (time_outs_left_[execution_.fiber_index()]-- == 0)
        execution_.cut(words::times_out_too_often(execution_.program().time_outs));
}

/// A thread that looks at the clock between two yields may wait for a time: it comes at once, or after a few more yields.
template <int threads>
void RelacyBlocking<threads>::yield() {
    const std::size_t self = execution_.fiber_index();
    const bool waits_for_time = std::exchange(reads_the_clock_[self], false) && execution_.is_concurrent();
    rl::ctx().yield(1, info_);
    if (!waits_for_time || time_outs_left_[self] == 0) return;
    if (standstills_left_[self] != 0 && rl::ctx().rand(2, rl::sched_type_user) == 1) --standstills_left_[self];
    else time_out(now_ + words::longer_than_any_deadline);
}

template <int threads>
OperationResult RelacyBlocking<threads>::wake(Slot<threads>& slot, const Operation& op) {
    rl::context& context = rl::ctx();
    context.sched();
    std::uint64_t woken = 0;
    for (; woken != op.value && !slot.waiting.empty(); ++woken) {
        const auto count = static_cast<unsigned>(slot.waiting.size());
        const bool all = op.value >= count;
        const auto chosen = slot.waiting.begin() + (all ? 0 : context.rand(count, rl::sched_type_user));
        const int sleeper = *chosen;
        slot.waiting.erase(chosen);
        execution_.shared().lets_go(execution_.shown_running(), execution_.number_of(sleeper));
        if (parked_[static_cast<std::size_t>(sleeper)]) context.unpark_thread(sleeper, false, info_);
    }
    return {.value = woken};
}

/// Who finds the mutex locked sleeps, and tries again at every unlock.
template <int threads>
OperationResult RelacyBlocking<threads>::lock(Slot<threads>& slot, const Operation& op) {
    rl::context& context = rl::ctx();
    context.sched();
    for (bool is_last_try = op.kind == OperationKind::try_lock;;) {
        {
            const rl::preemption_disabler at_once(context);
            const bool locked = slot.atomic().debug_value() != 0;
            if (!locked) slot.replace(1, std::memory_order_acquire);
            if (!locked || is_last_try) return {.success = !locked};
        }
        if (!execution_.is_concurrent())
            execution_.fail(FailureKind::deadlock, "a lock is never unlocked: no other thread is left", op.site);
        slot.waiting.push_back(execution_.fiber());
        is_last_try = park(slot, op.deadline) == WaitOutcome::timed_out;
    }
}

template <int threads>
OperationResult RelacyBlocking<threads>::unlock(Slot<threads>& slot) {
    rl::context& context = rl::ctx();
    context.sched();
    const bool locked = slot.atomic().debug_value() != 0;
    {
        const rl::preemption_disabler at_once(context);
        slot.replace(0, std::memory_order_release);
    }
    const auto sleepers = std::exchange(slot.waiting, {});
    for (const int sleeper : sleepers) context.unpark_thread(sleeper, false, info_);
    return {.success = locked};
}

template <int threads>
void RelacyBlocking<threads>::enlist(Slot<threads>& slot) {
    rl::ctx().sched();
    slot.waiting.push_back(execution_.fiber());
}

template <int threads>
OperationResult RelacyBlocking<threads>::sleep(Slot<threads>& slot, const Operation& op) {
    rl::ctx().sched();
    const auto& waiting = slot.waiting;
    const bool still_waits = std::find(waiting.begin(), waiting.end(), execution_.fiber()) != waiting.end();
    if (!still_waits) return answer(WaitOutcome::woken);
    if (!execution_.is_concurrent())
        execution_.fail(FailureKind::deadlock, "a wait where no other thread is left to notify it", op.site);
    return answer(park(slot, op.deadline));
}

}  // namespace heddle::engine::relacy
