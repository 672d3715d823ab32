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
    std::size_t at = 0;
    while (at != most_polls && self.polls[at].site != here) ++at;
    if (at == most_polls) {
        at = self.next_poll++ % most_polls;
        self.polls[most_polls + at] = {};
        return begin_round(self.polls[at], here, frames);
    }
    come_round(self.polls[at], frames);
    begin_round(self.polls[at], here, frames);
    come_round_after_several(self.polls[most_polls + at], here, frames);
}

/// A loop may come to be what it was after more rounds than one, as one that looks into two queues by turns. It is compared with what
/// it was some rounds ago, and then with what it is now, as in Brent's search for cycles.
void PollingLoops::come_round_after_several(Poll& poll, std::uint64_t site, const Frames& frames) {
    if (poll.site == site) come_round(poll, frames);
    if (poll.site == site && ++poll.rounds < poll.most_rounds) return;
    const unsigned most_rounds = std::max(2U, 2 * poll.most_rounds);
    begin_round(poll, site, frames);
    poll.most_rounds = most_rounds;
}

}  // namespace heddle::unmodified
