// A certificate as a page: the sources, with what is known of each operation under its line.
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <pugixml.hpp>

#include "certificate_report.hpp"

namespace heddle::harness {

namespace {

constexpr const char* style = R"(
:root { color-scheme: light dark; --line: #8885; --needed: #1a7f37; --weak: #cf222e; }
@media (prefers-color-scheme: dark) { :root { --needed: #4ac26b; --weak: #ff7b72; } }
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 80rem; padding: 0 1rem; }
h2 { font: 600 16px ui-monospace, monospace; border-bottom: 1px solid var(--line); margin-top: 2.5rem; }
pre { font: 13px/1.5 ui-monospace, monospace; margin: 0; overflow-x: auto; }
pre > span { display: block; } pre b { font-weight: 400; opacity: .5; display: inline-block; width: 4ch; }
aside { border-left: 3px solid var(--needed); margin: .2rem 0 .4rem 5ch; padding: .1rem .8rem; font-size: 13px; }
aside.weak { border-color: var(--weak); } aside strong { color: var(--needed); } aside.weak strong { color: var(--weak); }
aside code { user-select: all; white-space: pre-wrap; } summary { cursor: pointer; }
)";

struct Note {
    bool is_weak = false;
    std::string heading;
    std::string what;
    std::string why;
    std::string command;
};
using Notes = std::map<std::uint32_t, std::vector<Note>>;  // by line

pugi::xml_node add(pugi::xml_node parent, const char* element, const std::string& text = "") {
    pugi::xml_node node = parent.append_child(element);
    if (!text.empty()) node.append_child(pugi::node_pcdata).set_value(text.c_str());
    return node;
}

Note note_of(const Trial& trial, const std::string& program) {
    const WeakerOperation& weaker = trial.weaker.front();
    return {.is_weak = !trial.death,
            .heading = trial.death ? "needed" : "not shown needed",
            .what = fmt::format("{} → {}", operation_text(weaker.site), weaker.becomes),
            .why = trial.death ? why_needed(trial) : why_not_shown(trial),
            .command = trial.death ? command_for(trial, program) : ""};
}

void add_note(pugi::xml_node parent, const Note& note) {
    pugi::xml_node aside = add(parent, "aside");
    if (note.is_weak) aside.append_attribute("class").set_value("weak");
    pugi::xml_node details = add(aside, "details");
    pugi::xml_node head = add(details, "summary");
    add(head, "strong", note.heading);
    head.append_child(pugi::node_pcdata).set_value((" " + note.what).c_str());
    if (!note.why.empty()) add(details, "div", note.why);
    if (!note.command.empty()) add(details, "code", note.command);
    if (note.is_weak) details.append_attribute("open").set_value("open");
}

/// Stretches of source, each followed by the notes on its last line.
void add_file(pugi::xml_node body, const std::string& name, const std::string& source, const Notes& notes) {
    add(body, "h2", name);
    std::istringstream lines(source);
    pugi::xml_node code;
    std::uint32_t number = 0;
    for (std::string line; std::getline(lines, line);) {
        ++number;
        if (code.empty()) code = add(body, "pre");
        pugi::xml_node row = add(code, "span");
        add(row, "b", std::to_string(number));
        row.append_child(pugi::node_pcdata).set_value((" " + line).c_str());
        const auto here = notes.find(number);
        if (here == notes.end()) continue;
        for (const Note& note : here->second) add_note(body, note);
        code = {};
    }
}

}  // namespace

std::string necessity_page(const Certificate& certificate, const std::string& program) {
    std::map<std::string, Notes> files;
    std::map<std::string, std::string> names;
    for (const Trial& trial : certificate.trials) {
        const engine::OperationSite& site = trial.weaker.front().site;
        files[site.source][site.place.line].push_back(note_of(trial, program));
        names[site.source] = site.place.file;
    }
    for (const SourceOperation& operation : certificate.not_reached)
        files[operation.file][operation.line].push_back({.is_weak = true,
                                                         .heading = "not reached",
                                                         .what = operation.word,
                                                         .why = "no check comes by it",
                                                         .command = ""});
    pugi::xml_document page;
    pugi::xml_node html = page.append_child("html");
    html.append_attribute("lang").set_value("en");
    pugi::xml_node head = add(html, "head");
    add(head, "meta").append_attribute("charset").set_value("utf-8");
    add(head, "title", "What each operation is needed for");
    add(head, "style").append_child(pugi::node_pcdata).set_value(style);
    pugi::xml_node body = add(html, "body");
    add(body, "h1", "What each operation is needed for");
    add(body, "p", summary(certificate));
    for (const auto& [path, notes] : files)
        add_file(body, names.contains(path) ? names[path] : path,
                 read_source(path).value_or("(this file cannot be read here)"), notes);
    std::ostringstream text;
    text << "<!DOCTYPE html>\n";
    page.save(text, "", pugi::format_raw | pugi::format_no_declaration);
    return text.str();
}

}  // namespace heddle::harness
