#include "polling_loops.hpp"

#include "front_end.hpp"

namespace heddle::unmodified {

Footprint& PollingLoops::footprint_of(const Poll& poll) {
    return footprints_[front_end_.witness().thread()][static_cast<std::size_t>(&poll - self.polls.data())];
}

std::uint64_t PollingLoops::digest_of_memory() const {
    return front_end_.digest_of_memory() ^ front_end_.witness().digest_of_memory();
}

void PollingLoops::compare_memory() {
    const std::uint64_t before = self.memory;
    self.memory = digest_of_memory();
    if (self.memory == before) return;
    for (Poll& poll : self.polls) {
        poll.is_left = poll.is_left || poll.is_compared;
        poll.is_compared = false;
    }
    if (self.turns_compared != 0) TimedWaits::leave();
}

void PollingLoops::begin_round(Poll& poll, std::uint64_t site, const Frames& frames) {
    poll = {.site = site,
            .events = front_end_.witness().events(),
            .traces = self.traces,
            .clock_looks = self.all_clock_looks,
            .is_compared = known_.is(LoopKind::polls, site)};
    footprint_of(poll).begin(frames);
    after_step();
}

/// Memory is compared in rounds alone that have left nothing in the frames once: most locks are in no loop that polls.
void PollingLoops::come_round(const Poll& poll, const Frames& frames) {
    if (poll.is_left || poll.traces != self.traces || footprint_of(poll).is_left(frames)) return;
    // Others may have run, and put back what it has written into its own frames.
    if (self.shares_stack && self.unlocked_at != front_end_.witness().events()) return;
    known_.learn(LoopKind::polls, poll.site);
    front_end_.witness().come_round(poll.events, poll.clock_looks != self.all_clock_looks);
}

void PollingLoops::come_to_lock(const Frames& frames, std::uintptr_t caller) {
    if (front_end_.wake_ups.is_trial() || CountedLoops::is_in_extra_turn() || front_end_.witness().is_imagining())
        return;
    const OutsideProgram outside;
    before_step();
    const std::uint64_t here = Sites::number(caller, self.calls);
    const auto found =
        std::find_if(self.polls.begin(), self.polls.end(), [here](const Poll& poll) { return poll.site == here; });
    if (found != self.polls.end()) {
        come_round(*found, frames);
        begin_round(*found, here, frames);
    } else {
        begin_round(self.polls[self.next_poll++ % most_polls], here, frames);
    }
}

}  // namespace heddle::unmodified
