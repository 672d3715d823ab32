#include "wake_ups.hpp"

#include <algorithm>
#include <cstdlib>

#include "front_end.hpp"

namespace heddle::unmodified {

namespace {

// The first iteration of a loop may note in a local that it waits now: the next ones are like it.
constexpr unsigned most_iterations = 3;
// More than there are between two waits: the thread does something else, for ever perhaps.
constexpr unsigned most_steps = 1U << 16U;
// Each costs the exploration so far. One more, and memory is taken as it is: an atomic that this thread has seen may count
// as changed, since to see it orders nothing.
constexpr unsigned most_trials = 8;

}  // namespace

/// A place in a function that programs share may have its loop in one of them only.
void WakeUps::begin_exploration() {
    have_loops_.clear();
    have_none_.clear();
    undecided_.clear();
}

bool WakeUps::comes_back(const Frames& frames, std::uintptr_t caller) {
    const OutsideProgram outside;
    const std::uint64_t here = Sites::number(caller, self.calls);
    if (is_trial()) {
        if (here != place_ || footprint_.has_changed_memory()) end(Found::goes_on);
        if (!footprint_.is_left(frames)) end(Found::waits_again);
        if (++iterations_ == most_iterations) end(Found::goes_on);
    } else {
        if (holds(have_loops_, here) || holds(have_none_, here) || front_end_.witness().is_imagining()) return false;
        if (is_to_be_skipped(here)) return false;
        place_ = here;
        iterations_ = 0;
        steps_ = 0;
        self.is_watched = true;
    }
    footprint_.begin(frames);
    return true;
}

/// Where nothing is known yet, too.
bool WakeUps::may_come(std::uintptr_t caller) const { return !holds(have_loops_, Sites::number(caller, self.calls)); }

void WakeUps::before_access(std::uintptr_t address, std::size_t size, bool writes) {
    const OutsideProgram outside;
    goes_on_trying();
    if (Threads::is_on_own_stack(address)) return;  // compared as a whole
    const bool is_last_trial = std::any_of(undecided_.begin(), undecided_.end(), [this](const Undecided& one) {
        return one.place == place_ && one.in_vain == most_trials;
    });
    if (front_end_.accesses.has_changed(address) && !is_last_trial) end(Found::nothing);
    // What it had not looked at before it waited is what it waits for, or comes after the wait.
    if (!front_end_.accesses.is_own(address)) end(Found::goes_on);
    if (writes) footprint_.before_write(address, size);
}

void WakeUps::goes_on_trying() {
    if (++steps_ == most_steps) end(Found::goes_on);
}

/// An execution that is run again, for a report, is what it was: its visits have told nothing.
bool WakeUps::is_to_be_skipped(std::uint64_t place) {
    const auto found = std::find_if(undecided_.begin(), undecided_.end(),
                                    [place](const Undecided& one) { return one.place == place; });
    if (found == undecided_.end()) return false;
    return front_end_.witness().is_recording() || found->visits++ < found->in_vain;
}

void WakeUps::end(Found found) {
    const OutsideProgram outside;
    if (found == Found::nothing) try_later();
    else (found == Found::waits_again ? have_loops_ : have_none_).push_back(place_);
    for (Undecided& one : undecided_) one.visits = 0;
    front_end_.run().restart();
    std::abort();  // not reached
}

/// The visits up to this one have told nothing.
void WakeUps::try_later() {
    auto found = std::find_if(undecided_.begin(), undecided_.end(),
                              [this](const Undecided& one) { return one.place == place_; });
    if (found == undecided_.end()) found = undecided_.insert(found, {.place = place_, .in_vain = 0, .visits = 0});
    ++found->in_vain;
}

}  // namespace heddle::unmodified
