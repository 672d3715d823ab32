#include "endless_loops.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "front_end.hpp"

namespace heddle::unmodified {

namespace {

// Loops that end after fewer turns without a step are left alone.
constexpr unsigned least_turns_compared = 128;
// To compare takes longer than to go round. That threads come to be what they were only after more turns than the first is looked
// for at so many arrivals, all together: as long as they never do.
constexpr unsigned short_period = 64;
constexpr unsigned most_compared_in_vain = 1U << 18U;
// Of a thread that looks at something else each time, the engine keeps so many events that there is room for a few more steps.
// Where the latest of them are looks, as many as these, they are taken for all that it waits for.
constexpr unsigned least_events = 64;
constexpr unsigned most_events = 240;
constexpr unsigned most_looks = 128;
constexpr std::string_view many_turns = "very many iterations of the loop";

}  // namespace

void EndlessLoops::come_round(const Arrival& here) {
    if (has_come_back(here, 1, 1)) wait_for_ever(LoopKind::recurs, here, self.recurrence.events);
}

/// What has gone round as often as is explored does so again.
void EndlessLoops::come_round_without_step(const Arrival& here) {
    const Iteration& iteration = self.iteration;
    Recurrence& mine = self.recurrence;
    if (mine.repeated >= iteration.repeated) mine.repeated = 0;
    const unsigned turns = iteration.repeated - std::exchange(mine.repeated, iteration.repeated);
    const unsigned first = iteration.events - static_cast<unsigned>(iteration.looks.size());
    if (has_come_back(here, turns, least_turns_compared))
        wait_for_ever(LoopKind::recurs, here, std::min(first, mine.events));
    if (iteration.repeated < most_turns && !known_.is(LoopKind::counts_on, here.site)) return;
    wait_for_ever(LoopKind::counts_on, here, first);
    cut_off(here.caller);
}

/// The thread comes to a loop after so many `turns`. Returns: whether it is what it was there before, since its `least`th
/// arrival, and has done nothing but look.
bool EndlessLoops::has_come_back(const Arrival& here, unsigned turns, unsigned least) {
    Recurrence& mine = self.recurrence;
    Footprint& before = footprints_.of_running();
    mine.arrivals += turns;
    const bool has = mine.compared != 0 && mine.site == here.site && !before.is_left(here.frames);
    if (has) compared_in_vain_ = 0;
    if (mine.compared != 0) {
        --mine.compared;
        ++compared_in_vain_;
    }
    if (mine.arrivals >= std::max(least, mine.next)) {
        before.begin(here.frames);
        mine.site = here.site;
        mine.memory = 0;
        if (!has) mine.events = front_end_.witness().events();
        const bool is_long = compared_in_vain_ < most_compared_in_vain;
        mine.compared = is_long ? std::max(short_period, mine.arrivals) : short_period;
        mine.next = 2 * mine.arrivals;
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

std::uint64_t EndlessLoops::digest_of_memory() const {
    return (front_end_.digest_of_memory() ^ front_end_.witness().digest_of_memory()) | 1U;
}

/// As has_come_back(), of a thread that looks at nothing, so that it is the only one that has run since. Code without hooks may
/// write memory too, so that is compared as a whole.
bool EndlessLoops::is_what_it_was(const Arrival& here) {
    if (!has_come_back(here, 1, least_turns_compared)) return false;
    const std::uint64_t memory = digest_of_memory();
    return std::exchange(self.recurrence.memory, memory) == memory;
}

/// Whoever is waited for in vain goes on, if it leaves a trace: it may come to the end of its loop. If that takes very long, that is
/// a failure, as for code without yields.
void EndlessLoops::come_round_at_once(const Arrival& here) {
    const bool is_same = is_what_it_was(here);
    if (++self.iteration.repeated != most_turns && !is_same) return;
    const std::uint64_t memory = digest_of_memory();
    const engine::Site loop = known_.site_of(here.caller);
    const bool is_last = front_end_.goes_on_last(many_turns, loop);
    if (!is_same || !is_last || digest_of_memory() != memory) return;
    if (front_end_.witness().is_recording())
        front_end_.witness().show_step({.kind = engine::OperationKind::yield, .site = loop});
    front_end_.fail(
        engine::FailureKind::livelock, here.caller,
        fmt::format("a thread goes round for ever in the loop at {}, and looks at nothing that others could write",
                    text_of(loop)));
}

void EndlessLoops::come_to_step(const Arrival& here) const {
    engine::Witness& witness = front_end_.witness();
    if (witness.events() < least_events || witness.is_imagining()) return;
    const OutsideProgram outside;
    witness.goes_on_looking(known_.site_of(here.caller));
    if (witness.events() < most_events) return;
    witness.go_round_for_ever(witness.events() - most_looks, most_looks, known_.site_of(here.caller));
}

void EndlessLoops::forget() const {
    self.recurrence = {};
    front_end_.watch();
}

void EndlessLoops::before_write(std::uintptr_t address, std::size_t size) {
    if (self.recurrence.compared != 0) footprints_.of_running().before_write(address, size);
}

void EndlessLoops::cut_off(std::uintptr_t caller) const { front_end_.cut_off(many_turns, known_.site_of(caller)); }

}  // namespace heddle::unmodified
