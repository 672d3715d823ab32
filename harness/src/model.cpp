#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>

#include <heddle/engine/engine.hpp>
#include <heddle/checker/model.hpp>

namespace heddle::checker {

namespace {

std::vector<Model>& registry() {
    static std::vector<Model> models;
    return models;
}

}  // namespace

bool register_model(Model model) {
    const auto same_name = [&](const Model& other) { return other.name == model.name; };
    if (std::any_of(registry().begin(), registry().end(), same_name)) {
        std::fprintf(stderr, "heddle: misuse: two models are named %s\n", model.name.c_str());
        std::abort();
    }
    registry().push_back(std::move(model));
    return true;
}

std::vector<Model> registered_models() {
    std::vector<Model> models = registry();
    std::sort(models.begin(), models.end(), [](const Model& a, const Model& b) { return a.name < b.name; });
    return models;
}

Verdict check_model(const Model& model, const Engine& engine, const ExploreOptions& options) {
    const auto start = std::chrono::steady_clock::now();
    Verdict verdict = engine.explore(model, options);
    verdict.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    verdict.model = model.name;
    verdict.claim = model.claim;
    verdict.engine = engine.name();
    verdict.bounds = engine.bounds(model);
    verdict.expected = model.expected;
    verdict.search = engine.search(model);
    if (verdict.executions == 0 && verdict.outcome != Outcome::misuse) {
        verdict.outcome = Outcome::harness_error;
        if (verdict.message.empty()) verdict.message = "not one execution was explored";
    }
    return verdict;
}

}  // namespace heddle::checker
