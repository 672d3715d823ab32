// Loops that spin without a word: where the thread comes round to a look.
#include <algorithm>
#include <utility>

#include "front_end.hpp"
#include "options.hpp"
#include "waiting_loops.hpp"

namespace heddle::unmodified {

namespace {

constexpr unsigned most_looks_of_a_round = 16;

/// Whether the thread has looked there since its last step that was no look.
bool has_looked(std::uint64_t site) {
    const auto& looks = self.iteration.looks;
    return self.iteration.yielded_at == site ||
           std::any_of(looks.begin(), looks.begin() + self.iteration.look_count,
                       [site](const Iteration::Look& look) { return look.site == site; });
}

/// Returns: which of the looks since its last step that was no look was the latest one there; their count if none was, or if
/// there may have been more than are kept.
std::size_t latest_look(std::uint64_t site) {
    const Iteration& iteration = self.iteration;
    if (iteration.look_count == Iteration::most_looks) return iteration.look_count;
    for (std::size_t at = iteration.look_count; at-- != 0;)
        if (iteration.looks[at].site == site) return at;
    return iteration.look_count;
}

/// A round begins with that look. `known`: its loop is known to wait, so that each round is compared.
void begin_round(Spin& spin, std::uint64_t here, bool known, Footprint& round, const Frames& frames) {
    spin = {.site = here, .is_compared = known};
    if (known) round.begin(frames);
}

}  // namespace

/// Whether it leaves a trace, and nobody asks for more of that than the loop itself.
bool WaitingLoops::leaves_only_a_count(std::uint64_t loop) const {
    return known_.is(LoopKind::leaves_trace, loop) && front_end_.counted_loops.leaves_only_a_count(loop);
}

/// Returns: which of the looks since the thread's last step that was none is the first one of the latest turn; their count
/// if that is not known. `comes_round`: with the yield at which the iteration began, so that all of them are of one turn.
std::size_t WaitingLoops::begin_of_turn(std::uint64_t loop, bool comes_round) const {
    const Iteration& iteration = self.iteration;
    const auto first = front_end_.counted_loops.first_look(loop);
    const std::size_t begin = first ? latest_look(*first) : iteration.look_count;
    const bool is_whole = comes_round && !iteration.has_steps;
    return begin == iteration.look_count && is_whole ? 0 : begin;
}

/// Whether the thread has done nothing but look since then, and would find all of that again.
bool WaitingLoops::was_in_vain(std::size_t first) {
    const auto looks = self.iteration.looks_since(first);
    return !looks.empty() && std::all_of(looks.begin(), looks.end(), [&](const Iteration::Look& look) {
        return std::all_of(looks.begin(), looks.end(), [&](const Iteration::Look& other) {
            return other.address != look.address || other.value == look.value;
        });
    });
}

/// The loop is one that leaves a trace: from now on that is known in each execution.
void WaitingLoops::learn_trace(std::uint64_t loop, std::size_t first) {
    const OutsideProgram outside;
    front_end_.counted_loops.note_turn(loop, self.iteration.looks_since(first));
    known_.learn(LoopKind::leaves_trace, loop);
}

void WaitingLoops::end_spin() {
    self.spin = {};
    self.tight_spin = {};
    watch();
}

/// The look may be one that the thread has come round to.
void WaitingLoops::come_to_look(std::uint64_t here, const Frames& frames, std::uintptr_t caller) {
    Spin& spin = self.spin;
    const bool is_known = known_.is(LoopKind::spins, here);
    if (front_end_.witness().is_imagining() || self.iteration.repeats) {
        const bool repeats_here = self.iteration.repeats && self.iteration.yielded_at == here;
        if ((is_known || repeats_here) && has_looked(here)) yield(frames, caller);
    } else if (leaves_only_a_count(here) && was_in_vain(latest_look(here))) {
        begin_iteration(frames, caller, false, true);
    } else if (spin.site == here) {
        self.tight_spin = {};
        if (come_round(spin, rounds_, options.spin, frames, caller)) self.iteration.look_count = 0;
    } else if (self.tight_spin.site == here) {
        come_round(self.tight_spin, tight_rounds_, most_looks_of_a_round, frames, caller);
    } else if (spin.site == 0 || spin.looks >= most_looks_of_a_round) {
        end_spin();
        begin_round(spin, here, is_known, of_running(rounds_), frames);
        watch();
    } else {
        begin_round(self.tight_spin, here, is_known, of_running(tight_rounds_), frames);
        watch();
    }
}

/// A round ends. `most`: so many that leave a trace are steps. Returns: whether another one begins that is a step.
bool WaitingLoops::come_round(Spin& spin, Footprints& rounds, unsigned most, const Frames& frames,
                              std::uintptr_t caller) {
    if (spin.is_compared) {
        const bool is_left = of_running(rounds).is_left(frames);
        // One look in vain may be a weak compare_exchange that has failed without a cause, which is a step.
        const std::uint64_t here = spin.site;
        const bool is_known = known_.is(LoopKind::spins, here);
        const unsigned enough = &spin == &self.tight_spin && !is_known ? 2 : 1;
        spin.in_vain = is_left ? 0 : spin.in_vain + 1;
        if (is_left && has_come_back(here, frames, 1))
            wait_for_ever(LoopKind::recurs, here, self.recurrence.events, caller);
        if (spin.in_vain == enough) {
            known_.note(LoopKind::spins, here);
            tell(known_.site_of(caller));
            begin_iteration(frames, caller, false, false);
            // What it looks at now, it may look at once more.
            begin_round(self.spin, here, true, of_running(rounds_), frames);
            watch();
            return false;
        }
        spin.repeated = is_left && spin.found == spin.found_before ? spin.repeated + 1 : 0;
        if (spin.repeated == most) {
            if (!known_.is(LoopKind::leaves_trace, here)) learn_trace(here, latest_look(here));
            begin_iteration(frames, caller, false, true);
            return false;
        }
    }
    spin.is_compared = true;
    spin.found_before = std::exchange(spin.found, 0);
    spin.looks = 0;
    of_running(rounds).begin(frames);
    watch();
    return true;
}

}  // namespace heddle::unmodified
