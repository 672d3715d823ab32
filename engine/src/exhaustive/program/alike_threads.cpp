#include "alike_threads.hpp"

#include <algorithm>

#include "execution/words.hpp"

namespace heddle::engine::exhaustive {

namespace {

/// Whether what two threads write are addresses, which may be those of the same things of theirs.
bool may_be_addresses(const Label& one, const Label& other) {
    constexpr std::uint64_t least_address = std::uint64_t{1} << 32;
    const auto are = [](std::uint64_t mine, std::uint64_t theirs) {
        return mine == theirs || (mine >= least_address && theirs >= least_address);
    };
    return are(one.value, other.value) && are(one.modification.operand, other.modification.operand) &&
           are(one.modification.expected, other.modification.expected);
}

}  // namespace

void AlikeThreads::begin_program(const Program& program, bool every_permutation) {
    alike_.reset();
    why_ = {};
    executions_ = renamings_ = 0;
    const bool some = std::any_of(program.alike.begin(), program.alike.end(), [](int size) { return size > 1; });
    if (!some || every_permutation) return;
    if (program.hands_memory_on) why_ = words::memory_of_alike;
    else alike_.emplace(program.alike);
}

void AlikeThreads::explore_each(std::string_view why) {
    alike_.reset();
    why_ = why;
}

std::optional<std::string> AlikeThreads::cut() const {
    return why_.empty() ? std::nullopt : std::optional(words::alike_in_each_order(why_));
}

void AlikeThreads::look_at(const Trace& trace, Schedule& schedule, EventId id) {
    const Graph& graph = trace.graph();
    const Event& event = graph[id];
    if (!alike_->is_in_group(id.thread)) return;
    const EventId counterpart = counterpart_before(graph, id);
    const bool is_same = !counterpart.exists() || do_the_same(event, graph[counterpart]);
    const bool has_its_own = event.kind == EventKind::init || event.kind == EventKind::spawn;
    // Where a write came before, nothing is compared that is one thread's own.
    if (has_its_own && have_same_past(graph, id.thread, id.thread, id.index)) explore_each(words::alike_construct);
    else if (!is_same && may_be_addresses(event, graph[counterpart])) explore_each(words::alike_have_addresses);
    else if (!is_same)
        schedule.fail({.kind = FailureKind::misuse,
                       .message = words::not_alike(Trace::index_of(id.thread), Trace::index_of(counterpart.thread)),
                       .site = site_of(trace.place_of_running())});
    if (!alike_) schedule.stop(RunEnd::restart);
}

std::uint64_t AlikeThreads::renamings_due() {
    // What is not alike mostly shows at once, and a small program has few executions: all that five threads can do costs a
    // blink there.
    constexpr std::uint64_t thorough = 100;
    constexpr std::uint64_t most = 119;
    return executions_++ < thorough ? std::min(alike_->permutations() - 1, most) : 1;
}

Decider& AlikeThreads::rename(const Graph& graph) {
    const std::uint64_t others = alike_->permutations() - 1;  // than the one that changes nothing
    renamed_.become(graph, alike_->permutation(1 + renamings_++ % others));
    return renamed_;
}

RunEnd AlikeThreads::judge(RunEnd end, bool has_taken_back, Execution& execution) {
    if (end == RunEnd::restart || (end == RunEnd::complete && !renamed_.has_grown())) return end;
    const bool is_other = end != RunEnd::failed || execution.failure->kind == FailureKind::nondeterminism;
    if (!is_other) return end;
    if (!has_taken_back && has_addresses()) {
        explore_each(words::alike_have_addresses);
        return RunEnd::restart;
    }
    // Where a loop has looked in vain, it may matter how often it has.
    if (has_taken_back) execution.failure = Failure{.kind = FailureKind::nondeterminism, .message = {}};
    else execution.failure = Failure{.kind = FailureKind::misuse, .message = std::string(words::not_alike_later)};
    return RunEnd::failed;
}

/// Whether the execution has a value that may be an address, which belongs to one thread.
bool AlikeThreads::has_addresses() const {
    const Graph& graph = renamed_.graph();
    return std::any_of(graph.order().begin(), graph.order().end(), [&](EventId id) {
        constexpr std::uint64_t least_address = std::uint64_t{1} << 32;
        return !graph[id].is_queue && (graph[id].value >= least_address || graph[id].value_read >= least_address);
    });
}

}  // namespace heddle::engine::exhaustive
