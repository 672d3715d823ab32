#include <algorithm>
#include <iterator>

#include <fmt/format.h>

#include "report.hpp"
#include "wording.hpp"

namespace heddle::harness {

std::string table(const Results& results) {
    std::size_t model_width = 5;
    std::size_t claim_width = 5;
    std::size_t bounds_width = 0;
    for (const Verdict& verdict : results.verdicts) {
        model_width = std::max(model_width, verdict.name.size());
        claim_width = std::max(claim_width, verdict.claim.size());
        bounds_width = std::max(bounds_width, cuts_and_bounds(verdict).size());
    }
    std::string text;
    auto out = std::back_inserter(text);
    const auto row = [&](auto... cells) {
        fmt::format_to(out, "{:<4} {:<{}} {:<{}} {:<8} {:<13} {:<{}} {:>12} {:>8} {:>8}  {}\n", cells...);
    };
    row("", "model", model_width, "claim", claim_width, "engine", "search", "cut and bounds", bounds_width,
        "executions", "blocked", "seconds", "verdict");
    for (const Verdict& verdict : results.verdicts) {
        row(verdict.met() ? "ok" : "FAIL", verdict.name, model_width, verdict.claim, claim_width, verdict.engine,
            verdict.search, cuts_and_bounds(verdict), bounds_width, with_commas(verdict.executions),
            with_commas(verdict.blocked), fmt::format("{:.2f}", verdict.seconds), found_and_expected(verdict));
    }
    return text + totals(results) + "\n";
}

}  // namespace heddle::harness
