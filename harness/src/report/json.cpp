#include <nlohmann/json.hpp>

#include "report.hpp"
#include "serial.hpp"
#include "wording.hpp"

namespace heddle::harness {

constexpr int json_version = 1;  // of docs/report.schema.json

std::string json_report(const std::vector<Verdict>& verdicts) {
    auto models = nlohmann::json::array();
    std::uint64_t executions = 0;
    std::uint64_t blocked = 0;
    double seconds = 0;
    for (const Verdict& verdict : verdicts) {
        models.push_back(to_json(verdict));
        executions += verdict.executions;
        blocked += verdict.blocked;
        seconds += verdict.seconds;
    }
    const auto met = count_met(verdicts);
    return nlohmann::json{{"version", json_version},
                          {"models", models},
                          {"summary",
                           {{"models", verdicts.size()},
                            {"met", met},
                            {"failed", verdicts.size() - met},
                            {"executions", executions},
                            {"blocked", blocked},
                            {"seconds", seconds},
                            {"green", met == verdicts.size() && met != 0}}}}
               .dump(2, ' ', false, nlohmann::json::error_handler_t::replace) +
           "\n";
}

}  // namespace heddle::harness
