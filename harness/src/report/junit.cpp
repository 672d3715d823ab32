#include <iterator>
#include <string_view>

#include <fmt/format.h>

#include "report.hpp"
#include "wording.hpp"

namespace heddle::harness {

namespace {

std::string xml_escaped(std::string_view text) {
    std::string escaped;
    for (const char c : text) {
        switch (c) {
            case '&':
                escaped += "&amp;";
                break;
            case '<':
                escaped += "&lt;";
                break;
            case '>':
                escaped += "&gt;";
                break;
            case '"':
                escaped += "&quot;";
                break;
            default:
                escaped += c;
        }
    }
    return escaped;
}

}  // namespace

std::string junit_report(const std::vector<Verdict>& verdicts, const std::string& program) {
    std::string text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
    auto out = std::back_inserter(text);
    fmt::format_to(out, "<testsuite name=\"heddle\" tests=\"{}\" failures=\"{}\">\n", verdicts.size(),
                   verdicts.size() - count_met(verdicts));
    for (const Verdict& verdict : verdicts) {
        fmt::format_to(out, "  <testcase classname=\"{}\" name=\"{}\" time=\"{:.3f}\">", verdict.engine,
                       xml_escaped(verdict.name), verdict.seconds);
        if (!verdict.met()) {
            fmt::format_to(out, "<failure message=\"{}\">{}</failure>", xml_escaped(found_and_expected(verdict)),
                           xml_escaped(explanation(verdict, replay_command(verdict, program))));
        }
        fmt::format_to(out, "<system-out>{}; bounds: {}; {} executions</system-out></testcase>\n",
                       xml_escaped(verdict.claim), xml_escaped(bounds_and_cuts(verdict)), verdict.executions);
    }
    return text + "</testsuite>\n";
}

}  // namespace heddle::harness
