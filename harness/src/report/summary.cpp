#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "report.hpp"
#include "wording.hpp"

namespace heddle::harness {

namespace {

constexpr std::size_t few = 6;         // whose bounds fit on a screen, too
constexpr std::size_t most_rows = 12;  // of failures: with what stands below them, a screen

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

}  // namespace

std::string row(const Verdict& verdict) {
    return fmt::format("{:<4} {} ({}): {}, {} executions, {:.1f} s\n", verdict.met() ? "ok" : "FAIL", verdict.name,
                       verdict.engine, found_and_expected(verdict), with_commas(verdict.executions), verdict.seconds);
}

std::string summary(const Results& results) {
    std::string text;
    std::size_t rows = 0;
    std::size_t hidden = 0;
    const bool are_few = results.verdicts.size() <= few;
    for (const Verdict& verdict : results.verdicts) {
        if (verdict.met() && !are_few) continue;
        if (++rows > most_rows) {
            ++hidden;
            continue;
        }
        text += row(verdict);
        if (are_few) text += fmt::format("     {}\n", bounds_and_cuts(verdict));
    }
    if (hidden != 0) text += fmt::format("FAIL ... and {} more\n", hidden);
    if (!are_few) text += of_engines(results) + "bounds and what was cut off, row by row: --verbose\n";
    return text + totals(results) + '\n';
}

}  // namespace heddle::harness
