// An engine: something that runs a model under the choices that the language allows.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <heddle/checker/model.hpp>
#include <heddle/harness/verdict.hpp>

namespace heddle::checker {

/// A failing execution, written down so that it can be run again: `engine:model:search:choices~check`.
struct ReplayToken {
    std::string engine;
    std::string model;
    Search search;
    std::vector<unsigned> choices;  ///< the answers to the questions of the engine, in order
    std::uint32_t check = 0;        ///< over the number of options of each question

    std::string to_string() const;
    /// Errors: throws std::invalid_argument that says what is wrong with `text`.
    static ReplayToken parse(std::string_view text);
};

std::string to_string(const Search& search);

/// How far an exploration has come.
struct Progress {
    std::uint64_t executions = 0;
    double explored = 0;  ///< which part of all, as it looks so far, from 0 to 1; 0: the engine cannot tell
};

struct ExploreOptions {
    std::chrono::duration<double> budget{60.0};
    std::optional<ReplayToken> replay;              ///< run only this execution
    std::function<void(const Progress&)> progress;  ///< called now and then; may be empty
};

/// How long an engine may look for a simpler counterexample with one bound, given the budget of the whole search.
constexpr std::chrono::duration<double> simplification_budget(std::chrono::duration<double> budget) {
    return budget < std::chrono::seconds(3) ? budget : std::chrono::seconds(3);
}

class Engine {
  public:
    virtual ~Engine() = default;
    virtual std::string_view name() const = 0;
    /// Why it does not run the model; empty if it does.
    virtual std::string declines(const Model& model) const = 0;
    /// How it goes through the executions of the model, in a word or two.
    virtual std::string search(const Model& model) const = 0;
    /// What the engine leaves out when it explores the model.
    virtual std::string bounds(const Model& model) const = 0;
    /// Explores the model and fills in what it found; the caller adds the names. Errors: none; whatever goes wrong is in the verdict.
    virtual Verdict explore(const Model& model, const ExploreOptions& options) const = 0;
};

/// The engines that this build has.
const std::vector<const Engine*>& engines();

/// Explores `model` with `engine`. Returns: the complete verdict, but for peak_bytes; exploring nothing is a harness error.
Verdict check_model(const Model& model, const Engine& engine, const ExploreOptions& options);

}  // namespace heddle::checker
