#include "endless_loops.hpp"

#include <bit>
#include <string_view>

#include "front_end.hpp"

namespace heddle::unmodified {

namespace {

// Loops that end after fewer turns without a step are left alone.
constexpr unsigned least_turns_compared = 128;
// After so many turns at most a thread may come to be what it was.
constexpr unsigned longest_period = 64;
constexpr std::string_view many_turns = "very many iterations of the loop";

}  // namespace

void EndlessLoops::come_round(const Arrival& here) {
    if (has_come_back(here, 1)) wait_for_ever(LoopKind::recurs, here, self.recurrence.events);
}

/// What has gone round as often as is explored does so again.
void EndlessLoops::come_round_without_step(const Arrival& here) {
    const Iteration& iteration = self.iteration;
    if (iteration.repeated == 1) self.recurrence = {};
    self.recurrence.site = here.site;
    self.recurrence.arrivals = iteration.repeated - 1;  // those between may have come round at once
    const unsigned first = iteration.events - static_cast<unsigned>(iteration.looks.size());
    if (has_come_back(here, least_turns_compared)) wait_for_ever(LoopKind::recurs, here, first);
    if (iteration.repeated < most_turns && !known_.is(LoopKind::counts_on, here.site)) return;
    wait_for_ever(LoopKind::counts_on, here, first);
    cut_off(here.caller);
}

/// Returns: whether the thread is what it was there before, since its `least`th arrival, and has done nothing but look.
bool EndlessLoops::has_come_back(const Arrival& here, unsigned least) {
    Recurrence& mine = self.recurrence;
    Footprint& before = footprints_.of_running();
    if (mine.site != here.site) mine = {.site = here.site};
    ++mine.arrivals;
    const bool has = mine.compared != 0 && !before.is_left(here.frames);
    if (mine.compared != 0) --mine.compared;
    if (mine.arrivals >= least && std::has_single_bit(mine.arrivals)) {
        before.begin(here.frames);
        if (!has) mine.events = front_end_.witness().events();
        mine.compared = longest_period;
    }
    front_end_.watch();
    return has;
}

/// The thread goes round for ever, since its event `first`. Where it is new that threads do so in that loop, the exploration
/// begins anew: what the thread finds on the way is a step whenever it is something new. Returns where it cannot be told.
void EndlessLoops::wait_for_ever(LoopKind why, const Arrival& here, unsigned first) {
    if (self.all_clock_looks != self.iteration.clock_looks || front_end_.witness().events() == first) return;
    const OutsideProgram outside;
    known_.learn(why, here.site);
    const std::size_t looks = why == LoopKind::counts_on ? most_turns : 0;
    front_end_.witness().go_round_for_ever(first, looks, known_.site_of(here.caller));
}

void EndlessLoops::forget() const {
    self.recurrence = {};
    front_end_.watch();
}

void EndlessLoops::before_write(std::uintptr_t address, std::size_t size) {
    if (self.recurrence.compared != 0) footprints_.of_running().before_write(address, size);
}

void EndlessLoops::cut_off(std::uintptr_t caller) const { front_end_.cut_off(many_turns, caller); }

}  // namespace heddle::unmodified
