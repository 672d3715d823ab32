#include "learning.hpp"

#include <utility>

#include "exhaustive/graph/invariants.hpp"
#include "host/digest.hpp"
#include "host/stacks.hpp"

namespace heddle::engine::exhaustive {

namespace {

/// Each so manieth execution is run although it is known how it ends.
constexpr std::uint64_t check_period = 1024;

/// A run that teaches is worth it if so many executions need none, after the first ones; the same for one that was to teach and
/// was spoilt.
constexpr std::uint64_t least_gain = 16;
constexpr std::uint64_t first_runs = 64;
constexpr std::uint64_t first_spoilt = 8;

bool is_event(OperationKind kind) {
    return kind == OperationKind::load || kind == OperationKind::store || is_read_modify_write(kind) ||
           kind == OperationKind::fence;
}

/// What an operation was about is of no use to its caller any more, in whose frame it is.
void forget_values(const Operation& op) {
    if (Stacks::top_of(&op) == nullptr) return;
    auto& done = const_cast<Operation&>(op);
    done.value = done.expected = 0;
}

}  // namespace

void Learning::begin_program(bool is_possible, std::uint64_t begins_after) {
    is_possible_ = is_possible;
    begins_after_ = begins_after;
    learns_ = was_wrong_ = checks_ = false;
    extended_ = learnt_ = spoilt_ = 0;
    is_anew_ = true;
}

std::optional<RunEnd> Learning::go_on(Decider& decider, unsigned& first, unsigned threads, bool leaves_turns_out) {
    if (decider.decides_turns() || !execution_.is_anything_shared()) return std::nullopt;
    if (std::exchange(is_anew_, false)) steps_.clear();
    KnownRun run(steps_, decider, threads, leaves_turns_out);
    const auto end = run.run(first);
    if (!end) {
        if (++learnt_ > first_runs + extended_ / least_gain) is_possible_ = false;
        if (steps_.start().exists()) first = run.stopped_at();
        return std::nullopt;
    }
    checks_ = ++extended_ % check_period == 0 && end == RunEnd::complete;
    if (!checks_) {
        if (end == RunEnd::complete) assert_invariants(decider.graph());
        return end;
    }
    first = 0;
    return std::nullopt;
}

RunEnd Learning::judged(RunEnd end) {
    const bool is_other = (checks_ && end != RunEnd::complete) ||
                          (end == RunEnd::failed && execution_.failure->kind == FailureKind::nondeterminism);
    if (taught_ && !learns_ && ++spoilt_ > first_spoilt + extended_ / least_gain) is_possible_ = false;
    checks_ = learns_ = taught_ = false;
    if (!is_other && !was_wrong_) return end;
    begin_program(false, 0);
    return RunEnd::restart;
}

void Learning::start() {
    if (!is_possible_ || is_anew_ || checks_) return;
    const Graph& graph = trace_.graph();
    const EventId start = trace_.last_event(0);
    const std::uint64_t memory = execution_.memory.digest();
    if (!steps_.start().exists()) {
        for (EventId id = start; id.index-- != 0;)
            if (graph[id].kind == EventKind::choice || graph[id].modification.is_weak) return;
        steps_.set_start(start);
        memory_ = memory;
    }
    learns_ = taught_ = memory == memory_ && steps_.start() == start;
    if (learns_) variables_.note();
}

void Learning::join() {
    if (learns_ && variables_.have_changed()) give_up();
}

/// Something was learnt that does not hold.
void Learning::give_up() {
    was_wrong_ = true;
    learns_ = false;
}

bool Learning::memory_is_shared() const { return trace_.running() != 0 && execution_.memory.digest() != memory_; }

PointId Learning::known_after_last() {
    const EventId last = trace_.last_event();
    return last == steps_.start() ? KnownSteps::nowhere : steps_.after(last, trace_.graph()[last]);
}

void Learning::go_to(PointId point) {
    points_[trace_.running()] = point;
    events_[trace_.running()] = trace_.events_run();
}

bool Learning::arrives(const Operation& op) {
    const bool is_access =
        op.kind == OperationKind::read || op.kind == OperationKind::write || op.kind == OperationKind::destroy;
    if (is_access && (trace_.running() == 0 || op.kind == OperationKind::read)) return false;
    if (!is_event(op.kind)) {
        spoil();
        return false;
    }
    go_to(known_after_last());
    return points_[trace_.running()] == KnownSteps::nowhere;
}

void Learning::arrive(std::uint64_t frames, bool may_fail) {
    const AllocateFor engine(nullptr);
    const unsigned thread = trace_.running();
    const EventId last = trace_.last_event();
    if (memory_is_shared()) return spoil();
    const std::uint64_t memory = thread == 0 ? execution_.memory.digest() : memory_;
    const PointId point = steps_.point_of(mixed(mixed(frames, memory), thread * 2 + (may_fail ? 1U : 0U)));
    if (point == KnownSteps::nowhere) return spoil();
    steps_.link(last, trace_.graph()[last], point);
    go_to(point);
}

void Learning::took(const Operation& op) {
    const unsigned thread = trace_.running();
    if (!learns_ || !is_event(op.kind)) return;
    if (trace_.events_run() != events_[thread] + 1U) return spoil();
    const EventId id = trace_.last_event();
    const AllocateFor engine(nullptr);
    forget_values(op);
    if (!steps_.learn(points_[thread], trace_.place_of(id), trace_.graph()[id])) return give_up();
    trace_.graph()[id].point = points_[thread];
}

void Learning::arrive_at_end() {
    if (!learns_) return;
    if (memory_is_shared()) return spoil();
    const EventId last = trace_.last_event();
    const PointId known = known_after_last();
    if (known == KnownSteps::nowhere) steps_.link(last, trace_.graph()[last], KnownSteps::at_end);
    else if (known != KnownSteps::at_end) give_up();
}

}  // namespace heddle::engine::exhaustive
