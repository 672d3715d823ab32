#include "blocking.hpp"

#include <algorithm>

#include "execution/words.hpp"
#include "exhaustive/graph/queue_value.hpp"

namespace heddle::engine::exhaustive {

namespace {
OperationResult answer(WaitOutcome result) { return {.value = static_cast<std::uint64_t>(result)}; }

/// What a wait compares, of the value that it has read.
std::uint64_t compared(const Operation& wait, std::uint64_t value) {
    if (wait.part == nullptr) return value;
    return (value >> (8U * wait.part_begin)) & (~std::uint64_t{0} >> (64U - 8U * wait.part->size));
}
}  // namespace

void Blocking::begin_thread(unsigned thread, unsigned spurious_wakeups, unsigned time_outs) {
    waiters_[thread].spurious_left = spurious_wakeups;
    waiters_[thread].time_outs_left = time_outs;
}

std::chrono::nanoseconds Blocking::now() const {
    std::chrono::nanoseconds now = words::clock_start;
    for (const Passed& passed : passed_) {
        const bool is_own = passed.with.thread == trace_.running();
        if (is_own || trace_.graph()[trace_.last_event()].before.knows(passed.with)) now = std::max(now, passed.now);
    }
    return now;
}

void Blocking::pass_time(std::chrono::nanoseconds until) {
    const Passed passed{trace_.last_event(), std::max(now(), until)};
    if (!passed_.empty() && passed_.back().with == passed.with) passed_.back() = passed;
    else passed_.push_back(passed);
}

/// The running thread's last event was one with which its clock moves to the deadline, if it was before.
void Blocking::time_out(std::chrono::nanoseconds deadline) {
    pass_time(deadline);
    if (current().time_outs_left-- != 0) return;
    is_cut_ = true;
    schedule_.leave(ThreadState::given_up);
}

bool Blocking::lets_time_pass() {
    if (current().time_outs_left == 0) {
        is_cut_ = true;
        return false;
    }
    if (recorder_.choose(2) == 0) return false;
    let_time_pass();
    return true;
}

void Blocking::let_time_pass() { time_out(now() + words::longer_than_any_deadline); }

/// A queue has room for all threads but one.
void Blocking::check_room_to_wait(Site site) {
    if (trace_.running() == 0 && schedule_.threads().count() > most_threads)
        schedule_.fail({.kind = FailureKind::too_big, .message = words::no_room_to_wait(most_threads), .site = site});
}

std::uint64_t Blocking::change(LocationId queue, const Modification& modification) {
    std::uint64_t waiters = 0;
    recorder_.modify(queue, modification, waiters);
    return waiters;
}

OperationResult Blocking::wait(LocationId word, LocationId queue, const Operation& op) {
    check_room_to_wait(op.site);
    if (has_barriers_) recorder_.barrier();
    else without_barrier_ |= std::uint64_t{1} << trace_.running();
    const bool expired = op.has_deadline() && op.deadline <= now();
    const bool sleeps_next = !expired && !may_wake_spuriously(op) && op.part == nullptr;
    Modification look;
    if (sleeps_next) look = {.kind = Modification::Kind::look, .expected = op.expected};
    if (compared(op, recorder_.value_read(recorder_.read(word, std::memory_order_relaxed, look))) != op.expected)
        return answer(WaitOutcome::changed);
    if (expired) return answer(WaitOutcome::timed_out);
    const bool spurious = wakes_spuriously(op);
    change(queue, Modification::to_wait(trace_.running()));
    current().enqueued = trace_.last_event();
    return sleep_until_woken(queue, op.deadline, spurious);
}

bool Blocking::may_wake_spuriously(const Operation& op) {
    const bool may = waits_say_ ? op.value != 0 : !op.has_deadline();
    return may && current().spurious_left != 0;
}

bool Blocking::wakes_spuriously(const Operation& op) { return may_wake_spuriously(op) && recorder_.choose(2) == 1; }

/// Requires: the thread is in the queue, or was taken out of it since.
OperationResult Blocking::sleep_until_woken(LocationId queue, std::chrono::nanoseconds deadline, bool spurious) {
    if (deadline != no_deadline || spurious) return leave_queue(queue, deadline, spurious);
    schedule_.threads().fall_asleep(current().enqueued);
    recorder_.woken(current().enqueued);
    schedule_.threads().go_on();
    return answer(WaitOutcome::woken);
}

/// The wait ends without a wake, unless one has come first.
OperationResult Blocking::leave_queue(LocationId queue, std::chrono::nanoseconds deadline, bool spurious) {
    std::uint64_t waiters = 0;
    const bool still_waited =
        recorder_.modify(queue, {.kind = Modification::Kind::dequeue, .operand = trace_.running()}, waiters);
    if (spurious) {
        if (!still_waited) schedule_.leave(ThreadState::misfit);  // this is the execution without the choice
        --current().spurious_left;
        return answer(WaitOutcome::woken);
    }
    if (!still_waited) return answer(WaitOutcome::woken);
    time_out(deadline);
    return answer(WaitOutcome::timed_out);
}

OperationResult Blocking::wake(LocationId word, const Operation& op) {
    const auto waiters = change(word + 1, {.kind = Modification::Kind::wake, .operand = op.value});
    return {.value = std::min<std::uint64_t>(op.value, waiters_in(waiters))};
}

/// One that waits is an event only once it can take the mutex; one with a deadline looks when that has come, which is late
/// enough to take what was unlocked until then.
OperationResult Blocking::enlist(LocationId word, const Operation& op) {
    check_room_to_wait(op.site);
    const auto waiters = change(word + 1, {.kind = Modification::Kind::enlist, .operand = trace_.running()});
    current().enqueued = trace_.last_event();
    std::uint64_t threads = 0;
    for (unsigned at = 0; at != waiters_in(waiters); ++at) threads |= std::uint64_t{1} << waiter_at(waiters, at);
    return {.value = threads};
}

OperationResult Blocking::sleep(const Operation& op) {
    const LocationId queue = trace_.graph()[current().enqueued].location;
    return sleep_until_woken(queue, op.deadline, wakes_spuriously(op));
}

OperationResult Blocking::notify(LocationId word, const Operation& op) {
    if (op.value != 1)
        return {.value = waiters_in(change(word + 1, {.kind = Modification::Kind::wake, .operand = op.value}))};
    return {.value = std::min(1U, waiters_in(change(word + 1, {.kind = Modification::Kind::choose})))};
}

}  // namespace heddle::engine::exhaustive
