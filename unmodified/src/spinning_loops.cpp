#include "spinning_loops.hpp"

#include <utility>

#include "front_end.hpp"
#include "options.hpp"

namespace heddle::unmodified {

namespace {
constexpr unsigned most_looks_of_a_round = 16;
}

SpinningLoops::Found SpinningLoops::come_to_look(const Arrival& here) {
    if (self.spin.site == here.site) {
        self.tight_spin = {};
        const Found found = end_round(self.spin, rounds_.of_running(), options.spin, here);
        if (found == Found::nothing) self.iteration.looks.clear();
        return found;
    }
    if (self.tight_spin.site == here.site)
        return end_round(self.tight_spin, tight_rounds_.of_running(), most_looks_of_a_round, here);
    if (self.spin.site == 0 || self.spin.looks >= most_looks_of_a_round) begin(here);
    else begin(self.tight_spin, tight_rounds_.of_running(), here);
    return Found::nothing;
}

void SpinningLoops::begin(const Arrival& here) {
    self.tight_spin = {};
    begin(self.spin, rounds_.of_running(), here);
}

/// Rounds of a loop that is known to wait are compared from the first one on.
void SpinningLoops::begin(Spin& spin, Footprint& round, const Arrival& here) {
    spin = {.site = here.site, .is_compared = known_.is(LoopKind::spins, here.site)};
    if (spin.is_compared) round.begin(here.frames);
    front_end_.watch();
}

/// A round ends, and another one begins if nothing was found. `most`: so many that leave a trace are steps.
SpinningLoops::Found SpinningLoops::end_round(Spin& spin, Footprint& round, unsigned most, const Arrival& here) {
    if (spin.is_compared) {
        const bool is_left = round.is_left(here.frames);
        spin.in_vain = is_left ? 0 : spin.in_vain + 1;
        if (is_left) endless_.come_round(here);
        // One look in vain may be a weak compare_exchange that has failed without a cause, which is a step.
        const bool is_tight = &spin == &self.tight_spin;
        const unsigned enough = is_tight && !known_.is(LoopKind::spins, here.site) ? 2 : 1;
        if (spin.in_vain == enough) {
            known_.note(LoopKind::spins, here.site);
            return Found::waits;
        }
        const bool counts = is_left && !spin.stores && spin.found == spin.found_before;
        spin.repeated = counts ? spin.repeated + 1 : 0;
        if (spin.repeated == most) return Found::leaves_trace;
    }
    spin.is_compared = true;
    spin.stores = false;
    spin.found_before = std::exchange(spin.found, 0);
    spin.looks = 0;
    round.begin(here.frames);
    front_end_.watch();
    return Found::nothing;
}

void SpinningLoops::looked(const Look& look) {
    for (Spin* const spin : {&self.spin, &self.tight_spin}) {
        ++spin->looks;
        spin->found = look.after(spin->found);
    }
}

void SpinningLoops::stored_again() {
    self.spin.stores = true;
    self.tight_spin.stores = true;
}

void SpinningLoops::forget() const {
    self.spin = {};
    self.tight_spin = {};
    front_end_.watch();
}

void SpinningLoops::before_write(std::uintptr_t address, std::size_t size) {
    if (self.spin.is_compared) rounds_.of_running().before_write(address, size);
    if (self.tight_spin.is_compared) tight_rounds_.of_running().before_write(address, size);
}

void SpinningLoops::leave() {
    rounds_.of_running().leave();
    tight_rounds_.of_running().leave();
}

}  // namespace heddle::unmodified
