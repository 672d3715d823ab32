#include "sarif.hpp"

#include <algorithm>
#include <cctype>

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "cause.hpp"
#include "locations.hpp"
#include "rows.hpp"
#include "wording.hpp"

namespace heddle::harness {

using nlohmann::json;

namespace {

/// What a result is about: the kind of the failure, or, where nothing failed, how the exploration ended.
std::string rule_of(const Verdict& verdict) {
    return std::string(verdict.kind ? engine::to_string(*verdict.kind) : engine::to_string(verdict.outcome));
}

json message(std::string_view text) { return {{"text", text}}; }

/// A path as a URI reference (RFC 3986): what is not unreserved is written as its bytes.
std::string uri_of(std::string_view path) {
    std::string uri;
    for (const char byte : path) {
        const auto unsigned_byte = static_cast<unsigned char>(byte);
        const bool is_plain =
            std::isalnum(unsigned_byte) != 0 || std::string_view("/-._~").find(byte) != std::string_view::npos;
        uri += is_plain ? std::string(1, byte) : fmt::format("%{:02X}", unsigned_byte);
    }
    return uri;
}

class Sarif {
  public:
    explicit Sarif(const SourceFiles& sources) : sources_(sources) {}

    json run(const std::vector<Verdict>& verdicts) {
        json results = json::array();
        for (const Verdict& verdict : verdicts)
            if (!verdict.met()) results.push_back(result(verdict));
        return {{"tool", {{"driver", {{"name", "heddle"}, {"version", HEDDLE_VERSION}, {"rules", rules_}}}}},
                {"originalUriBaseIds", {{root_id, {{"description", message("the root of the sources")}}}}},
                {"columnKind", "utf16CodeUnits"},
                {"invocations", {{{"executionSuccessful", true}}}},
                {"results", std::move(results)}};
    }

  private:
    static constexpr const char* root_id = "%SRCROOT%";

    /// The number of the rule, which is added if it is new.
    std::size_t rule_index(const std::string& id) {
        const auto is_it = [&](const json& rule) { return rule.at("id") == id; };
        const auto found = std::find_if(rules_.begin(), rules_.end(), is_it);
        const auto index = static_cast<std::size_t>(found - rules_.begin());
        if (found != rules_.end()) return index;
        json rule{{"id", id}};
        if (engine::failure_kind_from(id))
            rule["help"] = message(fmt::format("docs/failures/{}.md says what it means, and what to do about it", id));
        rules_.push_back(std::move(rule));
        return index;
    }

    json physical_location(const engine::Place& place) const {
        json artifact{{"uri", uri_of(place.file)}};
        if (const auto path = sources_.find(place)) artifact = {{"uri", uri_of(*path)}, {"uriBaseId", root_id}};
        json region{{"startLine", place.line}};
        if (const auto line = sources_.line(place)) region["snippet"] = message(*line);
        return {{"artifactLocation", std::move(artifact)}, {"region", std::move(region)}};
    }

    json location(const Location& of) const {
        json result{{"message", message(of.text)}};
        if (of.place.line != 0) result["physicalLocation"] = physical_location(of.place);
        return result;
    }

    json thread_flow(const Trace& trace, std::uint64_t thread) const {
        json steps = json::array();
        for (const Row& row : folded_rows(trace)) {
            const auto& step = trace.steps()[row.first];
            if (step.thread != thread) continue;
            const std::string text = row.is_remark ? row.text : trace.step_name(row.first) + ": " + row.text;
            steps.push_back({{"location", location({step.place, text})},
                             {"executionOrder", row.first - trace.constructions() + 1},
                             {"importance", is_failure(trace, row) || step.newer ? "essential" : "important"}});
        }
        return {{"id", thread_name(thread)}, {"locations", std::move(steps)}};
    }

    void add_execution(json& result, const Trace& trace) const {
        const auto locations = failure_locations(trace);
        for (std::size_t n = 0; n != locations.size(); ++n)
            result[n == 0 ? "locations" : "relatedLocations"].push_back(location(locations[n]));
        json flows = json::array();
        for (const std::uint64_t thread : trace.threads()) flows.push_back(thread_flow(trace, thread));
        if (!flows.empty()) result["codeFlows"] = {{{"threadFlows", std::move(flows)}}};
    }

    json result(const Verdict& verdict) {
        const std::string rule = rule_of(verdict);
        std::string text = fmt::format("{} on {}: {}", verdict.name, verdict.engine, found_and_expected(verdict));
        json result{
            {"ruleId", rule},
            {"ruleIndex", rule_index(rule)},
            {"level", "error"},
            {"partialFingerprints", {{"check/v1", fmt::format("{}:{}:{}", verdict.engine, verdict.name, rule)}}},
            {"properties",
             {{"claim", verdict.claim}, {"cut", verdict.cut}, {"bounds", verdict.bounds}, {"replay", verdict.token}}},
            {"locations", json::array()}};
        if (verdict.counterexample) {
            const Trace trace(*verdict.counterexample);
            text += '\n' + in_brief(trace);
            add_execution(result, trace);
        } else if (!verdict.message.empty()) {
            text += '\n' + verdict.message;
        }
        result["message"] = message(text);
        return result;
    }

    const SourceFiles& sources_;
    json rules_ = json::array();
};

}  // namespace

std::string sarif_report(const std::vector<Verdict>& verdicts, const SourceFiles& sources) {
    const json log{
        {"$schema", "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"},
        {"version", "2.1.0"},
        {"runs", {Sarif(sources).run(verdicts)}}};
    return log.dump(2, ' ', false, json::error_handler_t::replace) + '\n';
}

}  // namespace heddle::harness
