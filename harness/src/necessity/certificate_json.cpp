// A certificate for programs.
#include <nlohmann/json.hpp>

#include "certificate_report.hpp"

namespace heddle::harness {

using nlohmann::json;

namespace {

constexpr int json_version = 1;

json weakenings(const Trial& trial) {
    json list = json::array();
    for (const WeakerOperation& weaker : trial.weaker)
        list.push_back({{"file", weaker.site.place.file},
                        {"line", weaker.site.place.line},
                        {"operation", operation_text(weaker.site)},
                        {"becomes", weaker.becomes}});
    return list;
}

json trial_to_json(const Trial& trial, const std::string& program) {
    json row{{"weaker", weakenings(trial)}, {"passed", trial.passed}, {"undecided", trial.undecided}};
    row["word"] = trial.death ? "needed" : "not shown needed";
    if (!trial.death) return row;
    row["check"] = trial.death->name;
    row["kind"] = engine::to_string(*trial.death->kind);
    row["why"] = why_needed(trial);
    if (trial.weaker.size() == 1) row["command"] = command_for(trial, program);
    return row;
}

}  // namespace

std::string necessity_json(const Certificate& certificate, const std::string& program) {
    const Counts counts = counts_of(certificate);
    json trials = json::array();
    json pairs = json::array();
    json not_reached = json::array();
    json red = json::array();
    for (const Trial& trial : certificate.trials) trials.push_back(trial_to_json(trial, program));
    for (const Trial& pair : certificate.pairs) pairs.push_back(trial_to_json(pair, program));
    for (const SourceOperation& operation : certificate.not_reached)
        not_reached.push_back({{"file", operation.file}, {"line", operation.line}, {"word", operation.word}});
    for (const Verdict& verdict : certificate.red) red.push_back(verdict.name);
    return json{{"version", json_version},
                {"weakenings", trials},
                {"pairs", pairs},
                {"not_reached", not_reached},
                {"red", red},
                {"left_out", certificate.left_out},
                {"summary",
                 {{"operations", certificate.operations},
                  {"checks", certificate.witnesses},
                  {"needed", counts.needed},
                  {"not_shown", counts.not_shown},
                  {"not_reached", certificate.not_reached.size()},
                  {"pairs_needed", counts.pairs_needed},
                  {"pairs_left_out", certificate.pairs_left_out},
                  {"seconds", certificate.seconds},
                  {"green", certificate.is_complete()}}}}
               .dump(2, ' ', false, json::error_handler_t::replace) +
           "\n";
}

}  // namespace heddle::harness
