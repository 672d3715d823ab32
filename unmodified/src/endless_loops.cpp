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
    if (!iteration.is_compared || forgets || holds(tracing_, iteration.yielded_at)) return false;
    return ++iteration.first_turns < most_first_turns;
}

/// Another turn without a step. The thread is compared with what it was after 128 of them, 256, and so on: if it comes to be that
/// again, it goes round for ever, and is taken to if it has gone round as often as is explored; what has done so once does so
/// again.
void WaitingLoops::go_round_again(const Frames& frames, std::uint64_t yield, std::uintptr_t caller) {
    Iteration& iteration = self.iteration;
    ++iteration.repeated;
    if (iteration.recurs_within != 0) {
        if (!of_running(recurrences_).is_left(frames)) go_round_for_ever(recurring_, yield, caller);
        --iteration.recurs_within;
    }
    if (iteration.repeated >= least_turns_compared && std::has_single_bit(iteration.repeated)) {
        of_running(recurrences_).begin(frames);
        iteration.recurs_within = longest_period;
    }
    watch();
    if (iteration.repeated < most_iterations_without_step && !holds(counting_, yield)) return;
    go_round_for_ever(counting_, yield, caller);
    front_end_.cut_off(many_iterations, caller);
}

/// `known`: those that do so for the same reason. Where that is new, the exploration begins anew: what the thread finds on the way
/// is a step whenever it is something new. Returns where it cannot be told.
void WaitingLoops::go_round_for_ever(std::vector<std::uint64_t>& known, std::uint64_t yield, std::uintptr_t caller) {
    const Iteration& iteration = self.iteration;
    if (self.all_clock_looks != iteration.clock_looks || iteration.look_count == 0) return;
    const OutsideProgram outside;
    if (!holds(known, yield)) {
        known.push_back(yield);
        front_end_.run().restart();
    }
    const std::size_t looks = &known == &counting_ ? most_iterations_without_step : 0;
    front_end_.witness().go_round_for_ever(iteration.events - static_cast<unsigned>(iteration.look_count), looks,
                                           site_of(caller));
}

}  // namespace heddle::unmodified
