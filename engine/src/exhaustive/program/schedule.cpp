// A switch of fibers costs as much as the calls that it comes back through, since a processor mispredicts each of those
// returns: what leads to one is inlined.
#include "schedule.hpp"

#include <utility>

#include "exhaustive/graph/queue_value.hpp"
#include "host/forget.hpp"
#include "host/internal_error.hpp"

namespace heddle::engine::exhaustive {

void Schedule::begin(unsigned first) {
    end_.reset();
    stuck_ = false;
    repeating_ = true;
    first_ = first;
}

void Schedule::abandon() {
    for (unsigned number = 0; number != thread_count_; ++number) {
        Thread& thread = threads_[number];
        thread.state = ThreadState::ended;
        if (thread.body) forget(thread.body);  // never started
    }
    thread_count_ = 0;
}

void Schedule::start_thread(unsigned number, EventId spawned_by, std::function<void()> body) {
    thread_count_ = std::max(thread_count_, number + 1);
    Thread& thread = threads_[number];
    thread.state = ThreadState::runnable;
    thread.body = std::move(body);
    thread.spawned_by = spawned_by;
    fibers_.start(number);
}

void Schedule::go() {
    execution_.memory.use_arena(0);
    fibers_.switch_to(0);
}

unsigned Schedule::first_in(ThreadState state) const {
    unsigned number = 0;
    while (number != thread_count_ && threads_[number].state != state) ++number;
    return number;
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
        if (is_new && !repeating_ && trace_.decider().is_turn_of(thread) && may_extend(thread)) return false;
        hand_over();
    }
}

void Schedule::await_unlock(LocationId mutex) {
    current().awaited = mutex;
    current().state = ThreadState::awaiting;
}

void Schedule::fall_asleep(EventId enqueued) {
    current().enqueued = enqueued;
    current().state = ThreadState::asleep;
}

void Schedule::leave(ThreadState state) {
    current().state = state;
    hand_over();
    internal_error("a thread that has left the run goes on");
}

void Schedule::stop(RunEnd end) {
    end_ = end;
    hand_over();
    internal_error("a fiber goes on after the end of its run");
}

void Schedule::fail(Failure failure) {
    if (!failure.thread) failure.thread = trace_.running_index();
    execution_.failure = std::move(failure);
    stop(RunEnd::failed);
}

/// In turn, from the running one on.
std::optional<unsigned> Schedule::next_to_repeat() const {
    for (unsigned tried = 0, thread = trace_.running(); tried != thread_count_; ++tried) {
        if (++thread == thread_count_) thread = 0;
        if (!has_left(threads_[thread].state) && is_known(trace_.next_event(thread))) return thread;
    }
    return std::nullopt;
}

// Not a switch: a jump through a table is mispredicted, and most threads are runnable.
bool Schedule::may_extend(unsigned number) const {
    const Thread& thread = threads_[number];
    if (thread.state == ThreadState::runnable) return true;
    if (has_left(thread.state)) return false;
    const Graph& graph = std::as_const(trace_).graph();
    if (thread.state == ThreadState::asleep) return remover_of(graph, thread.enqueued).exists();
    if (thread.state == ThreadState::joining) return others_ended();
    return Modification::to_lock().allows(graph.value_of(graph.at(thread.awaited).coherence.back(), thread.awaited));
}

/// The first one, then always the lowest. If there is none, that is the end of the run.
std::optional<unsigned> Schedule::next_to_extend() {
    const auto has_its_turn = [this](unsigned thread) {
        return may_extend(thread) && trace_.decider().is_turn_of(thread);
    };
    const auto first = std::exchange(first_, std::nullopt);
    if (first && *first < thread_count_ && has_its_turn(*first)) return first;
    for (unsigned thread = 0; thread != thread_count_; ++thread)
        if (has_its_turn(thread)) return thread;
    stuck_ = true;
    for (unsigned thread = 0; thread != thread_count_; ++thread) stuck_ = stuck_ && !may_extend(thread);
    if (!stuck_) end_ = RunEnd::inconsistent;
    return std::nullopt;
}

EventId remover_of(const Graph& graph, EventId enqueued) {
    const auto self = static_cast<unsigned>(enqueued.thread);
    const auto& steps = graph.at(graph[enqueued].location).coherence;
    auto at = std::find(steps.begin(), steps.end(), enqueued);
    for (; at != steps.end(); ++at)
        if (!has_waiter(graph[*at].value, self)) return *at;
    return {};
}

}  // namespace heddle::engine::exhaustive
