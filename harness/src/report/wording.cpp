#include "wording.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace heddle::harness {

std::string found(const Verdict& verdict) {
    std::string words(engine::to_string(verdict.outcome));
    if (verdict.kind) words += fmt::format(" ({})", engine::to_string(*verdict.kind));
    return words;
}

std::string expected_of(const Verdict& twin) {
    std::string words(engine::to_string(*twin.expected));
    if (!twin.fails_at.empty()) words += fmt::format(" at '{}'", fmt::join(twin.fails_at, "' or '"));
    return words;
}

std::string found_and_expected(const Verdict& verdict) {
    if (!verdict.expected) return found(verdict);
    return found(verdict) + (verdict.met() ? ", as it must" : ", expected " + expected_of(verdict));
}

std::string cuts_of(const Verdict& verdict) {
    return verdict.cut.empty() ? "" : fmt::format("CUT: {}", fmt::join(verdict.cut, "; "));
}

std::string cuts_and_bounds(const Verdict& verdict) {
    return fmt::format("{}{}bounds: {}", cuts_of(verdict), verdict.cut.empty() ? "" : "; ", verdict.bounds);
}

std::string wrapped(std::size_t indent, std::string line) {
    std::string text;
    line.insert(0, indent, ' ');
    while (line.size() > report_width) {
        std::size_t cut = line.rfind(' ', report_width);
        if (cut == std::string::npos || cut <= indent + 4) cut = report_width;
        text += line.substr(0, cut) + '\n';
        line.erase(0, line[cut] == ' ' ? cut + 1 : cut).insert(0, indent + 4, ' ');
    }
    return text + line + '\n';
}

std::string replay_command(const Verdict& verdict, const std::string& program) {
    return verdict.token.empty() ? "" : fmt::format("{} --replay '{}'", program, verdict.token);
}

std::string replay_command_of_test(const Verdict& verdict, const std::string& program) {
    if (verdict.token.empty()) return "";
    return fmt::format("HEDDLE_REPLAY='{}' {} --gtest_filter='{}*.{}'", verdict.token, program, verdict.engine,
                       verdict.name);
}

std::string with_commas(std::uint64_t number) {
    std::string text = std::to_string(number);
    for (auto at = static_cast<std::ptrdiff_t>(text.size()) - 3; at > 0; at -= 3)
        text.insert(static_cast<std::size_t>(at), 1, ',');
    return text;
}

std::string totals(const Results& results) {
    std::uint64_t executions = 0;
    std::uint64_t peak = 0;
    for (const Verdict& verdict : results.verdicts) {
        executions += verdict.executions;
        peak = std::max(peak, verdict.peak_bytes);
    }
    constexpr std::uint64_t mebibyte = std::uint64_t{1} << 20;
    return fmt::format("{}: {} executions explored, at most {} MiB each{}", met_of_all(results),
                       with_commas(executions), peak / mebibyte, results.are_green() ? "" : "  --  FAILED");
}

std::string met_of_all(const Results& results) {
    return fmt::format("{} of {} met{}", results.met(), results.verdicts.size(),
                       results.not_run == 0 ? "" : fmt::format(", {} not run", results.not_run));
}

}  // namespace heddle::harness
