#include "timed_waits.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "frames.hpp"
#include "front_end.hpp"

namespace heddle::unmodified {

namespace {

constexpr unsigned most_time_outs = 2;  // of waits at one place
constexpr std::chrono::hours longer_than_any_deadline{24 * 365};

/// Of the running thread; null if it has waited at too many places.
TimeOuts* place_of(std::uintptr_t caller) {
    const std::uint64_t here = Sites::number(caller, self.calls);
    TimeOuts* const place = std::find_if(self.time_outs.begin(), self.time_outs.end(),
                                         [here](const TimeOuts& one) { return one.site == here || one.count == 0; });
    if (place == self.time_outs.end()) return nullptr;
    place->site = here;
    return place;
}

Frames without_registers() { return {.registers = {}, .begin = heddle_entered.begin}; }

bool stops_comparing(TimeOuts& place) {
    if (!std::exchange(place.turn.is_compared, false)) return false;
    --self.turns_compared;
    return true;
}

}  // namespace

TimedWaits::Beginning& TimedWaits::beginning_of(const TimeOuts& place) {
    return beginnings_[front_end_.witness().thread()][static_cast<std::size_t>(&place - self.time_outs.data())];
}

bool TimedWaits::is_left(const Beginning& beginning) const {
    if (beginning.footprint.is_left(without_registers())) return true;
    const std::uintptr_t oldest = self.calls.top_of_first_after(beginning.entered);
    bool is_same = false;
    visit_frames(front_end_.modules, [&](const Frames& now) {
        if (now.begin < oldest) return true;
        is_same = std::any_of(beginning.frames.begin(), beginning.frames.end(), [&now](const Frames& before) {
            return before.begin == now.begin && before.registers == now.registers;
        });
        return false;
    });
    return !is_same;
}

void TimedWaits::leave() {
    for (TimeOuts& place : self.time_outs) stops_comparing(place);
}

void TimedWaits::begin(std::chrono::nanoseconds deadline, std::uintptr_t caller) {
    TimeOuts* const place = deadline == engine::no_deadline ? nullptr : place_of(caller);
    if (place == nullptr) return;
    const OutsideProgram outside;
    front_end_.polling_loops.before_step();
    place->is_in_vain = stops_comparing(*place) && place->turn.traces == self.traces && !is_left(beginning_of(*place));
}

void TimedWaits::timed_out(std::uintptr_t caller) const {
    TimeOuts* const place = place_of(caller);
    if (place == nullptr) return;
    const OutsideProgram outside;
    if (++place->count > most_time_outs) {
        leave_in_vain(*place);
        if (!place->has_waited_long)
            front_end_.cut_off(fmt::format("more than {} time-outs of the wait", most_time_outs),
                               front_end_.site(caller));
    }
    place->events = front_end_.witness().events();
}

/// Returns where the last turn has left something behind. Where the thread has looked at the clock, time alone may end the
/// loop: once, so much of it passes that all deadlines have come which the thread knows.
void TimedWaits::leave_in_vain(TimeOuts& place) const {
    engine::Witness& witness = front_end_.witness();
    const bool looks_at_the_clock = place.turn.clock_looks != self.programs_clock_looks;
    const bool waits_long = !place.has_waited_long && (looks_at_the_clock || witness.is_repeating());
    if (place.is_in_vain && !waits_long) witness.time_out_in_vain(place.events);
    place.has_waited_long = waits_long;
    if (waits_long) witness.pass_time(front_end_.run().now() + longer_than_any_deadline);
}

void TimedWaits::go_on(std::uintptr_t caller) {
    TimeOuts* const place = place_of(caller);
    if (place == nullptr || place->count < most_time_outs) return;
    const OutsideProgram outside;
    if (!place->turn.is_compared) ++self.turns_compared;
    place->turn = {.traces = self.traces, .clock_looks = self.programs_clock_looks, .is_compared = true};
    place->is_in_vain = false;
    Beginning& beginning = beginning_of(*place);
    beginning.footprint.begin(without_registers());
    beginning.entered = self.calls.entered();
    beginning.frames.clear();
    visit_frames(front_end_.modules, [&beginning](const Frames& one) {
        beginning.frames.push_back(one);
        return true;
    });
    front_end_.polling_loops.after_step();
}

}  // namespace heddle::unmodified
