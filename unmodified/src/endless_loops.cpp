// Threads that go round a loop without a step, and find the same each time: whether they would for ever.
#include <bit>

#include "front_end.hpp"
#include "waiting_loops.hpp"

namespace heddle::unmodified {

namespace {

// What the first turns of a loop leave behind is left by none of the others: registers that a branch has used, a count that
// is not raised above a limit.
constexpr unsigned most_first_turns = 4;
// Loops that end after fewer turns are left alone.
constexpr unsigned least_turns_compared = 128;
// After so many turns at most a thread may come to be what it was.
constexpr unsigned longest_period = 64;

}  // namespace

/// Whether the turn that the running thread has taken, without a step, may have left a trace since it came first.
bool WaitingLoops::is_first_turn(bool forgets) {
    Iteration& iteration = self.iteration;
    if (!iteration.is_compared || forgets || known_.is(LoopKind::leaves_trace, iteration.yielded_at)) return false;
    return ++iteration.first_turns < most_first_turns;
}

/// The running thread comes to a yield or a look of a loop. Returns: whether it is what it was there before, since its
/// `least`th arrival, and has done nothing but look. It is compared with what it was at its arrivals number 1, 2, 4, and so on,
/// as of Brent's search for cycles.
bool WaitingLoops::has_come_back(std::uint64_t here, const Frames& frames, unsigned least) {
    Recurrence& mine = self.recurrence;
    if (mine.site != here) mine = {.site = here};
    ++mine.arrivals;
    const bool has = mine.compared != 0 && !of_running(recurrences_).is_left(frames);
    if (mine.compared != 0) --mine.compared;
    if (mine.arrivals >= least && std::has_single_bit(mine.arrivals)) {
        of_running(recurrences_).begin(frames);
        if (!has) mine.events = front_end_.witness().events();
        mine.compared = longest_period;
    }
    watch();
    return has;
}

void WaitingLoops::end_recurrence() const {
    self.recurrence = {};
    watch();
}

/// Another turn without a step. What has gone round as often as is explored does so again.
void WaitingLoops::go_round_again(const Frames& frames, std::uint64_t yield, std::uintptr_t caller) {
    Iteration& iteration = self.iteration;
    if (++iteration.repeated == 1) self.recurrence = {};
    self.recurrence.site = yield;
    self.recurrence.arrivals = iteration.repeated - 1;  // those between may have come round at once
    const unsigned first = iteration.events - static_cast<unsigned>(iteration.looks.size());
    if (has_come_back(yield, frames, least_turns_compared)) wait_for_ever(LoopKind::recurs, yield, first, caller);
    if (iteration.repeated < most_iterations_without_step && !known_.is(LoopKind::counts_on, yield)) return;
    wait_for_ever(LoopKind::counts_on, yield, first, caller);
    front_end_.cut_off(many_iterations, caller);
}

/// The running thread goes round for ever, since its event `first`. `why`: what kind of loop that is.
/// Where that is new, the exploration begins anew: what the thread finds on the way is a step whenever it is something new.
/// Returns where it cannot be told.
void WaitingLoops::wait_for_ever(LoopKind why, std::uint64_t loop, unsigned first, std::uintptr_t caller) {
    if (self.all_clock_looks != self.iteration.clock_looks || front_end_.witness().events() == first) return;
    const OutsideProgram outside;
    known_.learn(why, loop);
    const std::size_t looks = why == LoopKind::counts_on ? most_iterations_without_step : 0;
    front_end_.witness().go_round_for_ever(first, looks, known_.site_of(caller));
}

}  // namespace heddle::unmodified
