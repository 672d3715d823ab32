#include "waiting_loops.hpp"

#include <algorithm>
#include <utility>

#include "execution/words.hpp"
#include "modification_of.hpp"

namespace heddle::engine::exhaustive {

void WaitingLoops::begin_program(bool front_end_compares) {
    front_end_compares_ = front_end_compares;
    known_laps_.clear();
    not_waits_.clear();
    cut_.clear();
}

void WaitingLoops::begin_thread(unsigned thread) {
    in_vain_[thread] = {};
    yields_[thread] = 0;
    reads_the_clock_[thread] = false;
    looks_for_good_[thread] = false;
}

bool WaitingLoops::yield(Site site) {
    const PlaceKey here = key_of(site);
    if (imagined_) {
        imagine_next_lap(here);
        return true;
    }
    if (yields_in_vain(here)) return true;
    for (const Lap& lap : known_laps_) {
        if (lap.yield != here || !has_taken(trace_, lap)) continue;
        if (looks_again(lap)) return false;
        wait_in(lap);
        return true;
    }
    if (std::find(not_waits_.begin(), not_waits_.end(), here) == not_waits_.end()) imagine(here);
    else if (yields_[trace_.running()]++ == most_yields_of_a_thread) give_up(site);
    reads_the_clock_[trace_.running()] = false;
    return true;
}

void WaitingLoops::imagine(PlaceKey yield) {
    imagined_ = Imagined{.lap = {yield, {}}};
    answers_ = true;
}

std::optional<OperationResult> WaitingLoops::answer(const Operation& op, LocationId location) {
    return imagined_ ? imagine(op, location) : answer_in_vain(op, location);
}

OperationResult WaitingLoops::imagine(const Operation& op, LocationId location) {
    if (op.kind == OperationKind::read) return {};
    const auto result = repeated(op, location);
    if (!result) leave_imagined();
    std::vector<PlaceKey>& steps = imagined_->lap.steps;
    const std::size_t at = imagined_->at++;
    if (imagined_->laps == 0 && at < most_events_of_a_thread) steps.push_back(key_of(op.site));
    else if (at >= steps.size() || steps[at] != key_of(op.site)) leave_imagined();
    return *result;
}

std::optional<OperationResult> WaitingLoops::answer_in_vain(const Operation& op, LocationId location) {
    InVain& mine = in_vain_[trace_.running()];
    if (op.kind == OperationKind::read) return OperationResult{};
    const bool goes_on = mine.at < mine.lap->steps.size() && mine.lap->steps[mine.at] == key_of(op.site);
    const auto result = goes_on ? repeated(op, location) : std::nullopt;
    if (result) ++mine.at;
    else mine.lap = nullptr;
    return result;
}

/// What the operation gives if it finds everything as the running thread left it; nothing if it would change something, or
/// the thread does not know.
std::optional<OperationResult> WaitingLoops::repeated(const Operation& op, LocationId location) const {
    const bool tries = op.kind == OperationKind::try_lock;
    const bool may_change_nothing = tries || (op.kind <= OperationKind::fence && op.kind != OperationKind::store);
    if (!may_change_nothing) return std::nullopt;
    if (op.kind == OperationKind::fence) return OperationResult{};
    const auto seen = last_seen(location);
    if (!seen) return std::nullopt;
    if (op.kind == OperationKind::load) return OperationResult{.value = *seen};
    if (tries) return *seen != 0 ? std::optional(OperationResult{.value = *seen}) : std::nullopt;
    const auto written = modification_of(op).after(*seen);
    const bool changes = written && *written != *seen;
    // A weak compare-exchange that would succeed now has failed without cause, and does so again.
    if (changes && op.kind != OperationKind::compare_exchange_weak) return std::nullopt;
    return OperationResult{.value = *seen, .success = written && !changes};
}

/// The value of an atomic as the running thread knows it from its own latest step there.
std::optional<std::uint64_t> WaitingLoops::last_seen(LocationId location) const {
    for (std::uint16_t index = trace_.events_run(); index-- != 0;) {
        const Event& event = trace_.graph()[{static_cast<std::uint16_t>(trace_.running()), index}];
        if (event.location != location) continue;
        return event.kind == EventKind::read ? event.value_read : event.value;
    }
    return std::nullopt;
}

/// Returns: whether a thread that goes on in vain has come round once more.
bool WaitingLoops::yields_in_vain(PlaceKey here) {
    InVain& mine = in_vain_[trace_.running()];
    const bool comes_round = mine.lap != nullptr && mine.lap->yield == here && mine.at == mine.lap->steps.size();
    if (!comes_round) mine.lap = nullptr;
    mine.at = 0;
    return comes_round && ++mine.laps <= most_laps_in_vain;
}

/// The thread has come round to a yield.
void WaitingLoops::imagine_next_lap(PlaceKey yield) {
    Lap& lap = imagined_->lap;
    if (lap.yield != yield || imagined_->at != lap.steps.size()) leave_imagined();
    if (imagined_->laps == 0 && !has_taken(trace_, lap)) leave_imagined();
    if (front_end_compares_) learn(lap);
    lap.watches_the_clock = lap.watches_the_clock || reads_the_clock_[trace_.running()];
    imagined_->at = 0;
    if (++imagined_->laps == most_laps_in_vain) learn(lap);
}

void WaitingLoops::learn(Lap lap) {
    known_laps_.push_back(std::move(lap));
    imagined_.reset();
    schedule_.stop(RunEnd::restart);
}

/// The thread would do something else than go round once more. If it has gone round, its loop is one that gives up;
/// otherwise its laps are explored as what they are.
void WaitingLoops::leave_imagined() {
    Imagined imagined = *std::exchange(imagined_, std::nullopt);
    imagined.lap.gives_up = true;
    if (imagined.laps != 0) learn(std::move(imagined.lap));
    not_waits_.push_back(imagined.lap.yield);
    schedule_.stop(RunEnd::restart);
}

/// The thread has taken a lap, and has just read the latest values. It might as well have come later: the lap never was, and
/// is taken when one of those has changed. If none ever does, the thread looks for good.
bool WaitingLoops::looks_again(const Lap& lap) {
    const unsigned thread = trace_.running();
    if (lap.gives_up || lap.watches_the_clock || looks_for_good_[thread]) return false;
    const std::vector<EventId> looks = looks_of(trace_, lap);
    std::vector<Seen> seen;
    for (const EventId look : looks) seen.push_back({trace_.graph()[look].location, trace_.graph()[look].value_read});
    const bool may_come_to_nothing = looks.size() == 1;  // of several, an earlier one may read something else then
    if (!recorder_.take_back(lap.steps.size())) return false;
    if (may_come_to_nothing) trace_.decider().leads_nowhere(looks.front(), seen.front().value);
    execution_.forget_steps(trace_.events_run());
    looks_for_good_[thread] = !schedule_.await_change(std::move(seen));
    return true;
}

/// The thread has taken a lap, and what it waits for has not come. Returns if it does not wait here.
void WaitingLoops::wait_in(const Lap& lap) {
    const unsigned thread = trace_.running();
    if (lap.gives_up && recorder_.choose(2) == 1) {
        in_vain_[thread] = {.lap = &lap};
        answers_ = true;
        return;
    }
    if (lap.watches_the_clock && blocking_.may_let_time_pass() && recorder_.choose(2) == 1) {
        blocking_.let_time_pass();
        return;
    }
    spin(lap);
}

void WaitingLoops::spin(const Lap& lap) {
    const Graph& graph = trace_.graph();
    EventId last_read;
    std::size_t end = trace_.events_run();
    while (graph[EventId{static_cast<std::uint16_t>(trace_.running()), static_cast<std::uint16_t>(end - 1)}].kind ==
           EventKind::choice)
        --end;  // the choices to wait
    for (std::size_t index = end - lap.steps.size(); index != end; ++index) {
        const EventId id{static_cast<std::uint16_t>(trace_.running()), static_cast<std::uint16_t>(index)};
        if (graph[id].is_read()) last_read = id;
        // It failed without cause: the execution in which it does not is without this lap.
        if (graph[id].chosen != 0) schedule_.stop(RunEnd::inconsistent);
    }
    // The thread would be stuck in all that follows.
    if (trace_.decider().is_settled(last_read)) schedule_.stop(RunEnd::inconsistent);
    spins_in_[trace_.running()] = &lap;
    schedule_.leave(ThreadState::spinning);
}

bool WaitingLoops::spins_for_ever(unsigned thread) const {
    const Lap& lap = *spins_in_[thread];
    return !lap.gives_up && !lap.watches_the_clock && reads_the_latest(trace_, thread, lap.steps.size());
}

/// The loop changes something in each lap, and may do so for ever.
void WaitingLoops::give_up(Site site) { cut_off(words::yields_too_often(most_yields_of_a_thread, site)); }

void WaitingLoops::cut_off(std::string words) {
    end_imagination();
    if (std::find(cut_.begin(), cut_.end(), words) == cut_.end()) cut_.push_back(std::move(words));
    schedule_.leave(ThreadState::given_up);
}

}  // namespace heddle::engine::exhaustive
