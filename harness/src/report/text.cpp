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
using engine::FailureKind;

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

/// A line, broken at blanks so that it fits.
void add_line(std::string& text, std::size_t indent, std::string line) {
    line.insert(0, indent, ' ');
    while (line.size() > report_width) {
        std::size_t cut = line.rfind(' ', report_width);
        if (cut == std::string::npos || cut <= indent + 4) cut = report_width;
        text += line.substr(0, cut) + '\n';
        line.erase(0, line[cut] == ' ' ? cut + 1 : cut).insert(0, indent + 4, ' ');
    }
    text += line + '\n';
}

std::string page_of(engine::FailureKind kind) {
    return fmt::format("what to do about it: docs/failures/{}.md", engine::to_string(kind));
}

}  // namespace

std::string describe(const Counterexample& counterexample) {
    const Trace trace(counterexample);
    std::string text;
    const std::string kind(engine::to_string(counterexample.kind));
    add_line(text, 2, kind + ": " + counterexample.message);
    for (const std::string& line : cause(trace)) add_line(text, 4, line);
    if (const std::string memory = about_memory(trace); !memory.empty()) add_line(text, 4, memory);
    if (const std::string values = first_values(trace); !values.empty() && values.size() <= most_first_values)
        add_line(text, 2, "at first: " + values);
    text += columns(trace);
    if (counterexample.left_out != 0)
        add_line(text, 2,
                 fmt::format("left out: {} step(s) on which the failure does not depend", counterexample.left_out));
    add_line(text, 2, page_of(counterexample.kind));
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
        add_line(text, 2, found(verdict) + (verdict.message.empty() ? "" : ": " + verdict.message));
        if (verdict.kind) add_line(text, 2, page_of(*verdict.kind));
    } else {
        text += describe(*verdict.counterexample);
    }
    if (!replay_command.empty()) fmt::format_to(out, "  run it again:  {}\n", replay_command);
    return text;
}

}  // namespace heddle::harness
