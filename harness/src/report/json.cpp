#include <nlohmann/json.hpp>

#include "report.hpp"
#include "serial.hpp"

namespace heddle::harness {

constexpr int json_version = 2;  // of docs/report.schema.json

std::string json_report(const Results& results) {
    auto models = nlohmann::json::array();
    std::uint64_t executions = 0;
    std::uint64_t blocked = 0;
    double seconds = 0;
    for (const Verdict& verdict : results.verdicts) {
        models.push_back(to_json(verdict));
        executions += verdict.executions;
        blocked += verdict.blocked;
        seconds += verdict.seconds;
    }
    nlohmann::json summary{{"models", results.verdicts.size()},
                           {"met", results.met()},
                           {"failed", results.verdicts.size() - results.met()},
                           {"executions", executions},
                           {"blocked", blocked},
                           {"seconds", seconds},
                           {"green", results.are_green()}};
    if (results.not_run != 0) summary["not_run"] = results.not_run;
    return nlohmann::json{{"version", json_version}, {"models", models}, {"summary", summary}}.dump(
               2, ' ', false, nlohmann::json::error_handler_t::replace) +
           "\n";
}

}  // namespace heddle::harness
