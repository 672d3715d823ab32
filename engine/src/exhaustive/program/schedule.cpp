// A switch of fibers costs as much as the calls that it comes back through, since a processor mispredicts each of those
// returns: what leads to one is inlined.
#include "schedule.hpp"

#include <utility>

#include "host/internal_error.hpp"

namespace heddle::engine::exhaustive {

void Schedule::begin(unsigned first) {
    end_.reset();
    stuck_ = false;
    repeating_ = true;
    first_ = first;
}

void Schedule::start_thread(unsigned number, EventId spawned_by, std::function<void()> body) {
    threads_.add(number, spawned_by, std::move(body));
    fibers_.start(number);
}

void Schedule::go() {
    execution_.memory.use_arena(0);
    fibers_.switch_to(0);
}

RunEnd Schedule::end() const {
    if (!end_) internal_error("a run has returned without an end");
    return *end_;
}

/// The running thread cannot go on now: lets those run that can, until it is one of them again. At the end of the run that
/// is never.
[[gnu::always_inline]] inline void Schedule::hand_over() {
    std::optional<unsigned> next;
    if (!end_ && repeating_) {
        next = next_to_repeat();
        repeating_ = next.has_value();
    }
    if (!end_ && !next) next = next_to_extend();
    if (!next) fibers_.switch_outside();
    else if (*next != trace_.running()) {
        trace_.switch_to(*next);
        execution_.memory.use_arena(*next);
        fibers_.switch_to(*next);
    }
}

bool Schedule::await_turn() {
    const unsigned thread = trace_.running();
    for (;;) {
        if (is_known(trace_.next_event(thread))) return true;
        const bool is_new = trace_.events_run(thread) == trace_.graph().size(thread);
        if (!is_new && !repeating_) did_something_else();
        if (is_new && !repeating_ && has_its_turn(thread) && (!evenly_ || furthest_behind() == thread)) return false;
        hand_over();
    }
}

void Schedule::did_something_else() {
    fail({.kind = FailureKind::nondeterminism, .message = "the program did something else when it ran again"});
}

bool Schedule::await_change(std::vector<Seen> seen) {
    threads_.expect_change(std::move(seen));
    do hand_over();
    while (threads_[trace_.running()] == ThreadState::expecting && !threads_.may_extend(trace_.running()));
    const bool changed = threads_[trace_.running()] == ThreadState::expecting;
    threads_.go_on();
    return changed;
}

void Schedule::leave(ThreadState state) {
    threads_.leave(state);
    hand_over();
    internal_error("a thread that has left the run goes on");
}

void Schedule::stop(RunEnd end) {
    end_ = end;
    hand_over();
    internal_error("a fiber goes on after the end of its run");
}

void Schedule::fail(Failure failure) {
    if (!failure.thread) failure.thread = trace_.shown_running();
    execution_.failure = std::move(failure);
    stop(RunEnd::failed);
}

/// In turn, from the running one on.
std::optional<unsigned> Schedule::next_to_repeat() const {
    for (unsigned tried = 0, thread = trace_.running(); tried != threads_.count(); ++tried) {
        if (++thread == threads_.count()) thread = 0;
        if (!has_left(threads_[thread]) && is_known(trace_.next_event(thread))) return thread;
    }
    return std::nullopt;
}

bool Schedule::has_its_turn(unsigned thread) const {
    return threads_.may_extend(thread) && trace_.decider().is_turn_of(thread);
}

/// Of the threads that can take a step the one that has taken the fewest, the lowest of several; as many as there are if
/// there is none.
unsigned Schedule::furthest_behind() const {
    unsigned found = threads_.count();
    for (unsigned thread = 0; thread != threads_.count(); ++thread) {
        const bool is_further = found == threads_.count() || trace_.events_run(thread) < trace_.events_run(found);
        if (is_further && has_its_turn(thread)) found = thread;
    }
    return found;
}

unsigned Schedule::lowest() const {
    unsigned thread = 0;
    while (thread != threads_.count() && !has_its_turn(thread)) ++thread;
    return thread;
}

/// The first one, then always the lowest, or the one furthest behind. If there is none, those that expect a change look once
/// more, and leave; when all have, that is the end of the run.
std::optional<unsigned> Schedule::next_to_extend() {
    const auto first = std::exchange(first_, std::nullopt);
    if (first && *first < threads_.count() && has_its_turn(*first)) return first;
    if (const unsigned thread = evenly_ ? furthest_behind() : lowest(); thread != threads_.count()) return thread;
    if (const unsigned thread = threads_.first_in(ThreadState::expecting); thread != threads_.count()) {
        threads_.expect_no_more(thread);
        return thread;
    }
    stuck_ = true;
    for (unsigned thread = 0; thread != threads_.count(); ++thread) stuck_ = stuck_ && !threads_.may_extend(thread);
    if (!stuck_) end_ = RunEnd::inconsistent;
    return std::nullopt;
}

}  // namespace heddle::engine::exhaustive
