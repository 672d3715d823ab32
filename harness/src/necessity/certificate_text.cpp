// A certificate for a terminal.
#include <iterator>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "certificate_report.hpp"
#include "report/wording.hpp"

namespace heddle::harness {

namespace {

void add_pairs(std::string& text, const Certificate& certificate) {
    for (const Trial& pair : certificate.pairs)
        if (pair.death)
            fmt::format_to(std::back_inserter(text), "one of two  {}\n            {}\n            {}\n",
                           weakening_text(pair.weaker[0]), weakening_text(pair.weaker[1]), why_needed(pair));
}

void add_what_is_missing(std::string& text, const Certificate& certificate) {
    auto out = std::back_inserter(text);
    for (const Trial* trial : certificate.not_shown())
        fmt::format_to(out, "NOT SHOWN   {}\n            {}\n", weakening_text(trial->weaker.front()),
                       why_not_shown(*trial));
    for (const SourceOperation& operation : certificate.not_reached)
        fmt::format_to(out, "NOT REACHED {}:{} {}\n", operation.file, operation.line, operation.word);
    for (const Verdict& red : certificate.red)
        fmt::format_to(out, "RED         {} does not hold as it is: {}\n", red.name, found(red));
}

}  // namespace

std::string necessity_text(const Certificate& certificate, const std::string& program) {
    std::string text;
    auto out = std::back_inserter(text);
    const Trial* example = nullptr;
    for (const Trial& trial : certificate.trials) {
        if (!trial.death) continue;
        fmt::format_to(out, "needed      {}\n            {}\n", weakening_text(trial.weaker.front()),
                       why_needed(trial));
        if (example == nullptr) example = &trial;
    }
    add_pairs(text, certificate);
    add_what_is_missing(text, certificate);
    if (!certificate.left_out.empty())
        fmt::format_to(out, "left out, as they take longer than the budget: {}\n",
                       fmt::join(certificate.left_out, ", "));
    if (example != nullptr)
        fmt::format_to(out, "an execution that dies, step by step:  {}\n", command_for(*example, program));
    return text + summary(certificate) + '\n';
}

}  // namespace heddle::harness
