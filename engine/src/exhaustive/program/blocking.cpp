// What may block: the futex, mutexes and conditions.
#include <algorithm>
#include <string>

#include "exhaustive/graph/queue_value.hpp"
#include "run.hpp"

namespace heddle::engine::exhaustive {

namespace {
OperationResult answer(WaitOutcome result) { return {.value = static_cast<std::uint64_t>(result)}; }
}  // namespace

/// A queue has room for all threads but one.
void ExhaustiveRun::check_room_to_wait(Site site) {
    if (current_thread_ == 0 && thread_count_ > most_threads)
        fail(FailureKind::too_big,
             "a model of " + std::to_string(most_threads) + " threads waits where it is constructed or in after()",
             site);
}

OperationResult ExhaustiveRun::wait(Slot& slot, const Operation& op) {
    check_room_to_wait(op.site);
    const LocationId word = slot.location;
    const LocationId queue = word + 1;
    const bool expired = op.has_deadline() && op.deadline <= current().now;
    Modification look;
    if (!expired && !may_wake_spuriously(op.deadline))
        look = {.kind = Modification::Kind::look, .expected = op.expected};
    if (value_read(read_event(word, std::memory_order_relaxed, look)) != op.expected)
        return answer(WaitOutcome::changed);
    if (expired) return answer(WaitOutcome::timed_out);
    const bool spurious = wakes_spuriously(op.deadline);
    std::uint64_t waiters = 0;
    modify(queue, Modification::to_wait(current_thread_), waiters);
    current().enqueued = last_event();
    return sleep_until_woken(queue, op.deadline, spurious);
}

bool ExhaustiveRun::may_wake_spuriously(std::chrono::nanoseconds deadline) {
    return deadline == no_deadline && current().spurious_left != 0;
}

bool ExhaustiveRun::wakes_spuriously(std::chrono::nanoseconds deadline) {
    return may_wake_spuriously(deadline) && choose(2) == 1;
}

/// Requires: the thread is in the queue, or was taken out of it since.
OperationResult ExhaustiveRun::sleep_until_woken(LocationId queue, std::chrono::nanoseconds deadline, bool spurious) {
    if (deadline != no_deadline || spurious) {
        std::uint64_t waiters = 0;
        const bool still_waited =
            modify(queue, {.kind = Modification::Kind::dequeue, .operand = current_thread_}, waiters);
        if (spurious) {
            if (!still_waited) leave(State::misfit);  // a wake came first: the execution without the choice
            --current().spurious_left;
            return answer(WaitOutcome::woken);
        }
        if (!still_waited) return answer(WaitOutcome::woken);
        current().now = std::max(current().now, deadline);
        return answer(WaitOutcome::timed_out);
    }
    current().state = State::asleep;
    woken_event();
    current().state = State::runnable;
    return answer(WaitOutcome::woken);
}

/// The step on the queue that took a sleeping thread out of it, if there is one.
EventId ExhaustiveRun::remover_of(const Thread& thread) const {
    const Graph& graph = this->graph();
    const auto self = static_cast<unsigned>(thread.enqueued.thread);
    const auto& steps = graph.at(graph[thread.enqueued].location).coherence;
    auto at = std::find(steps.begin(), steps.end(), thread.enqueued);
    for (; at != steps.end(); ++at)
        if (!has_waiter(graph[*at].value, self)) return *at;
    return {};
}

OperationResult ExhaustiveRun::wake(Slot& slot, const Operation& op) {
    std::uint64_t waiters = 0;
    modify(slot.location + 1, {.kind = Modification::Kind::wake, .operand = op.value}, waiters);
    return {.value = std::min<std::uint64_t>(op.value, waiters_in(waiters))};
}

/// A mutex is a word, 0 or 1, that only read-modify-writes change. One that waits is an event only once it can take the
/// mutex; one with a deadline looks when that has come, which is late enough to take what was freed before.
OperationResult ExhaustiveRun::take(Slot& slot, const Operation& op) {
    Modification modification = Modification::to_lock();
    if (op.kind == OperationKind::lock && !op.has_deadline()) {
        current().awaited = slot.location;
        current().state = State::awaiting;
    } else {
        modification.kind = Modification::Kind::compare;
    }
    std::uint64_t before = 0;
    const bool taken = modify(slot.location, modification, before);
    current().state = State::runnable;
    if (!taken && op.kind == OperationKind::lock) current().now = std::max(current().now, op.deadline);
    return {.value = before, .success = taken};
}

OperationResult ExhaustiveRun::free(Slot& slot) {
    const Modification modification{
        .kind = Modification::Kind::modify, .size = 4, .order = std::memory_order_release, .operand = 0};
    std::uint64_t before = 0;
    modify(slot.location, modification, before);
    return {.value = before, .success = before != 0};
}

void ExhaustiveRun::enlist(Slot& slot, Site site) {
    check_room_to_wait(site);
    std::uint64_t waiters = 0;
    modify(slot.location + 1, {.kind = Modification::Kind::enlist, .operand = current_thread_}, waiters);
    current().enqueued = last_event();
}

OperationResult ExhaustiveRun::sleep(const Operation& op) {
    const LocationId queue = graph()[current().enqueued].location;
    return sleep_until_woken(queue, op.deadline, wakes_spuriously(op.deadline));
}

OperationResult ExhaustiveRun::notify(Slot& slot, const Operation& op) {
    std::uint64_t waiters = 0;
    if (op.value != 1) {
        modify(slot.location + 1, {.kind = Modification::Kind::wake, .operand = op.value}, waiters);
        return {.value = waiters_in(waiters)};
    }
    modify(slot.location + 1, {.kind = Modification::Kind::choose}, waiters);
    return {.value = std::min(1U, waiters_in(waiters))};
}

}  // namespace heddle::engine::exhaustive
