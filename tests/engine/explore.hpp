// Exploring a model of the test program by name.
#pragma once

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>
#include <string_view>

#include <heddle/checker/model.hpp>
#include <heddle/engine/engine.hpp>
#include <heddle/harness/verdict.hpp>

namespace heddle::tests {

using checker::context_bound;
using checker::full_search;
using checker::random_search;
using engine::FailureKind;
using engine::Outcome;
using harness::Verdict;

/// Errors: throws std::runtime_error if it is missing.
inline const engine::Engine& engine_named(std::string_view name) {
    for (const engine::Engine* const engine : engine::engines())
        if (engine->name() == name) return *engine;
    throw std::runtime_error("no engine " + std::string(name));
}

/// The verdict of an engine on the registered model of that name. Errors: throws std::runtime_error if either is missing.
inline Verdict explore_on(std::string_view engine_name, std::string_view model_name,
                          const engine::Limits& limits = {}) {
    for (const harness::Check& check : harness::registered_checks())
        if (check.name == model_name) return harness::run_check(check, engine_named(engine_name), limits);
    throw std::runtime_error("no model " + std::string(model_name));
}

/// The report of a failing execution; empty if there is none.
inline std::string report_of(const Verdict& verdict) {
    return verdict.counterexample ? harness::describe(*verdict.counterexample) : "";
}

/// Whether the model meets its expectation on that engine, and what it did if not.
inline testing::AssertionResult meets_its_expectation(std::string_view engine_name, std::string_view model_name) {
    const Verdict verdict = explore_on(engine_name, model_name);
    return (verdict.met() ? testing::AssertionSuccess() : testing::AssertionFailure())
           << verdict.message << report_of(verdict);
}

}  // namespace heddle::tests
