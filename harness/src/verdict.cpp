#include <nlohmann/json.hpp>
#include <stdexcept>

#include <heddle/harness/verdict.hpp>

namespace heddle::checker {

namespace {

nlohmann::json kind_to_json(const std::optional<FailureKind>& kind) {
    return kind ? nlohmann::json(to_string(*kind)) : nlohmann::json(nullptr);
}

std::optional<FailureKind> kind_from_json(const nlohmann::json& json) {
    return json.is_null() ? std::nullopt : failure_kind_from(json.get<std::string>());
}

}  // namespace

Outcome outcome_of(FailureKind kind) {
    return kind == FailureKind::misuse || kind == FailureKind::too_big ? Outcome::misuse : Outcome::failed;
}

bool Verdict::met() const {
    if (executions == 0) return false;
    if (expected) return kind == expected && (outcome == Outcome::failed || outcome == Outcome::misuse);
    return outcome == Outcome::exhausted || (outcome == Outcome::sampled && declared_sampled);
}

std::string to_json(const Verdict& verdict) {
    return nlohmann::json{
        {"model", verdict.model},
        {"claim", verdict.claim},
        {"engine", verdict.engine},
        {"search", verdict.search},
        {"bounds", verdict.bounds},
        {"expected", verdict.expected ? std::string(to_string(*verdict.expected)) : "holds"},
        {"outcome", to_string(verdict.outcome)},
        {"kind", kind_to_json(verdict.kind)},
        {"executions", verdict.executions},
        {"blocked", verdict.blocked},
        {"longest_execution", verdict.longest_execution},
        {"seed", verdict.seed ? nlohmann::json(*verdict.seed) : nlohmann::json(nullptr)},
        {"seconds", verdict.seconds},
        {"peak_bytes", verdict.peak_bytes},
        {"message", verdict.message},
        {"counterexample", verdict.counterexample},
        {"replay", verdict.replay},
        {"declared_sampled", verdict.declared_sampled},
        {"met", verdict.met()},
    }
        .dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

Verdict verdict_from_json(std::string_view text) {
    const auto json = nlohmann::json::parse(text);
    Verdict verdict;
    verdict.model = json.at("model");
    verdict.claim = json.at("claim");
    verdict.engine = json.at("engine");
    verdict.search = json.at("search");
    verdict.bounds = json.at("bounds");
    verdict.expected = failure_kind_from(json.at("expected").get<std::string>());
    const auto outcome = outcome_from(json.at("outcome").get<std::string>());
    if (!outcome) throw std::invalid_argument("unknown outcome in a verdict");
    verdict.outcome = *outcome;
    verdict.kind = kind_from_json(json.at("kind"));
    verdict.executions = json.at("executions");
    verdict.blocked = json.at("blocked");
    verdict.longest_execution = json.at("longest_execution");
    if (!json.at("seed").is_null()) verdict.seed = json.at("seed").get<std::uint64_t>();
    verdict.seconds = json.at("seconds");
    verdict.peak_bytes = json.at("peak_bytes");
    verdict.message = json.at("message");
    verdict.counterexample = json.at("counterexample");
    verdict.replay = json.at("replay");
    verdict.declared_sampled = json.at("declared_sampled");
    return verdict;
}

}  // namespace heddle::checker
