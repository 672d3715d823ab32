#include "turns_left_out.hpp"

#include <algorithm>
#include <utility>

#include "host/digest.hpp"

namespace heddle::engine::exhaustive {

namespace {

constexpr std::size_t most_turns = 64;
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
    put_in_ = nullptr;
}

void TurnsLeftOut::note(const Iteration& iteration) {
    if (is_trial() || turns_.size() == most_turns || iteration.counts || iteration.gives_up ||
        iteration.watches_the_clock)
        return;
    const Graph& graph = trace_.graph();
    const unsigned thread = trace_.running();
    const auto begin = static_cast<std::uint16_t>(trace_.events_run() - iteration.steps.size());
    const std::uint64_t past = past_of(graph, thread, begin);
    const std::uint64_t found = found_in(trace_, iteration, trace_.events_run());
    if (!noted_.insert(mixed(past, found)).second) return;
    Turn turn{thread, begin, past, iteration.yield, found, {}};
    for (std::size_t index = begin; index != trace_.events_run(); ++index) {
        const EventId id = event_id(thread, index);
        turn.steps.push_back({trace_.place_of(id), graph[id].kind == EventKind::fence, graph[id].value_read});
    }
    turns_.push_back(std::move(turn));
    for (Repetition& execution : executions_) plan(turns_.back(), execution);
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
    const std::vector<Step>& steps = put_in_->steps;
    const bool is_next = at_ != steps.size() && steps[at_].place == key_of(op.site) &&
                         steps[at_].is_fence == (op.kind == OperationKind::fence);
    if (!is_next && at_ == 0) return std::nullopt;
    const auto result = is_next && steps[at_].is_fence ? OperationResult{}
                        : is_next                      ? in_vain(op, steps[at_].value)
                                                       : std::nullopt;
    if (!result) {
        has_given_up_ = true;
        schedule_.stop(RunEnd::inconsistent);
    }
    ++at_;
    return result;
}

bool TurnsLeftOut::ends(PlaceKey yield) {
    if (at_ != put_in_->steps.size() || put_in_->yield != yield) return false;
    ++at_;
    return true;
}

void TurnsLeftOut::note_execution(const Graph& graph) {
    if (tried_.size() >= most_tried) return;
    if (++seen_ > all_looked_at && seen_ % looked_at != 0) return;
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
        if (tried_.insert(past_of(graph, thread, graph.size(thread))).second) keep();
    if (kept == nullptr) return;
    for (const Turn& turn : turns_) plan(turn, *kept);
}

/// If the thread comes to the loop there as it has where the turn was left out.
void TurnsLeftOut::plan(const Turn& turn, Repetition& execution) {
    const Graph& graph = execution.graph();
    if (turn.thread >= graph.threads() || graph.size(turn.thread) <= turn.begin ||
        past_of(graph, turn.thread, turn.begin) != turn.past)
        return;
    const std::uint64_t past = past_of(graph, turn.thread, graph.size(turn.thread));
    if (tried_.insert(mixed(mixed(past, turn.past), turn.found)).second) planned_.push_back({&turn, &execution});
}

Decider* TurnsLeftOut::next() {
    put_in_ = nullptr;
    if (planned_.empty()) return nullptr;
    put_in_ = planned_.back().turn;
    runs_ = planned_.back().execution;
    planned_.pop_back();
    return runs_;
}

bool TurnsLeftOut::passes(RunEnd end) {
    const bool goes_on_alike = end == RunEnd::complete && !runs_->has_grown();
    const bool tells_nothing = at_ == 0 || has_given_up_;
    if (end != RunEnd::restart && (goes_on_alike || tells_nothing)) return true;
    // A run that ends as restart has found out something else, and the exploration begins anew for that.
    if (end != RunEnd::restart && !of_use_.insert(put_in_->found).second) counting_.insert(put_in_->yield);
    begin_exploration();
    return false;
}

}  // namespace heddle::engine::exhaustive
