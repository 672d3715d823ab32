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

}  // namespace

void WaitingLoops::end_spin() {
    self.spin = {};
    self.tight_spin = {};
    watch();
}

/// The look may be one that the thread has come round to.
void WaitingLoops::come_to_look(std::uint64_t here, const Frames& frames, std::uintptr_t caller) {
    Spin& spin = self.spin;
    if (holds(spinning_, here) || (self.iteration.repeats && self.iteration.yielded_at == here)) {
        if (has_looked(here)) yield(frames, caller);
    } else if (front_end_.witness().is_imagining() || self.iteration.repeats) {
        return;
    } else if (spin.site == here) {
        self.tight_spin = {};
        if (come_round(spin, rounds_, options.spin, frames, caller)) self.iteration.look_count = 0;
    } else if (self.tight_spin.site == here) {
        come_round(self.tight_spin, tight_rounds_, most_looks_of_a_round, frames, caller);
    } else if (spin.site == 0 || spin.looks >= most_looks_of_a_round) {
        end_spin();
        spin.site = here;
    } else {
        self.tight_spin = {.site = here};
        watch();
    }
}

/// A round ends. `most`: so many that leave a trace are steps. Returns: whether another one begins that is a step.
bool WaitingLoops::come_round(Spin& spin, Footprints& rounds, unsigned most, const Frames& frames,
                              std::uintptr_t caller) {
    if (spin.is_compared) {
        const bool is_left = of_running(rounds).is_left(frames);
        // One look in vain may be a weak compare_exchange that has failed without a cause, which is a step.
        const unsigned enough = &spin == &self.tight_spin ? 2 : 1;
        spin.in_vain = is_left ? 0 : spin.in_vain + 1;
        if (spin.in_vain == enough) {
            spinning_.push_back(spin.site);
            tell(site_of(caller));
            begin_iteration(frames, caller, false, false);
            return false;
        }
        spin.repeated = is_left && spin.found == spin.found_before ? spin.repeated + 1 : 0;
        if (spin.repeated == most) {
            tracing_.push_back(spin.site);
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
