#include "asked.hpp"

#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "names.hpp"
#include "serial.hpp"

namespace heddle::harness {

using engine::OperationSite;
using nlohmann::json;

namespace {

json operation_to_json(const OperationSite& site) {
    return {{"file", site.place.file},
            {"line", site.place.line},
            {"kind", name_of(site.kind)},
            {"order", name_of(site.order)},
            {"failure_order", name_of(site.failure_order)},
            {"wakes_one", site.wakes_one},
            {"source", site.source}};
}

OperationSite operation_from_json(const json& site) {
    return {{site.at("file"), site.at("line")},
            operation_kind_from(site.at("kind").get<std::string>()),
            memory_order_from(site.at("order").get<std::string>()),
            memory_order_from(site.at("failure_order").get<std::string>()),
            site.at("wakes_one"),
            site.at("source")};
}

}  // namespace

void add_answers(json& line, const Verdict& verdict) {
    for (const OperationSite& site : verdict.operations) line["operations"].push_back(operation_to_json(site));
    if (verdict.robust) line["robust"] = *verdict.robust;
    if (verdict.weak_execution) line["weak_execution"] = to_json(*verdict.weak_execution);
    if (verdict.passing) line["passing"] = to_json(*verdict.passing);
}

void take_answers(const json& line, Verdict& verdict) {
    if (line.contains("operations"))
        for (const json& site : line.at("operations")) verdict.operations.push_back(operation_from_json(site));
    if (line.contains("robust")) verdict.robust = line.at("robust").get<bool>();
    if (line.contains("weak_execution")) verdict.weak_execution = counterexample_from_json(line.at("weak_execution"));
    if (line.contains("passing")) verdict.passing = counterexample_from_json(line.at("passing"));
}

}  // namespace heddle::harness
