#include "html.hpp"

#include <fmt/format.h>

#include "cause.hpp"
#include "difference.hpp"
#include "headline.hpp"
#include "html/assets.hpp"
#include "html/execution_view.hpp"
#include "wording.hpp"

namespace heddle::harness {

using kainjow::mustache::data;
using kainjow::mustache::mustache;

namespace {

/// Letters, digits and what is safe beside them; a name that had others, or is another's in capitals, gets a number.
std::string file_name(const Verdict& verdict, std::size_t number) {
    std::string name = fmt::format("{}.{}", verdict.engine, verdict.name);
    for (char& byte : name) {
        const bool is_safe =
            (byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z');
        if (!is_safe && byte != '.' && byte != '_') byte = '-';
    }
    return fmt::format("{}-{}.html", number, name);
}

std::string headline_of(const Verdict& verdict) {
    if (verdict.counterexample) return headline(Trace(*verdict.counterexample));
    return verdict.message.empty() ? found_and_expected(verdict) : verdict.message;
}

/// What may stand inside of a script element.
std::string in_script(const std::string& json) {
    std::string text;
    for (const char byte : json) text += byte == '<' ? std::string("\\u003c") : std::string(1, byte);
    return text;
}

std::string said_of(const Difference& difference, const Trace& failing, const Trace& passing) {
    const std::string who = thread_name(failing.steps()[difference.step].thread);
    const std::string there = difference.instead ? passing.action(*difference.instead) : "has ended by then";
    return fmt::format("the nearest execution that passes differs first in {}: there, {}: {}",
                       failing.step_name(difference.step), who, there);
}

/// The execution that passes: the same lanes, and where the two part.
data passing_view(const Trace& passing, const std::optional<Difference>& difference) {
    data view{data::type::object};
    view.set("passing_lanes", lanes_view(passing));
    view.set("passing_lane_count", std::to_string(passing.threads().size()));
    view.set("passing_rows", rows_view(passing, difference ? difference->instead : std::nullopt));
    return view;
}

void add_execution(data& view, const Verdict& verdict, const SourceFiles& sources) {
    const Trace trace(*verdict.counterexample);
    std::optional<Difference> difference;
    if (verdict.passing) {
        const Trace passing(*verdict.passing);
        difference = first_difference(trace, passing);
        view.set("difference", difference ? said_of(*difference, trace, passing)
                                          : "the nearest execution that passes begins with the same steps");
        view.set("passing", passing_view(passing, difference));
    }
    data lines{data::type::list};
    for (const std::string& line : cause(trace)) lines << data(line);
    if (const std::string memory = about_memory(trace); !memory.empty()) lines << data(memory);
    for (const std::string& line : trace.legend()) lines << data(line);
    view.set("cause", lines);
    view.set("message", verdict.counterexample->message);
    if (const std::size_t left_out = verdict.counterexample->left_out; left_out != 0)
        view.set("left_out", std::to_string(left_out));
    data execution{data::type::object};
    execution.set("lane_count", std::to_string(trace.threads().size()));
    execution.set("lanes", lanes_view(trace));
    execution.set("rows", rows_view(trace, difference ? std::optional(difference->step) : std::nullopt));
    execution.set("objects", objects_view(trace));
    execution.set("files", sources_view(trace, sources));
    execution.set("edges", in_script(edges_json(trace)));
    if (trace.constructions() != trace.steps().size()) view.set("execution", execution);
}

data view_of(const Verdict& verdict, const std::string& program) {
    data view{data::type::object};
    view.set("name", verdict.name);
    view.set("engine", verdict.engine);
    view.set("search", verdict.search);
    view.set("claim", verdict.claim);
    view.set("bounds", verdict.bounds);
    if (!verdict.cut.empty()) view.set("cut", cuts_of(verdict));
    view.set("executions", with_commas(verdict.executions));
    view.set("found", found_and_expected(verdict));
    view.set("kind", std::string(verdict.kind ? engine::to_string(*verdict.kind) : engine::to_string(verdict.outcome)));
    view.set("headline", headline_of(verdict));
    if (verdict.kind) view.set("manual", fmt::format("docs/failures/{}.md", engine::to_string(*verdict.kind)));
    if (!verdict.token.empty()) view.set("replay", replay_command(verdict, program));
    return view;
}

std::string rendered(const char* text, data view) {
    view.set("style", html::style);
    view.set("script", html::script);
    mustache page{std::string(text)};
    return page.render(view);
}

}  // namespace

std::vector<Page> html_report(const Results& results, const SourceFiles& sources, const std::string& program) {
    std::vector<Page> pages(1);
    data failures{data::type::list};
    for (const Verdict& verdict : results.verdicts) {
        if (verdict.met()) continue;
        data view = view_of(verdict, program);
        view.set("file", file_name(verdict, pages.size()));
        failures << view;
        if (verdict.counterexample) add_execution(view, verdict, sources);
        pages.push_back({file_name(verdict, pages.size()), rendered(html::page, view)});
    }
    data index{data::type::object};
    index.set("failures", failures);
    index.set("summary", met_of_all(results));
    pages.front() = {"index.html", rendered(html::index, index)};
    return pages;
}

}  // namespace heddle::harness
