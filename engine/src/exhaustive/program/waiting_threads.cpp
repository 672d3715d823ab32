// Threads that wait in a loop: which turn makes a thread leave the run, and whether anything would let it go on.
#include "iterations.hpp"
#include "waiting_loops.hpp"

#include "execution/words.hpp"

namespace heddle::engine::exhaustive {

/// The thread has taken an iteration, and what it waits for has not come. Returns if it does not wait here.
void WaitingLoops::wait_in(const Iteration& iteration) {
    const unsigned thread = trace_.running();
    if (iteration.gives_up && recorder_.choose(2) == 1) {
        in_vain_[thread] = {.iteration = &iteration};
        answers_ = true;
        return;
    }
    if (iteration.watches_the_clock && blocking_.lets_time_pass()) return;
    left_out_.note(iteration);
    spin({.steps = iteration.steps.size(),
          .may_end = iteration.gives_up || iteration.watches_the_clock,
          .looks_followed = iteration.counts ? most_iterations_in_vain : 0});
}

void WaitingLoops::come_round(std::size_t first, bool watches_the_clock) {
    if (is_answering() || !leaves_nothing(trace_, first)) return;
    if (goes_on_because_of_others()) return;
    const std::size_t steps = trace_.events_run() - first;
    if (!watches_the_clock || !blocking_.lets_time_pass()) spin({.steps = steps, .may_end = watches_the_clock});
}

void WaitingLoops::time_out_in_vain(std::size_t first) {
    if (is_answering() || !waits_in_vain(trace_, first) || goes_on_because_of_others()) return;
    spin({.steps = trace_.events_run() - first});
}

/// Although it need not. It does so whenever that is repeated.
bool WaitingLoops::goes_on_because_of_others() const {
    return !trace_.is_at_end() && trace_.graph()[trace_.next_event()].kind != EventKind::choice;
}

void WaitingLoops::go_round_for_ever(std::size_t first, std::size_t looks, Site loop) {
    if (is_answering() || !does_nothing_but_look(trace_, first) || goes_on_because_of_others()) return;
    // Where each of them is a step, they are seen to be the same again and again.
    if (looks == trace_.events_run() - first && !goes_round(trace_)) return;
    if (looks != 0) leave_out_looks(words::looks_too_often(looks, loop));
    spin({.steps = trace_.events_run() - first, .looks_followed = looks});
}

/// It does so whenever that is repeated: it follows from what the thread has done.
void WaitingLoops::goes_on_looking(Site loop) {
    if (is_answering() || !looks_in_any_order(trace_)) return;
    leave_out_looks(words::looks_too_often(most_looks_told, loop));
    in_vain_[trace_.running()] = {.is_in_any_order = true};
    answers_ = true;
}

/// What such a step gives; nothing if it is another one. A weak compare-exchange that has never failed without cause does not begin to.
std::optional<OperationResult> WaitingLoops::look_in_any_order(const Operation& op, LocationId location) {
    if (op.kind == OperationKind::read) return OperationResult{};
    InVain& mine = in_vain_[trace_.running()];
    const bool writes = would_write_again(trace_, op, location);
    const auto result = !has_looked_lately(trace_, key_of(op.site), location) ? std::nullopt
                        : writes                                              ? OperationResult{}
                                                                              : repeated(trace_, op, location);
    const bool is_weak = op.kind == OperationKind::compare_exchange_weak && result && result->value == op.expected;
    if (!result || is_weak) {
        mine = {};
        return std::nullopt;
    }
    constexpr std::size_t most_looks = 1'000;
    if (++mine.iterations == most_looks) spin({.steps = most_looks_told, .looks_followed = most_looks});
    return result;
}

bool WaitingLoops::lets_others_go_first() {
    end_imagination();
    schedule_.await_change({});
    const ThreadStates& threads = schedule_.threads();
    // Of one that has left the run others may wait that would not if it had gone on.
    for (unsigned thread = 0; thread != threads.count(); ++thread)
        if (has_left(threads[thread]) && threads[thread] != ThreadState::ended &&
            (threads[thread] != ThreadState::spinning || !spins_for_ever(thread)))
            return false;
    constexpr unsigned first_of_program = 1;
    return trace_.running() == first_of_program || threads.any_waits();
}

/// A run was needed to see that a loop waits with an old value. Returns: whether threads go evenly from now on, since most runs are such.
bool WaitingLoops::looks_too_late() {
    constexpr std::uint64_t many = 256;
    if (front_end_compares_ || trace_.graph().alike() != nullptr) return false;
    if (++looks_too_late_ != many || looks_too_late_ < runs_ / 2) return false;
    schedule_.go_evenly(true);
    return true;
}

void WaitingLoops::spin(const Turn& turn) {
    const Graph& graph = trace_.graph();
    EventId last_read;
    bool fails_without_cause = false;
    bool looks_on = false;
    std::size_t end = trace_.events_run();
    while (graph[event_id(trace_.running(), end - 1)].kind == EventKind::choice) --end;  // the choices to wait
    for (std::size_t index = end - turn.steps; index != end; ++index) {
        const EventId id = event_id(trace_.running(), index);
        if (!graph[id].is_read()) continue;
        last_read = id;
        looks_on = fails_without_cause;
        fails_without_cause |= graph[id].chosen != 0;
    }
    // The execution in which it does not fail is without this iteration. Only what is read after that is read nowhere else.
    if (fails_without_cause && !looks_on) schedule_.stop(RunEnd::inconsistent);
    // The thread would be stuck in all that follows.
    if (trace_.decider().is_settled(last_read))
        schedule_.stop(looks_too_late() ? RunEnd::restart : RunEnd::inconsistent);
    if (fails_without_cause) schedule_.leave(ThreadState::retrying);
    spins_in_[trace_.running()] = turn;
    spins_in_[trace_.running()].steps += trace_.events_run() - end;
    schedule_.leave(ThreadState::spinning);
}

bool WaitingLoops::spins_for_ever(unsigned thread) const {
    const Turn& turn = spins_in_[thread];
    return !turn.may_end && reads_the_latest(trace_, thread, turn.steps, [this](EventId newer) {
        return changes_nothing(trace_.graph()[newer]) || is_in_turn(newer);
    });
}

/// Whether the event is of a turn with which its thread has left the run.
bool WaitingLoops::is_in_turn(EventId id) const {
    return schedule_.threads()[id.thread] == ThreadState::spinning &&
           id.index + spins_in_[id.thread].steps >= trace_.events_run(id.thread);
}

}  // namespace heddle::engine::exhaustive
