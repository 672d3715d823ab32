#include <algorithm>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "certificate_report.hpp"
#include "report/cause.hpp"
#include "report/trace.hpp"

namespace heddle::harness {

namespace {

/// What is missing, in as few words as the counterexample allows: an order if one is, else who waits for what or saw what.
std::string missing_edge(const engine::Counterexample& found) {
    const Trace trace(found);
    std::vector<std::string> lines = cause(trace);
    std::vector<std::string> edges;
    for (const std::string& line : lines)
        if (line.find("it needs") != std::string::npos || line.find("nothing orders") != std::string::npos)
            edges.push_back(line);
    if (!edges.empty()) return fmt::format("{}", fmt::join(edges, "; "));
    std::vector<std::string> parts;
    if (!found.message.empty()) parts.push_back(found.message);
    if (found.needs_weak_memory()) std::erase_if(lines, [](const auto& line) { return line.starts_with("neither"); });
    for (std::size_t at = 0; at != trace.steps().size(); ++at)
        if (trace.steps()[at].newer)
            parts.push_back(fmt::format("{} at {}: {}", thread_name(trace.steps()[at].thread),
                                        place_text(trace.steps()[at].place), trace.action(at)));
    parts.insert(parts.end(), lines.begin(), lines.end());
    return fmt::format("{}", fmt::join(parts, "; "));
}

/// A text in single quotes, for a shell.
std::string quoted(std::string text) {
    for (std::size_t at = 0; (at = text.find('\'', at)) != std::string::npos; at += 4) text.replace(at, 1, "'\\''");
    return '\'' + text + '\'';
}

}  // namespace

Counts counts_of(const Certificate& certificate) {
    const auto deaths = [](const std::vector<Trial>& trials) {
        return static_cast<std::size_t>(
            std::count_if(trials.begin(), trials.end(), [](const Trial& trial) { return trial.death.has_value(); }));
    };
    const std::size_t needed = deaths(certificate.trials);
    return {needed, certificate.trials.size() - needed, deaths(certificate.pairs)};
}

std::string why_needed(const Trial& trial) {
    const Verdict& death = *trial.death;
    return fmt::format("{} fails ({}): {}", death.name, engine::to_string(*death.kind),
                       death.counterexample ? missing_edge(*death.counterexample) : death.message);
}

std::string why_not_shown(const Trial& trial) {
    std::string text = trial.passed.empty()
                           ? "no check that comes by it was explored to the end"
                           : fmt::format("{} check{} by it and hold{}: {}", trial.passed.size(),
                                         trial.passed.size() == 1 ? " comes" : "s come",
                                         trial.passed.size() == 1 ? "s" : "", fmt::join(trial.passed, ", "));
    if (!trial.undecided.empty()) text += fmt::format("; undecided: {}", fmt::join(trial.undecided, ", "));
    return text;
}

std::string command_for(const Trial& trial, const std::string& program) {
    const std::string weaken = quoted(weakening_text(trial.weaker.front()));
    if (trial.death->token.empty())
        return fmt::format("{} --filter {} --engine {} --weaken {}", program, trial.death->name, trial.death->engine,
                           weaken);
    return fmt::format("{} --weaken {} --replay {}", program, weaken, quoted(trial.death->token));
}

std::string summary(const Certificate& certificate) {
    const Counts counts = counts_of(certificate);
    std::string text = fmt::format(
        "{} operations, {} weakenings on {} checks in {:.0f} s: {} needed, {} not shown needed, {} "
        "not reached",
        certificate.operations, certificate.trials.size(), certificate.witnesses, certificate.seconds, counts.needed,
        counts.not_shown, certificate.not_reached.size());
    if (!certificate.pairs.empty())
        text += fmt::format("; {} of {} pairs of survivors needed", counts.pairs_needed, certificate.pairs.size());
    if (certificate.pairs_left_out != 0) text += fmt::format(", {} pairs not tried", certificate.pairs_left_out);
    return text;
}

}  // namespace heddle::harness
