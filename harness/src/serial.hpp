// Verdicts and counterexamples as JSON, both ways: a worker process sends what its parent reports.
#pragma once

#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

#include <heddle/harness/verdict.hpp>

namespace heddle::harness {

nlohmann::json to_json(const engine::Counterexample& counterexample);
/// Errors: throws nlohmann::json::exception or std::invalid_argument that says what is missing or unknown.
engine::Counterexample counterexample_from_json(const nlohmann::json& json);

nlohmann::json to_json(const Verdict& verdict);
/// Errors: as counterexample_from_json.
Verdict verdict_from_json(const nlohmann::json& json);

/// One line of text. Bytes that are no UTF-8 are replaced.
std::string dump(const nlohmann::json& json);

}  // namespace heddle::harness
