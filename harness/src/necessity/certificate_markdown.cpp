// A certificate as Markdown: for a CI server's summary, or to be kept beside the code.
#include <iterator>
#include <string>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "certificate_report.hpp"

namespace heddle::harness {

namespace {

/// A text in a cell of a table.
std::string cell(std::string text) {
    for (std::size_t at = 0; (at = text.find_first_of("|<", at)) != std::string::npos; at += 2)
        text.insert(at, 1, '\\');
    return text;
}

void add_row(std::string& text, const Trial& trial) {
    const WeakerOperation& weaker = trial.weaker.front();
    fmt::format_to(std::back_inserter(text), "| {} | `{}` | `{}` | {} | {} |\n", weaker.site.place.line,
                   operation_text(weaker.site), weaker.becomes, trial.death ? "needed" : "**not shown**",
                   cell(trial.death ? why_needed(trial) : why_not_shown(trial)));
}

}  // namespace

std::string necessity_markdown(const Certificate& certificate) {
    std::string text = "# What each operation is needed for\n\n" + summary(certificate) + ".\n";
    auto out = std::back_inserter(text);
    std::string file;
    for (const Trial& trial : certificate.trials) {
        if (const std::string& here = trial.weaker.front().site.place.file; here != file) {
            file = here;
            fmt::format_to(out, "\n## {}\n\n| line | operation | weaker | | |\n|---|---|---|---|---|\n", file);
        }
        add_row(text, trial);
    }
    for (const SourceOperation& operation : certificate.not_reached)
        fmt::format_to(out, "\n**Not reached**: {} in {}:{}\n", operation.word, operation.file, operation.line);
    for (const Trial& pair : certificate.pairs)
        if (pair.death)
            fmt::format_to(out, "\n**One of two is needed**: `{}` or `{}`: {}\n", weakening_text(pair.weaker[0]),
                           weakening_text(pair.weaker[1]), why_needed(pair));
    for (const Verdict& red : certificate.red) fmt::format_to(out, "\n**Red as it is**: {}\n", red.name);
    if (!certificate.left_out.empty())
        fmt::format_to(out, "\nLeft out, as they take longer than the budget: {}.\n",
                       fmt::join(certificate.left_out, ", "));
    return text;
}

}  // namespace heddle::harness
