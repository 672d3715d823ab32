#include "waiting_loops.hpp"

#include <bit>
#include <utility>

#include "front_end.hpp"

namespace heddle::unmodified {

namespace {

// What the first turns of a loop leave behind is left by none of the others: registers that a branch has used, a count that
// is not raised above a limit.
constexpr unsigned most_first_turns = 4;

}  // namespace

/// Whether what the iteration leaves behind will be asked for.
void WaitingLoops::compare(bool compared) const {
    self.iteration.is_compared = compared;
    front_end_.watch();
}

void WaitingLoops::before_write(std::uintptr_t address, std::size_t size) {
    if (self.iteration.is_compared) iterations_.of_running().before_write(address, size);
    spinning_.before_write(address, size);
    endless_.before_write(address, size);
}

void WaitingLoops::leaves_trace() {
    ++self.traces;
    leave_in_all_footprints();
}

void WaitingLoops::leave_in_all_footprints() {
    iterations_.of_running().leave();
    spinning_.leave();
    endless_.leave();
}

void WaitingLoops::tell(engine::Site yield) {
    self.iteration.is_untold = false;
    PollingLoops& polling = front_end_.polling_loops;
    const unsigned events = front_end_.witness().events();
    polling.before_step();
    front_end_.run().perform({.kind = engine::OperationKind::yield, .site = yield});
    front_end_.note_events();
    if (front_end_.witness().events() < events) self.polls = {};  // some never were
    polling.after_step();
}

/// The iteration does something that the last one did not do: the engine finds out what the loop is.
void WaitingLoops::tell_untold() {
    if (!self.iteration.repeats && !self.iteration.is_untold) return;
    self.iteration.repeats = false;
    if (self.iteration.first_turns != 0) known_.learn(LoopKind::leaves_trace, self.iteration.yielded_at);
    if (self.iteration.is_untold) tell(self.iteration.yield);
    compare(front_end_.witness().is_imagining());
}

/// The exploration begins anew, and knows the loop: an iteration that ends elsewhere than it began does not wait.
void WaitingLoops::tell_of_trace(std::uintptr_t caller) {
    known_.note(LoopKind::leaves_trace, self.iteration.yielded_at);
    if (!front_end_.witness().is_imagining()) tell(known_.site_of(caller));
    tell(engine::Site());
}

/// Whether the turn that the running thread has taken, without a step, may have left a trace since it came first.
bool WaitingLoops::is_first_turn(bool forgets) {
    Iteration& iteration = self.iteration;
    if (!iteration.is_compared || forgets || known_.is(LoopKind::leaves_trace, iteration.yielded_at)) return false;
    return ++iteration.first_turns < most_first_turns;
}

void WaitingLoops::begin_iteration(const Frames& frames, std::uintptr_t caller, bool is_untold, bool repeats) {
    Iteration& iteration = self.iteration;
    iteration.yielded_at = Sites::number(caller, self.calls);
    iteration.yield = known_.site_of(caller);
    iteration.is_untold = is_untold;
    iteration.repeats = repeats;
    iteration.has_steps = false;
    iteration.is_new = true;
    iteration.position = 0;
    iteration.events = front_end_.witness().events();
    spinning_.end();
    // What has left no trace once leaves none from then on: a loop that is known to leave one is asked ever more rarely.
    const bool is_asked = iteration.repeated == 0 || std::has_single_bit(iteration.repeated);
    compare(front_end_.witness().is_imagining() ||
            (repeats && (is_asked || !known_.is(LoopKind::leaves_trace, iteration.yielded_at))));
    if (iteration.is_compared) iterations_.of_running().begin(frames);
}

void WaitingLoops::yield(const Frames& frames, std::uintptr_t caller) {
    const OutsideProgram outside;
    if (front_end_.wake_ups.is_trial()) return front_end_.wake_ups.goes_on_trying();
    if (CountedLoops::is_in_extra_turn()) return;
    Iteration& iteration = self.iteration;
    front_end_.threads.end_alone();
    const std::uint64_t here = Sites::number(caller, self.calls);
    const bool comes_round = iteration.yielded_at == here;
    if (comes_round && goes_round_alike() && iteration.position != 0) {
        ++iteration.repeated;
        iteration.position = 0;
        iteration.is_new = true;
        return;
    }
    if (iteration.is_empty()) {
        // Several in a row are one, but in a loop that looks at plain memory: there, another thread must go on.
        if (++iteration.repeated == EndlessLoops::most_turns) endless_.cut_off(caller);
        return;
    }
    if (front_end_.witness().is_imagining()) {
        if (comes_round && (known_.is(LoopKind::leaves_trace, here) || iterations_.of_running().is_left(frames)))
            tell_of_trace(caller);
        tell(known_.site_of(caller));
        return;
    }
    if (is_going_round() && !comes_round && known_.is(LoopKind::spins, here)) return;  // in the middle of an iteration
    // How often the standard library's own loops have looked before they sleep is lost with their frames: no iteration is
    // a step.
    const bool forgets = front_end_.sites.of(caller, self.calls).is_of_atomic_wait;
    if (comes_round && iteration.repeats && iteration.position != 0) {
        if (iteration.is_compared && !iterations_.of_running().is_left(frames)) {
            iteration.first_turns = 0;
            tell(known_.site_of(caller));
            begin_iteration(frames, caller, false, false);
            return;
        }
        if (is_first_turn(forgets)) {
            begin_iteration(frames, caller, iteration.is_untold, true);
            return;
        }
        if (iteration.is_compared && !forgets) front_end_.counted_loops.note_turn(here, iteration.looks_in_vain());
        if (!forgets && !known_.is(LoopKind::leaves_trace, here)) tell_of_trace(caller);
        ++iteration.repeated;
        endless_.come_round_without_step({here, frames, caller});
        const bool untold = iteration.is_untold;
        begin_iteration(frames, caller, untold, true);
        return;
    }
    iteration.first_turns = 0;
    if (is_going_round()) {
        ++iteration.repeated;
        endless_.come_round_without_step({here, frames, caller});
    } else {
        iteration.repeated = 0;
        iteration.clock_looks = self.all_clock_looks;
    }
    if (!known_.is(LoopKind::leaves_trace, here)) {
        begin_iteration(frames, caller, !forgets, true);
        return;
    }
    if (iteration.position == 0) endless_.come_round({here, frames, caller});
    if (endless_.is_known(here) && !(comes_round && iteration.has_steps)) {
        begin_iteration(frames, caller, false, !iteration.has_found_new());
    } else if (const auto in_vain =
                   front_end_.counted_loops.latest_turn_was_in_vain(here, comes_round && !iteration.has_steps)) {
        begin_iteration(frames, caller, false, *in_vain);
    } else if (iteration.has_steps || iteration.told < most_iterations_told) {
        ++iteration.told;
        tell(known_.site_of(caller));
        begin_iteration(frames, caller, false, false);
    } else {
        begin_iteration(frames, caller, false, true);
    }
}

void WaitingLoops::try_failed(std::uintptr_t caller) {
    if (!std::exchange(self.has_stepped, false)) return;
    const std::uint64_t here = Sites::number(caller, self.calls);
    self.failed_tries = self.failed_try_at == here ? self.failed_tries + 1 : 1;
    self.failed_try_at = here;
    if (self.failed_tries < 2) return;
    const OutsideProgram outside;
    tell(known_.site_of(caller));
}

void WaitingLoops::before_step() {
    front_end_.counted_loops.before_step();
    front_end_.wake_ups.before_step();
    tell_untold();
    after_step();
}

void WaitingLoops::after_step() {
    self.iteration.has_steps = true;
    self.iteration.looks.clear();
    self.has_stepped = true;
    self.clock_looks = 0;
    endless_.end();
    spinning_.end();
}

/// Most loops that spin look once in an iteration: where nothing is asked of the next one, it goes round at once. Returns:
/// what the thread finds; null if the next iteration is not that simple.
const std::uint64_t* WaitingLoops::go_round_at_once(std::uint64_t site, std::uintptr_t address) const {
    Iteration& iteration = self.iteration;
    if (!iteration.repeats || iteration.is_compared || self.recurrence.compared != 0 || iteration.position == 0 ||
        iteration.yielded_at != site)
        return nullptr;
    const Look& look = iteration.looks[iteration.position - 1];
    const unsigned next = iteration.repeated + 1;
    if (!look.is_at(site, address) || std::has_single_bit(next) || next >= EndlessLoops::most_turns ||
        front_end_.witness().events() != iteration.events)
        return nullptr;
    iteration.repeated = next;
    return &look.value;
}

/// Whether the running thread is in an iteration without a step, as the last one was, and nothing is asked of either.
bool WaitingLoops::goes_round_alike() const {
    const Iteration& iteration = self.iteration;
    const unsigned next = iteration.repeated + 1;
    return iteration.repeats && !iteration.is_compared && self.recurrence.compared == 0 && iteration.repeated != 0 &&
           !std::has_single_bit(next) && next < EndlessLoops::most_turns &&
           front_end_.witness().events() == iteration.events;
}

/// The next look of such an iteration. Returns: what the thread finds; null if it is not that one.
const std::uint64_t* WaitingLoops::repeat_look(std::uint64_t site, std::uintptr_t address) const {
    Iteration& iteration = self.iteration;
    if (!goes_round_alike() || iteration.yielded_at == site) return nullptr;
    const std::size_t at = iteration.position == 0 ? iteration.first - 1 : iteration.position;
    if (at >= iteration.looks.size() || !iteration.looks[at].is_at(site, address)) return nullptr;
    iteration.position = at + 1;
    return &iteration.looks[at].value;
}

std::optional<std::uint64_t> WaitingLoops::look_again(std::uintptr_t address, const Frames& frames,
                                                      std::uintptr_t caller) {
    const std::uint64_t site = Sites::number(caller, self.calls);
    Iteration& iteration = self.iteration;
    if (const std::uint64_t* const found = go_round_at_once(site, address)) return *found;
    if (const std::uint64_t* const found = repeat_look(site, address)) return *found;
    if (const auto found = front_end_.counted_loops.look(site, address)) return found;
    come_to_look({site, frames, caller});
    if (!iteration.repeats || front_end_.witness().is_imagining()) return std::nullopt;
    const auto is_this = [&](const Look& look) { return look.is_at(site, address); };
    // What was looked at before the loop was is no part of its iteration.
    std::size_t at = iteration.position;
    if (at == 0)
        for (at = iteration.looks.size(); at != 0 && !is_this(iteration.looks[at - 1]);) --at;
    else ++at;
    // Of a loop that leaves a trace, some iterations may come round without a yield.
    if (at > iteration.looks.size() && known_.is(LoopKind::leaves_trace, iteration.yielded_at)) at = iteration.first;
    if (at != 0 && at <= iteration.looks.size() && is_this(iteration.looks[at - 1]) &&
        iteration.looks.would_find(address, iteration.looks[at - 1].value) &&
        front_end_.witness().events() == iteration.events) {
        if (iteration.position == 0) iteration.first = at;
        iteration.position = at;
        if (++self.reads_in_vain == Accesses::most_reads_in_vain) endless_.cut_off(caller);
        return iteration.looks[at - 1].value;
    }
    tell_untold();
    return std::nullopt;
}

/// The look may be one that the thread has come round to, without a yield: as if it yielded before.
void WaitingLoops::come_to_look(const Arrival& here) {
    const Iteration& iteration = self.iteration;
    const Looks& looks = iteration.looks;
    if (front_end_.witness().is_imagining() || iteration.repeats) {
        const bool began_here = iteration.yielded_at == here.site;
        const bool may_yield = known_.is(LoopKind::spins, here.site) || (iteration.repeats && began_here);
        if (may_yield && (began_here || looks.has_one_at(here.site))) yield(here.frames, here.caller);
        return;
    }
    if (front_end_.counted_loops.leaves_only_a_count(here.site) && looks.are_in_vain_since(looks.latest_at(here.site)))
        return begin_iteration(here.frames, here.caller, false, true);
    switch (spinning_.come_to_look(here)) {
        case SpinningLoops::Found::nothing:
            return;
        case SpinningLoops::Found::waits:
            tell(known_.site_of(here.caller));
            begin_iteration(here.frames, here.caller, false, false);
            spinning_.begin(here);  // what it looks at now, it may look at once more
            return;
        case SpinningLoops::Found::leaves_trace:
            learn_trace(here.site);
            begin_iteration(here.frames, here.caller, false, true);
            return;
    }
}

/// A loop that spins leaves a trace. `look`: the one that the thread comes round to. Does not return where that is new: from
/// now on it is known in each execution.
void WaitingLoops::learn_trace(std::uint64_t look) {
    if (known_.is(LoopKind::leaves_trace, look)) return;
    const OutsideProgram outside;
    const Looks& looks = self.iteration.looks;
    front_end_.counted_loops.note_turn(look, looks.since(looks.latest_at(look)));
    known_.learn(LoopKind::leaves_trace, look);
}

bool WaitingLoops::is_going_round() const {
    if (CountedLoops::is_in_extra_turn()) return true;
    return self.iteration.repeats && self.iteration.position != 0 && !front_end_.witness().is_imagining();
}

void WaitingLoops::looked(std::uintptr_t address, std::uintptr_t caller, std::uint64_t value) {
    Iteration& iteration = self.iteration;
    const Look look{Sites::number(caller, self.calls), address, value};
    if (std::exchange(iteration.is_new, false)) iteration.looks.clear();
    if (!iteration.looks.add(look)) iteration.has_steps = true;
    SpinningLoops::looked(look);
}

}  // namespace heddle::unmodified
