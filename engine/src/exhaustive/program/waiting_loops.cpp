#include "waiting_loops.hpp"

#include <algorithm>
#include <utility>

#include "execution/words.hpp"
#include "host/digest.hpp"

namespace heddle::engine::exhaustive {

void WaitingLoops::begin_program(bool front_end_compares) {
    front_end_compares_ = front_end_compares;
    known_iterations_.clear();
    runs_ = looks_too_late_ = 0;
    schedule_.go_evenly(false);
    takes_back_ = true;
    yield_bound_ = {};
    has_taken_back_ = false;
    not_waits_.clear();
    cut_.clear();
    counted_.clear();
}

void WaitingLoops::begin_thread(unsigned thread) {
    in_vain_[thread] = {};
    yields_[thread] = 0;
    latest_yield_[thread] = {};
    pauses_[thread] = 0;
    reads_the_clock_[thread] = false;
    looks_for_good_[thread] = false;
}

/// A yield after a yield, and nothing in between: a pause, which ends no iteration. Time passes in one if the thread has looked
/// at the clock.
bool WaitingLoops::is_pause(Site site) {
    if (front_end_compares_) return false;  // it sees what is no event, too
    const unsigned thread = trace_.running();
    const PlaceKey here = key_of(site);
    const bool is_repeated = imagined_ ? imagined_->at == 0 && imagined_->iteration.yield == here
                                       : latest_yield_[thread] == point(here) && !is_answering();
    if (!is_repeated && (imagined_ || !in_vain_[thread].has_come_round(here))) {
        pauses_[thread] = 0;
        return false;
    }
    if (++pauses_[thread] > most_iterations_in_vain) {
        if (imagined_) leave_imagined();
        schedule_.fail({.kind = FailureKind::livelock, .message = words::yields_for_ever(site), .site = site});
    }
    if (!imagined_ && reads_the_clock_[thread]) {
        reads_the_clock_[thread] = false;
        recorder_.choose(1);  // the event with which it passes
        blocking_.let_time_pass();
    }
    return true;
}

/// As yield(), if the iteration has done something.
bool WaitingLoops::ends_iteration(Site site) {
    const PlaceKey here = key_of(site);
    if (imagined_) {
        imagine_next_iteration(here);
        return true;
    }
    InVain& in_vain = in_vain_[trace_.running()];
    if (in_vain.is_in_any_order || in_vain.comes_round(here)) return true;
    for (const Iteration& iteration : known_iterations_) {
        if (iteration.yield != here || left_out_.is_counted(here) || !has_taken(trace_, iteration)) continue;
        if (left_out_.is_step(iteration)) return true;
        if (looks_again(iteration)) return false;
        wait_in(iteration);
        return true;
    }
    if (may_wait(here)) {
        imagined_ = Imagined{.iteration = {here, {}}};
        answers_ = true;
    } else if (!yield_bound_.allows(yields_[trace_.running()]++)) {
        cut_off(words::yields_too_often(yield_bound_.most(), site));
    }
    reads_the_clock_[trace_.running()] = false;
    return true;
}

/// Whether the running thread may be in a loop that waits.
bool WaitingLoops::may_wait(PlaceKey yield) const {
    if (left_out_.is_counted(yield)) return false;
    if (std::find(not_waits_.begin(), not_waits_.end(), point(yield)) != not_waits_.end()) return false;
    const auto points =
        std::count_if(not_waits_.begin(), not_waits_.end(), [yield](const Point& one) { return one.yield == yield; });
    return points < most_points_without_waiting;
}

bool WaitingLoops::answers_running() const {
    const InVain& in_vain = in_vain_[trace_.running()];
    return imagined_ || in_vain.iteration != nullptr || in_vain.is_in_any_order || left_out_.is_due();
}

std::optional<OperationResult> WaitingLoops::answer(const Operation& op, LocationId location) {
    if (!imagined_ && left_out_.is_due()) return left_out_.answer(op);
    if (in_vain_[trace_.running()].is_in_any_order) return look_in_any_order(op, location);
    return imagined_ ? imagine(op, location) : in_vain_[trace_.running()].answer(trace_, op, location);
}

OperationResult WaitingLoops::imagine(const Operation& op, LocationId location) {
    if (op.kind == OperationKind::read) return {};
    const bool writes = front_end_compares_ && would_write_again(trace_, op, location);
    imagined_->iteration.writes = imagined_->iteration.writes || writes;
    const auto result = writes ? OperationResult{} : repeated(trace_, op, location);
    if (!result) leave_imagined();
    std::vector<PlaceKey>& steps = imagined_->iteration.steps;
    const std::size_t at = imagined_->at++;
    if (imagined_->iterations == 0 && at < most_events_of_a_thread) steps.push_back(key_of(op.site));
    else if (at >= steps.size() || steps[at] != key_of(op.site)) leave_imagined();
    return *result;
}

std::optional<OperationResult> WaitingLoops::InVain::answer(const Trace& trace, const Operation& op,
                                                            LocationId location) {
    if (op.kind == OperationKind::read) return OperationResult{};
    const bool goes_on = at < iteration->steps.size() && iteration->steps[at] == key_of(op.site);
    const auto result = goes_on ? repeated(trace, op, location) : std::nullopt;
    if (result) ++at;
    else iteration = nullptr;
    return result;
}

bool WaitingLoops::InVain::comes_round(PlaceKey here) {
    const bool comes = iteration != nullptr && iteration->yield == here && at == iteration->steps.size();
    if (!comes) iteration = nullptr;
    at = 0;
    return comes && ++iterations <= most_iterations_in_vain;
}

/// The thread has come round to a yield.
void WaitingLoops::imagine_next_iteration(PlaceKey yield) {
    note_what_is_left_behind();
    Iteration& iteration = imagined_->iteration;
    if (iteration.yield != yield || imagined_->at != iteration.steps.size()) leave_imagined();
    if (imagined_->iterations == 0 && !has_taken(trace_, iteration)) leave_imagined();
    if (iteration.writes && reads_the_clock_[trace_.running()]) leave_imagined();
    if (front_end_compares_) learn(iteration);
    iteration.watches_the_clock = iteration.watches_the_clock || reads_the_clock_[trace_.running()];
    imagined_->at = 0;
    if (++imagined_->iterations == most_iterations_in_vain) learn(iteration);
}

void WaitingLoops::note_what_is_left_behind() {
    // A run that keeps its steps has them in its frames.
    if (front_end_compares_ || execution_.is_recording() || imagined_->iterations >= iterations_asked) return;
    const std::uint64_t left = digest_of_frames() ^ execution_.memory.digest();
    imagined_->iteration.counts = left != std::exchange(imagined_->left_behind, left);
}

void WaitingLoops::leave_out_looks(std::string words) {
    if (std::find(counted_.begin(), counted_.end(), words) == counted_.end()) counted_.push_back(std::move(words));
}

void WaitingLoops::learn(Iteration iteration) {
    const Site site = site_of(iteration.yield);
    if (!front_end_compares_ && iteration.gives_up) leave_out_looks(words::looks_count(site));
    else if (!front_end_compares_ && iteration.counts)
        leave_out_looks(words::looks_too_often(most_iterations_in_vain, site));
    known_iterations_.push_back(std::move(iteration));
    imagined_.reset();
    schedule_.stop(RunEnd::restart);
}

/// The thread would do something else than go round once more. If it has gone round, its loop is one that gives up;
/// otherwise its iterations are explored as what they are.
void WaitingLoops::leave_imagined() {
    Imagined imagined = *std::exchange(imagined_, std::nullopt);
    imagined.iteration.gives_up = true;
    if (imagined.iterations != 0 && !imagined.iteration.writes) learn(std::move(imagined.iteration));
    not_waits_.push_back(point(imagined.iteration.yield));
    schedule_.stop(RunEnd::restart);
}

/// The thread has taken an iteration, and has just read the latest values. It might as well have come later: the iteration never was, and
/// is taken when one of those has changed. If none ever does, the thread looks for good.
bool WaitingLoops::looks_again(const Iteration& iteration) {
    const unsigned thread = trace_.running();
    if (!takes_back_ || !iteration.only_looks() || looks_for_good_[thread]) return false;
    const std::vector<EventId> looks = looks_of(trace_, iteration);
    const auto has_chosen = [this](EventId look) { return trace_.graph()[look].chosen != 0; };
    if (std::any_of(looks.begin(), looks.end(), has_chosen)) return false;  // it would not choose that again
    std::vector<Seen> seen;
    seen.reserve(looks.size());
    for (const EventId look : looks) seen.push_back({trace_.graph()[look].location, trace_.graph()[look].value_read});
    left_out_.note(iteration);
    const bool may_come_to_nothing = looks.size() == 1;  // of several, an earlier one may read something else then
    if (!recorder_.take_back(iteration.steps.size())) return false;
    has_taken_back_ = true;
    if (may_come_to_nothing) trace_.decider().leads_nowhere(looks.front(), seen.front().value);
    execution_.forget_steps(trace_.events_run());
    looks_for_good_[thread] = !schedule_.await_change(std::move(seen));
    return true;
}

bool WaitingLoops::allow_more_yields() {
    if (!yield_bound_.raise()) return false;
    cut_.clear();
    return true;
}

std::vector<std::string> WaitingLoops::cut() const {
    std::vector<std::string> all = counted_;
    all.insert(all.end(), cut_.begin(), cut_.end());
    return all;
}

void WaitingLoops::cut_off(std::string words) {
    end_imagination();
    if (std::find(cut_.begin(), cut_.end(), words) == cut_.end()) cut_.push_back(std::move(words));
    schedule_.leave(ThreadState::given_up);
}

}  // namespace heddle::engine::exhaustive
