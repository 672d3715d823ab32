#include "annotations.hpp"

#include <fmt/format.h>

#include "cause.hpp"
#include "locations.hpp"
#include "wording.hpp"

namespace heddle::harness {

namespace {

/// Text as a workflow command takes it; a property ends at a comma, and its name at a colon.
std::string escaped(std::string_view text, bool is_property) {
    std::string result;
    for (const char byte : text) {
        const bool is_special =
            byte == '%' || byte == '\r' || byte == '\n' || (is_property && (byte == ':' || byte == ','));
        result += is_special ? fmt::format("%{:02X}", static_cast<unsigned char>(byte)) : std::string(1, byte);
    }
    return result;
}

std::string property(std::string_view name, std::string_view value) {
    return fmt::format("{}={}", name, escaped(value, true));
}

std::string source_line(const Location& location, const SourceFiles& sources) {
    const auto line = sources.line(location.place);
    return fmt::format("{}: {}{}", place_text(location.place), location.text, line ? "\n    " + *line : "");
}

std::string annotation(const Verdict& verdict, const SourceFiles& sources) {
    std::string properties = property("title", fmt::format("{} ({})", verdict.name, verdict.engine));
    std::string text = found_and_expected(verdict) + "\nclaim: " + verdict.claim;
    if (verdict.counterexample) {
        const Trace trace(*verdict.counterexample);
        text += '\n' + in_brief(trace);
        const auto locations = failure_locations(trace);
        for (const Location& location : locations) text += '\n' + source_line(location, sources);
        if (const auto path = locations.empty() ? std::nullopt : sources.find(locations.front().place))
            properties = fmt::format("{},{},{}", property("file", *path),
                                     property("line", std::to_string(locations.front().place.line)), properties);
    } else if (!verdict.message.empty()) {
        text += '\n' + verdict.message;
    }
    return fmt::format("::error {}::{}\n", properties, escaped(text, false));
}

}  // namespace

std::string annotations(const std::vector<Verdict>& verdicts, const SourceFiles& sources) {
    std::string text;
    for (const Verdict& verdict : verdicts)
        if (!verdict.met()) text += annotation(verdict, sources);
    return text;
}

}  // namespace heddle::harness
