#include <sstream>
#include <string>
#include <string_view>

#include <fmt/format.h>
#include <pugixml.hpp>

#include "report.hpp"
#include "wording.hpp"

namespace heddle::harness {

namespace {

/// How many bytes of well-formed UTF-8 `text` begins with, for one character that XML 1.0 allows; 0 if there is none.
std::size_t character_length(std::string_view text) {
    const auto byte = [&](std::size_t at) { return at < text.size() ? static_cast<unsigned char>(text[at]) : 0U; };
    const unsigned first = byte(0);
    if (first < 0x80) return first >= 0x20 || first == '\t' || first == '\n' ? 1 : 0;
    const std::size_t length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
    if (first < 0xc2 || first > 0xf4) return 0;
    for (std::size_t at = 1; at != length; ++at)
        if ((byte(at) & 0xc0U) != 0x80) return 0;
    const bool is_overlong = (first == 0xe0 && byte(1) < 0xa0) || (first == 0xf0 && byte(1) < 0x90);
    const bool is_surrogate = first == 0xed && byte(1) >= 0xa0;
    const bool is_too_large = first == 0xf4 && byte(1) >= 0x90;
    const bool is_no_character = first == 0xef && byte(1) == 0xbf && byte(2) >= 0xbe;
    return is_overlong || is_surrogate || is_too_large || is_no_character ? 0 : length;
}

/// Text as XML may have it: what it forbids, escaped or not, becomes the replacement character.
std::string allowed(std::string_view text) {
    std::string result;
    while (!text.empty()) {
        const std::size_t length = character_length(text);
        if (length == 0) result += "\xef\xbf\xbd";
        else result += text.substr(0, length);
        text.remove_prefix(length == 0 ? 1 : length);
    }
    return result;
}

void add_case(pugi::xml_node suite, const Verdict& verdict, const std::string& program) {
    pugi::xml_node test = suite.append_child("testcase");
    test.append_attribute("classname") = allowed(verdict.engine).c_str();
    test.append_attribute("name") = allowed(verdict.name).c_str();
    test.append_attribute("time") = fmt::format("{:.3f}", verdict.seconds).c_str();
    if (!verdict.met()) {
        pugi::xml_node failure = test.append_child("failure");
        failure.append_attribute("message") = allowed(found_and_expected(verdict)).c_str();
        failure.text() = allowed(explanation(verdict, replay_command(verdict, program))).c_str();
    }
    test.append_child("system-out").text() =
        allowed(fmt::format("{}; {}; {} executions", verdict.claim, cuts_and_bounds(verdict), verdict.executions))
            .c_str();
}

/// A run that ended early is no green one, even if nothing had failed by then.
void add_end(pugi::xml_node suite, const Results& results) {
    pugi::xml_node test = suite.append_child("testcase");
    test.append_attribute("classname") = "heddle";
    test.append_attribute("name") = "the run comes to its end";
    test.append_child("error").append_attribute("message") = met_of_all(results).c_str();
}

}  // namespace

std::string junit_report(const Results& results, const std::string& program) {
    pugi::xml_document document;
    pugi::xml_node declaration = document.append_child(pugi::node_declaration);
    declaration.append_attribute("version") = "1.0";
    declaration.append_attribute("encoding") = "UTF-8";
    pugi::xml_node suite = document.append_child("testsuite");
    suite.append_attribute("name") = "heddle";
    const bool is_cut_short = results.not_run != 0;
    suite.append_attribute("tests") = results.verdicts.size() + (is_cut_short ? 1 : 0);
    suite.append_attribute("failures") = results.verdicts.size() - results.met();
    if (is_cut_short) suite.append_attribute("errors") = 1;
    for (const Verdict& verdict : results.verdicts) add_case(suite, verdict, program);
    if (is_cut_short) add_end(suite, results);
    std::ostringstream text;
    document.save(text, "  ", pugi::format_default, pugi::encoding_utf8);
    return text.str();
}

}  // namespace heddle::harness
