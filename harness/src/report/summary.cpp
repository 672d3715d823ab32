#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "report.hpp"
#include "wording.hpp"

namespace heddle::harness {

namespace {

constexpr std::size_t few = 6;          // whose bounds fit on a screen, too
constexpr std::size_t below_a_row = 5;  // columns
constexpr std::size_t most_rows = 12;   // of failures: with what stands below them, a screen

struct OfEngine {
    std::size_t verdicts = 0;
    std::size_t met = 0;
    std::size_t cut = 0;
    std::uint64_t executions = 0;
    double seconds = 0;
};

std::string of_engines(const Results& results) {
    std::map<std::string, OfEngine> engines;
    for (const Verdict& verdict : results.verdicts) {
        OfEngine& engine = engines[verdict.engine];
        ++engine.verdicts;
        if (verdict.met()) ++engine.met;
        if (!verdict.cut.empty()) ++engine.cut;
        engine.executions += verdict.executions;
        engine.seconds += verdict.seconds;
    }
    std::string text;
    for (const auto& [name, engine] : engines)
        text += fmt::format("{:<12} {} of {} met, {} executions, {:.1f} s of processors{}\n", name, engine.met,
                            engine.verdicts, with_commas(engine.executions), engine.seconds,
                            engine.cut == 0 ? "" : fmt::format("; {} cut something off", engine.cut));
    return text;
}

/// What was cut stands below its row; bounds, which several rows may share, below the last of those.
std::string rows_with_bounds(const std::vector<Verdict>& verdicts) {
    std::string text;
    std::size_t alike = 0;
    for (std::size_t at = 0; at != verdicts.size(); ++at) {
        const Verdict& verdict = verdicts[at];
        text += row(verdict);
        if (!verdict.cut.empty()) text += wrapped(below_a_row, cuts_of(verdict));
        ++alike;
        if (at + 1 != verdicts.size() && verdicts[at + 1].bounds == verdict.bounds) continue;
        const std::string whose = alike == 1 ? "" : fmt::format(" of these {}", alike);
        text += wrapped(below_a_row, fmt::format("bounds{}: {}", whose, verdict.bounds));
        alike = 0;
    }
    return text;
}

std::string rows_of_failures(const std::vector<Verdict>& verdicts) {
    std::string text;
    std::size_t rows = 0;
    for (const Verdict& verdict : verdicts)
        if (!verdict.met() && ++rows <= most_rows) text += row(verdict);
    return text + (rows > most_rows ? fmt::format("FAIL ... and {} more\n", rows - most_rows) : "");
}

/// What was cut most often, and how often.
std::string cuts_of_all(const std::vector<Verdict>& verdicts) {
    std::map<std::string, std::size_t> cuts;
    for (const Verdict& verdict : verdicts)
        for (const std::string& cut : verdict.cut) ++cuts[cut];
    if (cuts.empty()) return "";
    const auto most = std::max_element(cuts.begin(), cuts.end(),
                                       [](const auto& one, const auto& other) { return one.second < other.second; });
    return wrapped(0, fmt::format("CUT in {} of them: {}{}", most->second, most->first,
                                  cuts.size() == 1 ? "" : fmt::format("; and {} others", cuts.size() - 1)));
}

}  // namespace

std::string row(const Verdict& verdict) {
    return fmt::format("{:<4} {} ({}): {}, {} executions, {:.1f} s\n", verdict.met() ? "ok" : "FAIL", verdict.name,
                       verdict.engine, found_and_expected(verdict), with_commas(verdict.executions), verdict.seconds);
}

std::string summary(const Results& results) {
    const auto& verdicts = results.verdicts;
    const std::string text = verdicts.size() <= few
                                 ? rows_with_bounds(verdicts)
                                 : rows_of_failures(verdicts) + cuts_of_all(verdicts) + of_engines(results) +
                                       "bounds and what was cut off, row by row: --verbose\n";
    return text + totals(results) + '\n';
}

}  // namespace heddle::harness
