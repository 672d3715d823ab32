// Which thread goes on next. A switch of fibers costs as much as the calls that it comes back through, since a processor
// mispredicts each of those returns: what leads to one is inlined.
#include <cstdlib>
#include <string>
#include <utility>

#include "run.hpp"

namespace heddle::engine::exhaustive {

/// The running thread cannot go on now: lets those run that can, until it is one of them again. At the end of the run that
/// is never.
[[gnu::always_inline]] inline void ExhaustiveRun::hand_over() {
    std::optional<unsigned> next;
    if (!end_ && repeating_) {
        next = next_to_repeat();
        repeating_ = next.has_value();
    }
    if (!end_ && !next) next = next_to_extend();
    if (!next) fibers_.switch_outside();
    else if (*next != current_thread_) {
        current_thread_ = *next;
        execution_.memory.use_arena(*next);
        fibers_.switch_to(*next);
    }
}

/// Waits for the turn of the thread. Returns: whether its next event is in the graph by then.
bool ExhaustiveRun::await_turn() {
    const unsigned thread = current_thread_;
    if (events_run_[thread] >= most_events_of_a_thread)
        fail(goes_round_in_vain() ? FailureKind::livelock : FailureKind::too_big,
             "a thread did not end within " + std::to_string(most_events_of_a_thread) + " events", Site{});
    for (;;) {
        if (is_known(next_event())) return true;
        const bool is_new = events_run_[thread] == graph().size(thread);
        if (is_new && !repeating_ && decider_->is_turn_of(thread) && may_extend(thread)) return false;
        hand_over();
    }
}

/// Takes no further step in this run.
void ExhaustiveRun::leave(State state) {
    current().state = state;
    hand_over();
    std::abort();  // a thread that has left does not go on
}

void ExhaustiveRun::stop(RunEnd end) {
    end_ = end;
    hand_over();
    std::abort();  // nobody goes on with a fiber after the end of its run
}

/// Whether the thread's next event is known, and what it depends on has run.
bool ExhaustiveRun::may_repeat(unsigned number) const {
    return !has_left(threads_[number]) && is_known({static_cast<std::uint16_t>(number), events_run_[number]});
}

bool ExhaustiveRun::has_run_source(const Event& event) const {
    const EventId source = event.reads_from;
    if (source.exists()) return source.index < events_run_[source.thread];
    return event.kind != EventKind::join_all || others_ended();
}

bool ExhaustiveRun::has_left(const Thread& thread) { return thread.state >= State::spinning; }

bool ExhaustiveRun::others_ended() const {
    return std::all_of(threads_.begin() + 1, threads_.begin() + thread_count_,
                       [](const Thread& other) { return other.state == State::ended; });
}

/// In turn, from the running one on.
std::optional<unsigned> ExhaustiveRun::next_to_repeat() const {
    for (unsigned tried = 0, thread = current_thread_; tried != thread_count_; ++tried) {
        if (++thread == thread_count_) thread = 0;
        if (may_repeat(thread)) return thread;
    }
    return std::nullopt;
}

// Not a switch: a jump through a table is mispredicted, and most threads are runnable.
bool ExhaustiveRun::may_extend(unsigned number) const {
    const Thread& thread = threads_[number];
    if (thread.state == State::runnable) return true;
    if (has_left(thread)) return false;
    if (thread.state == State::asleep) return remover_of(thread).exists();
    if (thread.state == State::joining) return others_ended();
    const Graph& graph = this->graph();
    return Modification::to_lock().allows(graph.value_of(graph.at(thread.awaited).coherence.back(), thread.awaited));
}

/// The first one, then always the lowest. If there is none, that is the end of the run.
std::optional<unsigned> ExhaustiveRun::next_to_extend() {
    const auto has_its_turn = [this](unsigned thread) { return may_extend(thread) && decider_->is_turn_of(thread); };
    const auto first = std::exchange(first_, std::nullopt);
    if (first && *first < thread_count_ && has_its_turn(*first)) return first;
    for (unsigned thread = 0; thread != thread_count_; ++thread)
        if (has_its_turn(thread)) return thread;
    stuck_ = true;
    for (unsigned thread = 0; thread != thread_count_; ++thread) stuck_ = stuck_ && !may_extend(thread);
    end_ = stuck_ ? end_of_stuck() : RunEnd::inconsistent;
    return std::nullopt;
}

/// No thread can take a step. Says what that means.
RunEnd ExhaustiveRun::end_of_stuck() {
    const auto find = [this](State state) {
        unsigned number = 0;
        while (number != thread_count_ && threads_[number].state != state) ++number;
        return number;
    };
    if (find(State::misfit) != thread_count_) return RunEnd::inconsistent;
    if (find(State::given_up) != thread_count_) return RunEnd::blocked;
    for (unsigned number = 0; number != thread_count_; ++number)
        if (threads_[number].state == State::spinning && !spins_for_ever(number)) return RunEnd::blocked;
    const unsigned spins = find(State::spinning);
    if (spins == thread_count_) {
        execution_.failure = Failure{.kind = FailureKind::deadlock,
                                     .message = "every thread that is left waits, and nobody can wake them"};
    } else {
        execution_.failure = Failure{.kind = FailureKind::livelock,
                                     .message = "a thread waits in a loop for what no other thread is left to write",
                                     .thread = number_of(spins)};
    }
    return RunEnd::failed;
}

}  // namespace heddle::engine::exhaustive
