// Failing executions as text that a person can follow.
#include <fmt/format.h>

#include <iterator>
#include <string>

#include "cause.hpp"
#include "columns.hpp"
#include "report.hpp"
#include "trace.hpp"
#include "wording.hpp"

namespace heddle::harness {

using engine::Counterexample;

namespace {

/// The first values of what has steps with numbers.
std::string first_values(const Trace& trace) {
    std::string text;
    for (std::size_t at = 0; at != trace.constructions(); ++at) {
        const auto& made = trace.steps()[at];
        if (made.value.empty()) continue;
        bool is_used = false;
        for (std::size_t later = trace.constructions(); later != trace.steps().size(); ++later)
            is_used = is_used || (trace.steps()[later].object == made.object &&
                                  trace.steps()[later].kind != engine::OperationKind::destroy);
        if (is_used) text += fmt::format("{}{} = {}", text.empty() ? "" : ", ", trace.object_name(made), made.value);
    }
    return text;
}

constexpr std::size_t most_first_values = 4 * report_width;  // characters

std::string page_of(engine::FailureKind kind) {
    return fmt::format("what to do about it: docs/failures/{}.md", engine::to_string(kind));
}

}  // namespace

std::string describe(const Counterexample& counterexample) {
    const Trace trace(counterexample);
    std::string text;
    const std::string kind(engine::to_string(counterexample.kind));
    text += wrapped(2, kind + ": " + counterexample.message);
    for (const std::string& line : cause(trace)) text += wrapped(4, line);
    if (const std::string memory = about_memory(trace); !memory.empty()) text += wrapped(4, memory);
    if (const std::string values = first_values(trace); !values.empty() && values.size() <= most_first_values)
        text += wrapped(2, "at first: " + values);
    for (const std::string& line : trace.legend()) text += wrapped(2, line);
    text += columns(trace);
    if (counterexample.left_out != 0)
        text += wrapped(
            2, fmt::format("left out: {} step(s) on which the failure does not depend", counterexample.left_out));
    text += wrapped(2, page_of(counterexample.kind));
    return text;
}

std::string explanation(const Verdict& verdict, const std::string& replay_command) {
    if (verdict.met()) return "";
    std::string text;
    auto out = std::back_inserter(text);
    fmt::format_to(out, "\nFAILED  {}  ({}, {})\n", verdict.name, verdict.engine, verdict.search);
    if (verdict.expected) {
        fmt::format_to(out, "  this is a broken twin: it must fail with {}, but it was {}\n", expected_of(verdict),
                       found(verdict));
    }
    fmt::format_to(out, "  claim: {}\n", verdict.claim);
    if (!verdict.counterexample) {
        text += wrapped(2, found(verdict) + (verdict.message.empty() ? "" : ": " + verdict.message));
        if (verdict.kind) text += wrapped(2, page_of(*verdict.kind));
    } else {
        text += describe(*verdict.counterexample);
    }
    if (!replay_command.empty()) fmt::format_to(out, "  run it again:  {}\n", replay_command);
    return text;
}

}  // namespace heddle::harness
