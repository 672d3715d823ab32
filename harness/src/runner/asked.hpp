// What a verdict says only if it was asked: between processes it travels beside the rest.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include <heddle/harness/verdict.hpp>

namespace heddle::harness {

/// What an exploration is asked beyond its verdict.
struct Asked {
    bool operations = false;         ///< which ones it performs
    bool robustness = false;         ///< whether every execution is sequentially consistent
    bool passing = false;            ///< beside a failing execution one that passes
    bool every_permutation = false;  ///< of threads that are alike
};

/// Adds what was asked for to the line of a verdict.
void add_answers(nlohmann::json& line, const Verdict& verdict);
/// Takes from the line of a verdict what was asked for. Errors: what nlohmann::json throws for something else.
void take_answers(const nlohmann::json& line, Verdict& verdict);

}  // namespace heddle::harness
