// Loops that spin without a word: where the thread comes round to a look.
#include <utility>

#include "front_end.hpp"
#include "options.hpp"
#include "waiting_loops.hpp"

namespace heddle::unmodified {

namespace {

constexpr unsigned most_looks_of_a_round = 16;

/// A round begins with that look. `known`: its loop is known to wait, so that each round is compared.
void begin_round(Spin& spin, std::uint64_t here, bool known, Footprint& round, const Frames& frames) {
    spin = {.site = here, .is_compared = known};
    if (known) round.begin(frames);
}

}  // namespace

/// The loop is one that leaves a trace: from now on that is known in each execution.
void WaitingLoops::learn_trace(std::uint64_t loop, std::size_t first) {
    const OutsideProgram outside;
    front_end_.counted_loops.note_turn(loop, self.iteration.looks.since(first));
    known_.learn(LoopKind::leaves_trace, loop);
}

void WaitingLoops::end_spin() {
    self.spin = {};
    self.tight_spin = {};
    front_end_.watch();
}

/// The look may be one that the thread has come round to.
void WaitingLoops::come_to_look(std::uint64_t here, const Frames& frames, std::uintptr_t caller) {
    Spin& spin = self.spin;
    const Looks& looks = self.iteration.looks;
    const bool is_known = known_.is(LoopKind::spins, here);
    if (front_end_.witness().is_imagining() || self.iteration.repeats) {
        const bool began_here = self.iteration.yielded_at == here;
        const bool may_yield = is_known || (self.iteration.repeats && began_here);
        if (may_yield && (began_here || looks.has_one_at(here))) yield(frames, caller);
    } else if (front_end_.counted_loops.leaves_only_a_count(here) && looks.are_in_vain_since(looks.latest_at(here))) {
        begin_iteration(frames, caller, false, true);
    } else if (spin.site == here) {
        self.tight_spin = {};
        if (come_round(spin, rounds_.of_running(), options.spin, frames, caller)) self.iteration.looks.clear();
    } else if (self.tight_spin.site == here) {
        come_round(self.tight_spin, tight_rounds_.of_running(), most_looks_of_a_round, frames, caller);
    } else if (spin.site == 0 || spin.looks >= most_looks_of_a_round) {
        end_spin();
        begin_round(spin, here, is_known, rounds_.of_running(), frames);
        front_end_.watch();
    } else {
        begin_round(self.tight_spin, here, is_known, tight_rounds_.of_running(), frames);
        front_end_.watch();
    }
}

/// A round ends. `most`: so many that leave a trace are steps. Returns: whether another one begins that is a step.
bool WaitingLoops::come_round(Spin& spin, Footprint& round, unsigned most, const Frames& frames,
                              std::uintptr_t caller) {
    if (spin.is_compared) {
        const bool is_left = round.is_left(frames);
        // One look in vain may be a weak compare_exchange that has failed without a cause, which is a step.
        const std::uint64_t here = spin.site;
        const bool is_known = known_.is(LoopKind::spins, here);
        const unsigned enough = &spin == &self.tight_spin && !is_known ? 2 : 1;
        spin.in_vain = is_left ? 0 : spin.in_vain + 1;
        if (is_left) endless_.come_round({here, frames, caller});
        if (spin.in_vain == enough) {
            known_.note(LoopKind::spins, here);
            tell(known_.site_of(caller));
            begin_iteration(frames, caller, false, false);
            // What it looks at now, it may look at once more.
            begin_round(self.spin, here, true, rounds_.of_running(), frames);
            front_end_.watch();
            return false;
        }
        spin.repeated = is_left && spin.found == spin.found_before ? spin.repeated + 1 : 0;
        if (spin.repeated == most) {
            if (!known_.is(LoopKind::leaves_trace, here)) learn_trace(here, self.iteration.looks.latest_at(here));
            begin_iteration(frames, caller, false, true);
            return false;
        }
    }
    spin.is_compared = true;
    spin.found_before = std::exchange(spin.found, 0);
    spin.looks = 0;
    round.begin(frames);
    front_end_.watch();
    return true;
}

}  // namespace heddle::unmodified
