#include "turns_left_out.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

#include "execution/words.hpp"
#include "host/digest.hpp"

namespace heddle::engine::exhaustive {

namespace {

constexpr std::size_t most_turns = 1024;
constexpr std::size_t most_executions = 16;  // in which a turn that is left out later can be put in
constexpr std::size_t most_tried = 4096;
// In a small program each execution is looked at; of many, neighbours are alike.
constexpr std::uint64_t all_looked_at = 256;
constexpr std::uint64_t looked_at = 16;  // one of so many

/// Of what a thread has done and found in its first `count` events.
std::uint64_t past_of(const Graph& graph, unsigned thread, std::size_t count) {
    std::uint64_t sum = thread;
    for (std::size_t index = 0; index != count; ++index) {
        const Event& event = graph[event_id(thread, index)];
        sum =
            mixed(mixed(sum, static_cast<std::uint64_t>(event.kind)), event.is_read() ? event.value_read : event.value);
    }
    return sum;
}

std::uint64_t whole_past_of(const Graph& graph, unsigned thread) { return past_of(graph, thread, graph.size(thread)); }

/// Of the values that the running thread has found in a turn of that loop. `end`: after which of its events the turn has ended.
std::uint64_t found_in(const Trace& trace, const Iteration& iteration, std::size_t end) {
    std::uint64_t sum = iteration.yield;
    for (std::size_t index = end - iteration.steps.size(); index != end; ++index) {
        const EventId id = event_id(trace.running(), index);
        sum = mixed(mixed(sum, trace.place_of(id)), trace.graph()[id].value_read);
    }
    return sum;
}

}  // namespace

void TurnsLeftOut::begin_program() {
    of_use_.clear();
    counting_.clear();
    is_cut_ = false;
    begin_exploration();
}

void TurnsLeftOut::begin_exploration() {
    turns_.clear();
    noted_.clear();
    tried_.clear();
    executions_.clear();
    next_execution_ = 0;
    seen_ = 0;
    planned_.clear();
    put_in_.clear();
    has_new_turns_ = false;
}

void TurnsLeftOut::begin_run() {
    for (PutIn& one : put_in_) one.at = 0;
    has_given_up_ = false;
}

void TurnsLeftOut::note(const Iteration& iteration) {
    const bool is_full = turns_.size() == most_turns;
    if (is_trial() || iteration.counts || iteration.gives_up || iteration.watches_the_clock || (is_full && is_cut_))
        return;
    const Graph& graph = trace_.graph();
    const unsigned thread = trace_.running();
    const auto begin = static_cast<std::uint16_t>(trace_.events_run() - iteration.steps.size());
    const std::uint64_t past = past_of(graph, thread, begin);
    const std::uint64_t found = found_in(trace_, iteration, trace_.events_run());
    const std::uint64_t key = mixed(past, found);
    if (noted_.contains(key)) return;
    if (is_full) {
        is_cut_ = true;
        return;
    }
    noted_.insert(key);
    const EventId source = graph[event_id(thread, begin)].reads_from;
    Turn turn{thread, begin, past, iteration.yield, found, source.exists() ? graph.position(source) : 0, {}};
    for (std::size_t index = begin; index != trace_.events_run(); ++index) {
        const EventId id = event_id(thread, index);
        turn.steps.push_back({trace_.place_of(id), graph[id].kind == EventKind::fence,
                              graph[id].is_read() ? graph[id].value_read : graph[id].value});
    }
    turns_.push_back(std::move(turn));
    for (Repetition& execution : executions_) plan(turns_.back(), execution);
    has_new_turns_ = true;
}

bool TurnsLeftOut::is_step(const Iteration& iteration) const {
    if (of_use_.empty()) return false;
    const std::size_t end = trace_.events_run();
    const std::size_t length = iteration.steps.size();
    const std::uint64_t found = found_in(trace_, iteration, end);
    if (!of_use_.contains(found)) return false;
    return end <= 2 * length || found_in(trace_, iteration, end - length) != found;
}

std::optional<OperationResult> TurnsLeftOut::answer(const Operation& op) {
    if (op.kind == OperationKind::read) return OperationResult{};
    PutIn& mine = *due();
    const std::vector<Step>& steps = mine.turn->steps;
    const bool is_next = mine.at != steps.size() && steps[mine.at].place == key_of(op.site) &&
                         steps[mine.at].is_fence == (op.kind == OperationKind::fence);
    if (!is_next && mine.at == 0) return std::nullopt;
    const auto result = is_next && steps[mine.at].is_fence ? OperationResult{}
                        : is_next                          ? in_vain(op, steps[mine.at].value)
                                                           : std::nullopt;
    if (!result) {
        has_given_up_ = true;
        schedule_.stop(RunEnd::inconsistent);
    }
    ++mine.at;
    return result;
}

bool TurnsLeftOut::ends(PlaceKey yield) {
    PutIn& mine = *due();
    if (mine.at != mine.turn->steps.size() || mine.turn->yield != yield) return false;
    ++mine.at;
    return true;
}

/// The running thread's next turn, if it is where that begins.
TurnsLeftOut::PutIn* TurnsLeftOut::due() {
    const auto next = std::find_if(put_in_.begin(), put_in_.end(), [this](const PutIn& one) {
        return one.turn->thread == trace_.running() && !one.is_over();
    });
    return next != put_in_.end() && next->turn->begin == trace_.events_run() ? &*next : nullptr;
}

/// Whether the latest execution is one of those that are.
bool TurnsLeftOut::is_looked_at() const { return seen_ <= all_looked_at || seen_ % looked_at == 0; }

void TurnsLeftOut::note_execution(const Graph& graph) {
    if (tried_.size() >= most_tried) return;
    ++seen_;
    if (!is_looked_at()) return;
    Repetition* kept = nullptr;
    const auto keep = [&]() -> Repetition& {
        if (kept == nullptr) {
            if (executions_.size() < most_executions) executions_.emplace_back();
            kept = &executions_[next_execution_++ % most_executions];
            kept->become(graph);
        }
        return *kept;
    };
    for (unsigned thread = 1; thread != graph.threads(); ++thread)
        if (tried_.insert(whole_past_of(graph, thread)).second) keep();
    if (kept == nullptr) return;
    plan_all(*kept);
    for (const Turn& turn : turns_) plan(turn, *kept);
}

/// Whether the thread comes to the loop there as it has where the turn was left out.
bool TurnsLeftOut::fits(const Turn& turn, const Graph& graph) const {
    return turn.thread < graph.threads() && graph.size(turn.thread) > turn.begin &&
           past_of(graph, turn.thread, turn.begin) == turn.past;
}

void TurnsLeftOut::plan(const Turn& turn, Repetition& execution) {
    const Graph& graph = execution.graph();
    if (!fits(turn, graph)) return;
    const std::uint64_t past = whole_past_of(graph, turn.thread);
    if (tried_.insert(mixed(mixed(past, turn.past), turn.found)).second) planned_.push_back({{&turn}, &execution});
}

/// All that fit, in the order in which the thread could have taken them.
void TurnsLeftOut::plan_all(Repetition& execution) {
    const Graph& graph = execution.graph();
    std::vector<const Turn*> turns;
    for (const Turn& turn : turns_)
        if (fits(turn, graph)) turns.push_back(&turn);
    if (turns.size() < 2) return;
    std::stable_sort(turns.begin(), turns.end(), [](const Turn* one, const Turn* other) {
        return std::tie(one->thread, one->begin, one->position) <
               std::tie(other->thread, other->begin, other->position);
    });
    std::uint64_t all = 0;
    for (unsigned thread = 1; thread != graph.threads(); ++thread) all = mixed(all, whole_past_of(graph, thread));
    for (const Turn* const turn : turns) all = mixed(mixed(all, turn->past), turn->found);
    if (tried_.insert(all).second) planned_.push_back({std::move(turns), &execution});
}

Decider* TurnsLeftOut::next() {
    put_in_.clear();
    if (planned_.empty() && is_looked_at() && std::exchange(has_new_turns_, false))
        for (Repetition& execution : executions_) plan_all(execution);
    if (planned_.empty()) return nullptr;
    for (const Turn* const turn : planned_.back().turns) put_in_.push_back({turn});
    runs_ = planned_.back().execution;
    planned_.pop_back();
    return runs_;
}

/// Where a look alone does not show that a loop waits, the execution has the turn itself as a step, as the first of two: after
/// the one that is put in, the thread waits, and is not seen to go on.
bool TurnsLeftOut::waits_again() const {
    return std::any_of(put_in_.begin(), put_in_.end(), [this](const PutIn& one) {
        const Turn& turn = *one.turn;
        return one.is_over() && schedule_.threads()[turn.thread] == ThreadState::spinning &&
               trace_.events_run(turn.thread) == turn.begin + turn.steps.size();
    });
}

bool TurnsLeftOut::passes(RunEnd end) {
    const bool goes_on_alike = end == RunEnd::complete && !runs_->has_grown();
    const bool has_begun = std::any_of(put_in_.begin(), put_in_.end(), [](const PutIn& one) { return one.at != 0; });
    const bool tells_nothing = !has_begun || has_given_up_ || (end == RunEnd::blocked && waits_again());
    if (end != RunEnd::restart && (goes_on_alike || tells_nothing)) return true;
    // A run that ends as restart has found out something else, and the exploration begins anew for that.
    if (end != RunEnd::restart) {
        bool is_new = false;
        for (const PutIn& one : put_in_) is_new = of_use_.insert(one.turn->found).second || is_new;
        if (!is_new)
            for (const PutIn& one : put_in_) counting_.insert(one.turn->yield);
    }
    begin_exploration();
    return false;
}

std::optional<std::string> TurnsLeftOut::cut() const {
    return is_cut_ ? std::optional(words::more_turns_than_tried(most_turns)) : std::nullopt;
}

}  // namespace heddle::engine::exhaustive
