// Exploring a model of the test program by name.
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

#include <heddle/engine/engine.hpp>
#include <heddle/checker/model.hpp>

namespace heddle::checker {

/// The verdict of an engine on the registered model of that name. Errors: throws std::runtime_error if either is missing.
inline Verdict explore_on(std::string_view engine_name, std::string_view model_name,
                          const ExploreOptions& options = {}) {
    for (const Engine* const engine : engines())
        for (const Model& model : registered_models())
            if (engine->name() == engine_name && model.name == model_name) return check_model(model, *engine, options);
    throw std::runtime_error("no engine " + std::string(engine_name) + " or no model " + std::string(model_name));
}

}  // namespace heddle::checker
