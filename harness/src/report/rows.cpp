#include "rows.hpp"

#include <tuple>

#include <fmt/format.h>

namespace heddle::harness {

using engine::OperationKind;

namespace {

constexpr std::size_t longest_loop = 12;  // steps: of those that people write to wait
constexpr std::size_t fewest_rounds = 3;  // that are worth a fold

bool is_bookkeeping(OperationKind kind) { return kind == OperationKind::destroy || kind == OperationKind::construct; }

/// What a thread constructs or destroys in a row stands together.
std::vector<Row> joined(const Trace& trace) {
    std::vector<Row> rows;
    const auto& steps = trace.steps();
    const auto& other = trace.counterexample().other_step;
    for (std::size_t at = trace.constructions(); at != steps.size(); ++at) {
        const bool joins = !rows.empty() && is_bookkeeping(steps[at].kind) && at != other &&
                           rows.back().last != other && steps[at].kind == steps[rows.back().last].kind &&
                           steps[at].finished && steps[at].thread == steps[rows.back().last].thread;
        if (!joins) {
            rows.push_back({at, at, trace.action(at)});
            continue;
        }
        const std::string action = trace.action(at);
        rows.back().text += "," + action.substr(action.find(' '));
        rows.back().last = at;
    }
    return rows;
}

auto key(const Trace& trace, const Row& row) {
    const auto& of = trace.steps()[row.first];
    return std::tie(of.thread, of.kind, of.object, of.value, of.expected, of.read, of.place.line, of.place.file);
}

/// How often the `length` rows from `at` on stand there one after the other.
std::size_t rounds(const Trace& trace, const std::vector<Row>& rows, std::size_t at, std::size_t length) {
    std::size_t end = at + length;
    while (end != rows.size() && key(trace, rows[end]) == key(trace, rows[end - length])) ++end;
    return (end - at) / length;
}

}  // namespace

std::vector<Row> folded_rows(const Trace& trace) {
    const std::vector<Row> rows = joined(trace);
    std::vector<Row> result;
    for (std::size_t at = 0; at != rows.size();) {
        std::size_t length = 1;
        while (length <= longest_loop && at + length <= rows.size() && rounds(trace, rows, at, length) < fewest_rounds)
            ++length;
        if (length > longest_loop || at + length > rows.size()) {
            result.push_back(rows[at++]);
            continue;
        }
        const std::size_t times = rounds(trace, rows, at, length);
        result.insert(result.end(), rows.begin() + static_cast<std::ptrdiff_t>(at),
                      rows.begin() + static_cast<std::ptrdiff_t>(at + length));
        const std::size_t end = at + times * length;
        result.push_back(
            {rows[at + length].first, rows[end - 1].last,
             fmt::format("... the same {} more, up to {}", times == 2 ? "once" : fmt::format("{} times", times - 1),
                         trace.step_name(rows[end - 1].last)),
             true});
        at = end;
    }
    return result;
}

bool is_failure(const Trace& trace, const Row& row) {
    if (row.is_remark) return false;
    const auto& found = trace.counterexample();
    const bool is_last = found.thread && trace.last_step_of(*found.thread) == row.last;
    return is_last || (found.other_step && row.first <= *found.other_step && *found.other_step <= row.last);
}

}  // namespace heddle::harness
