#include "waiting_loops.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#include "front_end.hpp"

namespace heddle::unmodified {

namespace {

// More than any loop goes round that then does something else; what goes round more often is cut off.
constexpr unsigned most_turns_without_step = 1U << 16U;

}  // namespace

WaitingLoops::Snapshot& WaitingLoops::snapshot() { return snapshots_[front_end_.witness().thread()]; }

bool WaitingLoops::traces(std::uint64_t yield) const {
    return std::find(tracing_.begin(), tracing_.end(), yield) != tracing_.end();
}

/// The engine may have taken the loop for one that waits: what leaves a trace is another loop to it.
engine::Site WaitingLoops::site_of(std::uintptr_t caller) const {
    const Sites::Known& known = front_end_.sites.of(caller, self.calls);
    return traces(Sites::number(caller, self.calls)) ? known.again : known.site;
}

void WaitingLoops::take_snapshot(const Frames& frames) {
    Snapshot& now = snapshot();
    now.frames = frames;
    now.written.clear();
    const auto* const begin = reinterpret_cast<const std::byte*>(frames.begin);
    now.stack.assign(begin, begin + (self.stack_end - frames.begin));
    self.turn.leaves_trace = false;
}

/// Whether what the turn leaves behind will be asked for.
void WaitingLoops::compare(bool compared) {
    self.turn.is_compared = compared;
    self.is_watched = compared || front_end_.witness().is_recording();
}

bool WaitingLoops::has_left_trace(const Frames& frames) {
    const Snapshot& before = snapshot();
    if (self.turn.leaves_trace || frames.begin != before.frames.begin || frames.registers != before.frames.registers)
        return true;
    if (std::memcmp(reinterpret_cast<const void*>(frames.begin), before.stack.data(), before.stack.size()) != 0)
        return true;
    return std::any_of(before.written.begin(), before.written.end(), [](const Before& one) {
        return std::memcmp(reinterpret_cast<const void*>(one.address), one.bytes.data(), one.size) != 0;
    });
}

void WaitingLoops::before_write(std::uintptr_t address, std::size_t size) {
    if (!self.turn.is_compared) return;
    Snapshot& now = snapshot();
    if (address - now.frames.begin < now.stack.size()) return;  // compared as a whole
    Before before{address, static_cast<std::uint8_t>(size), {}};
    if (size > before.bytes.size()) {
        self.turn.leaves_trace = true;
        return;
    }
    std::memcpy(before.bytes.data(), reinterpret_cast<const void*>(address), size);
    now.written.push_back(before);
}

void WaitingLoops::tell(engine::Site yield) {
    self.turn.is_untold = false;
    front_end_.run().perform({.kind = engine::OperationKind::yield, .site = yield});
    front_end_.note_events();
}

/// The turn does something that the last one did not do: the engine finds out what the loop is.
void WaitingLoops::tell_untold() {
    if (!self.turn.repeats && !self.turn.is_untold) return;
    self.turn.repeats = false;
    if (self.turn.is_untold) tell(self.turn.yield);
    compare(front_end_.witness().is_imagining());
}

/// The exploration begins anew, and knows the loop: a turn that ends elsewhere than it began does not wait.
void WaitingLoops::tell_of_trace(std::uintptr_t caller) {
    if (!traces(self.turn.yielded_at)) tracing_.push_back(self.turn.yielded_at);
    if (!front_end_.witness().is_imagining()) tell(site_of(caller));
    tell(engine::Site());
}

void WaitingLoops::begin_turn(const Frames& frames, std::uintptr_t caller, bool is_untold, bool repeats) {
    Turn& turn = self.turn;
    turn.yielded_at = Sites::number(caller, self.calls);
    turn.yield = site_of(caller);
    turn.is_untold = is_untold;
    turn.repeats = repeats;
    turn.has_steps = false;
    turn.is_new = true;
    turn.position = 0;
    turn.events = front_end_.witness().events();
    take_snapshot(frames);
    compare(repeats || front_end_.witness().is_imagining());
}

void WaitingLoops::yield(const Frames& frames, std::uintptr_t caller) {
    const OutsideProgram outside;
    Turn& turn = self.turn;
    const std::uint64_t here = Sites::number(caller, self.calls);
    const bool comes_round = turn.yielded_at == here;
    if (front_end_.witness().is_imagining()) {
        if (comes_round && (traces(here) || has_left_trace(frames))) tell_of_trace(caller);
        tell(site_of(caller));
        return;
    }
    const bool is_idle = turn.is_new && turn.position == 0;
    if (turn.yielded_at != 0 && is_idle && !turn.has_steps) return;  // several in a row are one
    // How often the standard library's own loops have looked before they sleep is lost with their frames: no turn is a step.
    const bool forgets = front_end_.sites.of(caller, self.calls).is_of_atomic_wait;
    if (comes_round && turn.repeats && turn.position != 0) {
        if (!has_left_trace(frames)) {
            tell(site_of(caller));
            begin_turn(frames, caller, false, false);
            return;
        }
        if (!forgets && !traces(here)) tell_of_trace(caller);
        if (++turn.repeated >= most_turns_without_step) tell(site_of(caller));
        const bool untold = turn.is_untold;
        begin_turn(frames, caller, untold, true);
        return;
    }
    turn.repeated = 0;
    if (!traces(here)) {
        begin_turn(frames, caller, !forgets, true);
    } else if (turn.has_steps || turn.told < most_turns_told) {
        ++turn.told;
        tell(site_of(caller));
        begin_turn(frames, caller, false, false);
    } else {
        begin_turn(frames, caller, false, true);
    }
}

void WaitingLoops::try_failed(std::uintptr_t caller) {
    const std::uint64_t here = Sites::number(caller, self.calls);
    self.failed_tries = self.failed_try_at == here ? self.failed_tries + 1 : 1;
    self.failed_try_at = here;
    if (self.failed_tries < 2) return;
    const OutsideProgram outside;
    tell(site_of(caller));
}

void WaitingLoops::before_step() {
    tell_untold();
    self.turn.has_steps = true;
    self.turn.look_count = 0;
    self.clock_looks = 0;
}

std::optional<std::uint64_t> WaitingLoops::look_again(std::uintptr_t address, std::uint64_t site) {
    Turn& turn = self.turn;
    if (!turn.repeats || front_end_.witness().is_imagining()) return std::nullopt;
    const auto is_this = [&](const Turn::Look& look) { return look.site == site && look.address == address; };
    // What was looked at before the loop was is no part of its turn.
    std::size_t at = turn.position;
    if (at == 0)
        for (at = turn.look_count; at != 0 && !is_this(turn.looks[at - 1]);) --at;
    else ++at;
    if (at != 0 && at <= turn.look_count && is_this(turn.looks[at - 1]) &&
        front_end_.witness().events() == turn.events) {
        turn.position = at;
        return turn.looks[at - 1].value;
    }
    tell_untold();
    return std::nullopt;
}

void WaitingLoops::looked(std::uintptr_t address, std::uint64_t site, std::uint64_t value) {
    Turn& turn = self.turn;
    if (std::exchange(turn.is_new, false)) turn.look_count = 0;
    if (turn.look_count == turn.looks.size()) turn.has_steps = true;
    else turn.looks[turn.look_count++] = {site, address, value};
}

}  // namespace heddle::unmodified
