#include "headline.hpp"

#include <fmt/format.h>

#include "cause.hpp"

namespace heddle::harness {

using engine::FailureKind;

namespace {

/// The last line of the cause of a conflict says what is missing; those before it name the two sides.
std::string of_conflict(const Trace& trace) {
    const auto& found = trace.counterexample();
    const auto lines = cause(trace);
    if (!found.other_step || !found.thread || lines.size() < 3) return found.message;
    const auto& other = trace.steps()[*found.other_step];
    const std::size_t last = *trace.last_step_of(*found.thread);
    const std::string missing = comes_after_the_end(trace) ? "" : ", but nothing orders the two: " + lines[2];
    return fmt::format("{} {} {} in {}, and {} {} it in {}{}", thread_name(other.thread), verb_of(other.kind),
                       trace.object_name(other), trace.step_name(*found.other_step), thread_name(*found.thread),
                       verb_of(trace.steps()[last].kind), trace.step_name(last), missing);
}

/// Who waits for what, without the places.
std::string of_waiters(const Trace& trace) {
    std::string text;
    for (const std::string& line : cause(trace))
        text += (text.empty() ? "" : "; ") + line.substr(0, line.find("  at "));
    return text.empty() ? trace.counterexample().message : text;
}

std::string of_one_thread(const Trace& trace) {
    const auto& found = trace.counterexample();
    const bool is_check = found.kind == FailureKind::assertion;
    std::string what = is_check ? "check failed: " + found.message : found.message;
    const auto last = found.thread ? trace.last_step_of(*found.thread) : std::nullopt;
    if (!last || *last < trace.constructions()) return what;
    return fmt::format("{} ({}: {})", what, thread_name(*found.thread), trace.action(*last));
}

}  // namespace

std::string headline(const Trace& trace) {
    switch (trace.counterexample().kind) {
        case FailureKind::data_race:
        case FailureKind::use_after_free:
            return of_conflict(trace);
        case FailureKind::deadlock:
        case FailureKind::livelock:
            return of_waiters(trace);
        default:
            return of_one_thread(trace);
    }
}

}  // namespace heddle::harness
