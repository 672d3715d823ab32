#include "output.hpp"

#include <algorithm>
#include <iterator>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace heddle::checker {

namespace {

std::uint64_t count_met(const std::vector<Verdict>& verdicts) {
    return static_cast<std::uint64_t>(
        std::count_if(verdicts.begin(), verdicts.end(), [](const Verdict& verdict) { return verdict.met(); }));
}

std::string found(const Verdict& verdict) {
    std::string words(to_string(verdict.outcome));
    if (verdict.kind) words += fmt::format(" ({})", to_string(*verdict.kind));
    return words;
}

std::string found_and_expected(const Verdict& verdict) {
    if (!verdict.expected) return found(verdict);
    return found(verdict) +
           (verdict.met() ? ", as it must" : fmt::format(", expected {}", to_string(*verdict.expected)));
}

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

std::string summary_line(const std::vector<Verdict>& verdicts) {
    const auto met = count_met(verdicts);
    std::uint64_t executions = 0;
    std::uint64_t peak = 0;
    for (const Verdict& verdict : verdicts) {
        executions += verdict.executions;
        peak = std::max(peak, verdict.peak_bytes);
    }
    constexpr std::uint64_t mebibyte = std::uint64_t{1} << 20;
    return fmt::format("{} of {} met: {} executions explored, at most {} MiB each{}", met, verdicts.size(),
                       with_commas(executions), peak / mebibyte,
                       met == verdicts.size() && met != 0 ? "" : "  --  FAILED");
}

}  // namespace

std::string with_commas(std::uint64_t number) {
    std::string text = std::to_string(number);
    for (auto at = static_cast<std::ptrdiff_t>(text.size()) - 3; at > 0; at -= 3)
        text.insert(static_cast<std::size_t>(at), 1, ',');
    return text;
}

std::string table(const std::vector<Verdict>& verdicts) {
    std::size_t model_width = 5;
    std::size_t claim_width = 5;
    std::size_t bounds_width = 6;
    for (const Verdict& verdict : verdicts) {
        model_width = std::max(model_width, verdict.model.size());
        claim_width = std::max(claim_width, verdict.claim.size());
        bounds_width = std::max(bounds_width, verdict.bounds.size());
    }
    std::string text;
    auto out = std::back_inserter(text);
    const auto row = [&](auto... cells) {
        fmt::format_to(out, "{:<4} {:<{}} {:<{}} {:<8} {:<13} {:<{}} {:>12} {:>8} {:>8}  {}\n", cells...);
    };
    row("", "model", model_width, "claim", claim_width, "engine", "search", "bounds", bounds_width, "executions",
        "blocked", "seconds", "verdict");
    for (const Verdict& verdict : verdicts) {
        row(verdict.met() ? "ok" : "FAIL", verdict.model, model_width, verdict.claim, claim_width, verdict.engine,
            verdict.search, verdict.bounds, bounds_width, with_commas(verdict.executions), with_commas(verdict.blocked),
            fmt::format("{:.2f}", verdict.seconds), found_and_expected(verdict));
    }
    return text + summary_line(verdicts) + "\n";
}

std::string explanation(const Verdict& verdict, const std::string& replay_command) {
    if (verdict.met()) return "";
    std::string text;
    auto out = std::back_inserter(text);
    fmt::format_to(out, "\nFAILED  {}  ({}, {})\n", verdict.model, verdict.engine, verdict.search);
    if (verdict.expected) {
        fmt::format_to(out, "  this is a broken twin: it must fail with {}, but it was {}\n",
                       to_string(*verdict.expected), found(verdict));
    }
    fmt::format_to(out, "  claim: {}\n", verdict.claim);
    if (verdict.counterexample.empty()) {
        fmt::format_to(out, "  {}{}{}\n", found(verdict), verdict.message.empty() ? "" : ": ", verdict.message);
    } else {
        text += verdict.counterexample;
    }
    if (!verdict.replay.empty())
        fmt::format_to(out, "  run it again:  {} --replay '{}'\n", replay_command, verdict.replay);
    return text;
}

std::string json_report(const std::vector<Verdict>& verdicts) {
    auto models = nlohmann::json::array();
    std::uint64_t executions = 0;
    std::uint64_t blocked = 0;
    double seconds = 0;
    for (const Verdict& verdict : verdicts) {
        models.push_back(nlohmann::json::parse(to_json(verdict)));
        executions += verdict.executions;
        blocked += verdict.blocked;
        seconds += verdict.seconds;
    }
    const auto met = count_met(verdicts);
    return nlohmann::json{{"models", models},
                          {"summary",
                           {{"models", verdicts.size()},
                            {"met", met},
                            {"failed", verdicts.size() - met},
                            {"executions", executions},
                            {"blocked", blocked},
                            {"seconds", seconds},
                            {"green", met == verdicts.size() && met != 0}}}}
               .dump(2) +
           "\n";
}

std::string junit_report(const std::vector<Verdict>& verdicts) {
    std::string text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
    auto out = std::back_inserter(text);
    fmt::format_to(out, "<testsuite name=\"heddle\" tests=\"{}\" failures=\"{}\">\n", verdicts.size(),
                   verdicts.size() - count_met(verdicts));
    for (const Verdict& verdict : verdicts) {
        fmt::format_to(out, "  <testcase classname=\"{}\" name=\"{}\" time=\"{:.3f}\">", verdict.engine,
                       xml_escaped(verdict.model), verdict.seconds);
        if (!verdict.met()) {
            fmt::format_to(out, "<failure message=\"{}\">{}</failure>", xml_escaped(found_and_expected(verdict)),
                           xml_escaped(explanation(verdict, "")));
        }
        fmt::format_to(out, "<system-out>{}; bounds: {}; {} executions</system-out></testcase>\n",
                       xml_escaped(verdict.claim), xml_escaped(verdict.bounds), verdict.executions);
    }
    return text + "</testsuite>\n";
}

}  // namespace heddle::checker
