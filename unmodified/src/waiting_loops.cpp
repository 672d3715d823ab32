#include "waiting_loops.hpp"

#include <bit>
#include <utility>

#include "front_end.hpp"

namespace heddle::unmodified {

namespace {

// So many iterations of a loop that leaves a trace are steps, as the engine has it.
constexpr unsigned most_iterations_told = 2;
// What the first turns of a loop leave behind is left by none of the others: registers that a branch has used, a count that
// is not raised above a limit.
constexpr unsigned most_first_turns = 16;

}  // namespace

void WaitingLoops::yield(const Frames& frames, std::uintptr_t caller) {
    const OutsideProgram outside;
    if (front_end_.wake_ups.is_trial()) return front_end_.wake_ups.goes_on_trying();
    if (CountedLoops::is_in_extra_turn()) return;
    front_end_.threads.end_alone();
    const Arrival here = Arrival::at(frames, caller);
    Iteration& iteration = self.iteration;
    if (repeated_.yield_at_once(here.site)) return;
    if (iteration.is_empty()) {
        // Several in a row are one, but in a loop that looks at plain memory: there, another thread must go on.
        return endless_.come_round_at_once(here);
    }
    if (front_end_.witness().is_imagining()) return end_imagined(here);
    const bool comes_round = iteration.yielded_at == here.site;
    if (comes_round && repeated_.goes_on()) return end_in_vain(here);
    // A loop that is known by a look may come there in the middle of its iterations, too.
    const bool is_in_the_middle = repeated_.goes_on() && known_.is(LoopKind::spins, here.site);
    if (!is_in_the_middle) end_otherwise(here);
}

/// The engine imagines the iteration. One of which it does not know all looks is none that waits for the others alone.
void WaitingLoops::end_imagined(const Arrival& here) {
    if (self.iteration.is_partly_told) return tell(engine::Site());
    const bool comes_round = self.iteration.yielded_at == here.site;
    if (comes_round && (known_.is(LoopKind::leaves_trace, here.site) || iterations_.of_running().is_left(here.frames)))
        tell_of_trace(here.caller);
    tell(known_.site_of(here.caller));
}

/// The iteration has been the same as the last one, without a step.
void WaitingLoops::end_in_vain(const Arrival& here) {
    Iteration& iteration = self.iteration;
    if (iteration.is_compared && !iterations_.of_running().is_left(here.frames)) {
        iteration.first_turns = 0;
        tell(known_.site_of(here.caller));
        return begin_iteration(here, {.repeats = false});
    }
    if (!forgets_its_looks(here.caller)) {
        // Time that has passed is left for all turns to come.
        const bool may_be_first = iteration.is_compared && !known_.is(LoopKind::leaves_trace, here.site) &&
                                  self.all_clock_looks == iteration.clock_looks;
        if (may_be_first && ++iteration.first_turns < most_first_turns)
            return begin_iteration(here, {.repeats = true, .is_untold = iteration.is_untold});
        if (iteration.is_compared) front_end_.counted_loops.note_turn(here.site, iteration.looks_in_vain());
        if (!known_.is(LoopKind::leaves_trace, here.site)) tell_of_trace(here.caller);
    }
    ++iteration.repeated;
    endless_.come_round_without_step(here);
    begin_iteration(here, {.repeats = true, .is_untold = iteration.is_untold});
}

/// The iteration was something else, or of another loop.
void WaitingLoops::end_otherwise(const Arrival& here) {
    Iteration& iteration = self.iteration;
    iteration.first_turns = 0;
    if (repeated_.goes_on()) {
        ++iteration.repeated;
        endless_.come_round_without_step(here);
    } else {
        iteration.repeated = 0;
        iteration.clock_looks = self.all_clock_looks;
    }
    if (known_.is(LoopKind::leaves_trace, here.site)) end_with_trace(here);
    else begin_iteration(here, {.repeats = true, .is_untold = !forgets_its_looks(here.caller)});
}

/// The same, and the loop is known to leave a trace.
void WaitingLoops::end_with_trace(const Arrival& here) {
    Iteration& iteration = self.iteration;
    const bool comes_round = iteration.yielded_at == here.site;
    if (iteration.position == 0) endless_.come_round(here);
    if (endless_.is_known(here.site) && !(comes_round && iteration.has_steps))
        return begin_iteration(here, {.repeats = !iteration.has_found_new()});
    const bool is_whole = comes_round && !iteration.has_steps;
    if (const auto in_vain = front_end_.counted_loops.latest_turn_was_in_vain(here.site, is_whole))
        return begin_iteration(here, {.repeats = *in_vain});
    const bool is_step = iteration.has_steps || iteration.told < most_iterations_told;
    if (is_step) {
        ++iteration.told;
        tell(known_.site_of(here.caller));
    }
    begin_iteration(here, {.repeats = !is_step});
}

/// How often the standard library's own loops have looked before they sleep is lost with their frames: no iteration is a step.
bool WaitingLoops::forgets_its_looks(std::uintptr_t caller) const {
    return front_end_.sites.of(caller, self.calls).is_of_atomic_wait;
}

void WaitingLoops::begin_iteration(const Arrival& here, Next next) {
    Iteration& iteration = self.iteration;
    iteration.yielded_at = here.site;
    iteration.yield = known_.site_of(here.caller);
    iteration.is_untold = next.is_untold;
    iteration.is_partly_told = false;
    iteration.repeats = next.repeats;
    iteration.has_steps = false;
    iteration.is_new = true;
    iteration.position = 0;
    iteration.events = front_end_.witness().events();
    spinning_.end();
    // What has left no trace once leaves none from then on: a loop that is known to leave one is asked ever more rarely.
    const bool is_asked = iteration.repeated == 0 || std::has_single_bit(iteration.repeated) ||
                          !known_.is(LoopKind::leaves_trace, here.site);
    compare(front_end_.witness().is_imagining() || (next.repeats && is_asked));
    if (iteration.is_compared) iterations_.of_running().begin(here.frames);
}

/// Whether what the iteration leaves behind will be asked for.
void WaitingLoops::compare(bool compared) const {
    self.iteration.is_compared = compared;
    front_end_.watch();
}

/// The engine is told of a yield, which is a step.
void WaitingLoops::tell(engine::Site yield) {
    self.iteration.is_untold = false;
    PollingLoops& polling = front_end_.polling_loops;
    const unsigned events = front_end_.witness().events();
    polling.before_step();
    front_end_.run().perform({.kind = engine::OperationKind::yield, .site = yield});
    front_end_.note_events();
    if (front_end_.witness().events() < events) PollingLoops::forget_rounds();
    polling.after_step();
}

/// The iteration does something that the last one did not do: the engine finds out what the loop is.
void WaitingLoops::tell_untold() {
    Iteration& iteration = self.iteration;
    if (!iteration.repeats && !iteration.is_untold) return;
    iteration.repeats = false;
    if (iteration.first_turns != 0) known_.learn(LoopKind::leaves_trace, iteration.yielded_at);
    iteration.is_partly_told = iteration.position != 0;
    if (iteration.is_untold) tell(iteration.yield);
    compare(front_end_.witness().is_imagining());
}

/// The exploration begins anew, and knows the loop: an iteration that ends elsewhere than it began does not wait.
void WaitingLoops::tell_of_trace(std::uintptr_t caller) {
    known_.note(LoopKind::leaves_trace, self.iteration.yielded_at);
    if (!front_end_.witness().is_imagining()) tell(known_.site_of(caller));
    tell(engine::Site());
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
    front_end_.stepping_loops.writes();
    self.iteration.has_steps = true;
    self.iteration.looks.clear();
    self.has_stepped = true;
    self.clock_looks = 0;
    endless_.end();
    spinning_.end();
}

std::optional<std::uint64_t> WaitingLoops::look_again(std::uintptr_t address, const Frames& frames,
                                                      std::uintptr_t caller) {
    const Arrival here = Arrival::at(frames, caller);
    if (const auto found = repeated_.look_at_once(here.site, address)) return found;
    if (const auto found = front_end_.counted_loops.look(here.site, address)) return found;
    come_to_look(here);
    if (self.iteration.repeats && !front_end_.witness().is_imagining()) {
        if (const auto found = repeated_.look_again(here.site, address, caller)) return found;
        tell_untold();
    }
    endless_.come_to_step(here);
    return std::nullopt;
}

/// The look may be one that the thread has come round to, without a yield: as if it yielded before.
void WaitingLoops::come_to_look(const Arrival& here) {
    const Iteration& iteration = self.iteration;
    const Looks& looks = iteration.looks;
    if (front_end_.witness().is_imagining() || iteration.repeats) {
        const bool began_here = iteration.yielded_at == here.site;
        // An iteration that goes on after it was what the last one was comes to a loop within it, or around it.
        const bool comes_round =
            iteration.repeats && iteration.position == looks.size() && known_.is(LoopKind::leaves_trace, here.site);
        const bool may_yield =
            known_.is(LoopKind::spins, here.site) || (iteration.repeats && began_here) || comes_round;
        if (may_yield && (began_here || looks.has_one_at(here.site))) yield(here.frames, here.caller);
        return;
    }
    if (front_end_.counted_loops.leaves_only_a_count(here.site) && !iteration.is_new &&
        looks.are_in_vain_since(looks.latest_at(here.site)))
        return begin_iteration(here, {.repeats = true});
    switch (spinning_.come_to_look(here)) {
        case SpinningLoops::Found::nothing:
            return;
        case SpinningLoops::Found::waits:
            tell(known_.site_of(here.caller));
            begin_iteration(here, {.repeats = false});
            spinning_.begin(here);  // what it looks at now, it may look at once more
            return;
        case SpinningLoops::Found::leaves_trace:
            learn_trace(here.site);
            begin_iteration(here, {.repeats = true});
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

void WaitingLoops::looked(std::uintptr_t address, std::uintptr_t caller, std::uint64_t value) {
    Iteration& iteration = self.iteration;
    const Look look{Sites::number(caller, self.calls), address, value};
    if (std::exchange(iteration.is_new, false)) iteration.looks.clear();
    if (!iteration.looks.add(look)) iteration.has_steps = true;
    SpinningLoops::looked(look);
    front_end_.stepping_loops.looks();
}

bool WaitingLoops::may_store_in_vain() const {
    const bool is_answered = front_end_.witness().is_imagining() || CountedLoops::is_in_extra_turn();
    return self.spin.site != 0 && !self.iteration.repeats && !self.iteration.is_untold && !is_answered;
}

/// No round of looks alone goes on, but one of a loop that waits.
void WaitingLoops::stored_again() const {
    self.iteration.has_steps = true;
    self.iteration.looks.clear();
    self.has_stepped = true;
    self.clock_looks = 0;
    SpinningLoops::stored_again();
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

void WaitingLoops::before_write(std::uintptr_t address, std::size_t size) {
    if (self.iteration.is_compared) iterations_.of_running().before_write(address, size);
    spinning_.before_write(address, size);
    endless_.before_write(address, size);
}

}  // namespace heddle::unmodified
