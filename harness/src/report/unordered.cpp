#include "unordered.hpp"

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <optional>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "names.hpp"
#include "ordering.hpp"

namespace heddle::harness {

using engine::OperationKind;

namespace {

/// The steps that have locked what the thread of a step holds there.
std::vector<std::size_t> held_at(const Trace& trace, std::size_t step) {
    std::vector<std::size_t> held;
    for (std::size_t at = 0; at != step; ++at) {
        const Trace::Step& other = trace.steps()[at];
        if (other.thread != trace.steps()[step].thread) continue;
        if (takes_mutex(other.kind) && other.finished && other.success) held.push_back(at);
        if (other.kind != OperationKind::unlock) continue;
        const auto is_it = [&](std::size_t taken) { return trace.steps()[taken].object == other.object; };
        const auto last = std::find_if(held.rbegin(), held.rend(), is_it);
        if (last != held.rend()) held.erase(std::next(last).base());
    }
    return held;
}

std::string holds(const Trace& trace, std::uint64_t thread, const std::vector<std::size_t>& held) {
    std::string names;
    for (const std::size_t taken : held) {
        if (!names.empty()) names += " and ";
        names += fmt::format("{} since {}", trace.object_name(trace.steps()[taken]), trace.step_name(taken));
    }
    return fmt::format("{} holds {}", thread_name(thread), held.empty() ? "no lock" : names);
}

/// The last step of its thread before it that orders what follows after what it reads from, if that is released.
std::optional<std::size_t> acquired_before(const Trace& trace, std::size_t step) {
    for (std::size_t at = step; at-- != 0;)
        if (trace.steps()[at].thread == trace.steps()[step].thread && can_acquire(trace, at, step)) return at;
    return std::nullopt;
}

}  // namespace

std::string nothing_waits(const Trace& trace, std::size_t earlier, std::size_t later) {
    const std::vector<std::size_t> first = held_at(trace, earlier);
    const std::vector<std::size_t> second = held_at(trace, later);
    if (!first.empty() || !second.empty())
        return fmt::format(
            "{}, {}: {}", holds(trace, trace.steps()[earlier].thread, first),
            holds(trace, trace.steps()[later].thread, second),
            first.empty() || second.empty() ? "it must hold the same one" : "they are not the same lock");
    for (const auto& [step, other] : {std::pair(later, earlier), std::pair(earlier, later)})
        if (const auto acquired = acquired_before(trace, step))
            return fmt::format(
                "{} acquires {} in {}, and goes on whether or not {} is past {}: a lock is missing, or it must wait "
                "for that",
                thread_name(trace.steps()[step].thread), trace.object_name(trace.steps()[*acquired]),
                trace.step_name(*acquired), thread_name(trace.steps()[other].thread), trace.step_name(other));
    return "neither thread waits for the other: a lock is missing, or a flag that one waits for";
}

}  // namespace heddle::harness
