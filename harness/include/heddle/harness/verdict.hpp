// What an exploration found: the outcome, its kind and counterexample, and what was explored and cut.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <heddle/engine/failure.hpp>

namespace heddle::checker {

/// How an exploration ended.
enum class Outcome : std::uint8_t {
    exhausted,      ///< every execution within the bounds was visited, and none failed
    sampled,        ///< as many executions as asked for were visited, and none failed
    budget_spent,   ///< the budget ended before the exploration did; nothing is known about the rest
    failed,         ///< an execution failed
    misuse,         ///< the model broke a rule of use
    harness_error,  ///< heddle could not do its work
};

/// How an exploration ends that found a failure of that kind.
Outcome outcome_of(FailureKind kind);

std::string_view to_string(Outcome outcome);
std::optional<Outcome> outcome_from(std::string_view name);

struct Verdict {
    std::string model;
    std::string claim;
    std::string engine;
    std::string search;
    std::string bounds;                   ///< everything that the exploration leaves out
    std::optional<FailureKind> expected;  ///< set for a broken twin
    Outcome outcome = Outcome::harness_error;
    std::optional<FailureKind> kind;      ///< set if an execution failed
    std::uint64_t executions = 0;         ///< complete ones
    std::uint64_t blocked = 0;            ///< given up because they could not go on; none of them is a failure
    std::uint64_t longest_execution = 0;  ///< steps
    std::optional<std::uint64_t> seed;    ///< of a random search
    double seconds = 0;
    std::uint64_t peak_bytes = 0;   ///< the most memory that the process of the exploration had
    std::string message;            ///< one line: what went wrong
    std::string counterexample;     ///< several lines: the failing execution
    std::string replay;             ///< the token that runs it again
    bool declared_sampled = false;  ///< the model asks for a sample and accepts it

    /// Whether the model did what it promised: a broken twin failed in its way; every other model was explored to
    /// the end, or sampled if that is what it declares. An exploration without executions never did.
    bool met() const;
};

std::string to_json(const Verdict& verdict);
Verdict verdict_from_json(std::string_view text);

}  // namespace heddle::checker
