#include "necessity.hpp"

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <stdexcept>

#include "necessity/certificate.hpp"
#include "necessity/certificate_report.hpp"
#include "outputs.hpp"

namespace heddle::harness {

void add_necessity_options(CLI::App& app, Arguments& all) {
    NecessityArguments& arguments = all.necessity;
    auto* const flag =
        app.add_flag("--necessity", arguments.is_asked_for,
                     "weaken each operation on an atomic, one at a time, and show the execution that dies of it; here "
                     "--budget is 2 by default, and checks that take longer are left out");
    app.add_option("--sources", arguments.sources,
                   "with --necessity: only operations in files below PATH count, and each of them must be reached")
        ->type_name("PATH")
        ->needs(flag);
    app.add_option("--markdown", arguments.markdown, "with --necessity: write the results to FILE as Markdown")
        ->type_name("FILE")
        ->needs(flag);
    app.add_option("--annotated", arguments.page,
                   "with --necessity: write the sources to FILE as HTML, the results beside their lines")
        ->type_name("FILE")
        ->needs(flag);
    app.add_option(
           "--weaken", all.weaken,
           "check, or replay, with an operation weakened as --necessity prints it: 'FILE:LINE OPERATION -> WHAT'")
        ->type_name("WEAKENING")
        ->excludes(flag);
}

RequestedWeakening::RequestedWeakening(const std::string& text) {
    if (text.empty()) return;
    try {
        weaker_ = parse_weaker_operation(text);
    } catch (const std::invalid_argument& error) {
        throw UsageError(error.what());
    }
    weaker_->weakening.only = &weaker_->site;
}

bool show_necessity(std::vector<Job> jobs, const Arguments& arguments, std::chrono::duration<double> budget,
                    const std::string& program) {
    std::erase_if(jobs, [](const Job& job) { return job.check.expected.has_value(); });
    if (jobs.empty()) throw UsageError("--necessity needs models that hold: a broken twin shows nothing");
    if (jobs.front().engine->name() == "threads") throw UsageError("--necessity: real threads cannot be made weaker");
    std::optional<OutputFile> json;
    std::optional<OutputFile> markdown;
    std::optional<OutputFile> page;
    if (!arguments.json.empty()) json.emplace(arguments.json, "--json");
    if (!arguments.necessity.markdown.empty()) markdown.emplace(arguments.necessity.markdown, "--markdown");
    if (!arguments.necessity.page.empty()) page.emplace(arguments.necessity.page, "--annotated");
    const bool on_terminal = isatty(STDERR_FILENO) == 1;
    const Certificate certificate = certify(jobs, {.trial = {.budget = budget, .processes = arguments.workers},
                                                   .sources = arguments.necessity.sources,
                                                   .progress = [&](std::string_view line) {
                                                       if (on_terminal)
                                                           std::fprintf(stderr, "%s\n", std::string(line).c_str());
                                                   }});
    std::fputs(necessity_text(certificate, program).c_str(), stdout);
    if (json) json->write(necessity_json(certificate, program));
    if (markdown) markdown->write(necessity_markdown(certificate));
    if (page) page->write(necessity_page(certificate, program));
    return certificate.is_complete();
}

}  // namespace heddle::harness
