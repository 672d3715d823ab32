#include "selection.hpp"

#include <algorithm>
#include <iterator>
#include <sstream>

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "filter.hpp"

namespace heddle::harness {

namespace {

std::vector<const engine::Engine*> engines_for(const Arguments& arguments) {
    if (arguments.engine.empty()) return engine::engines();
    return {&engine_named(arguments.engine)};
}

UsageError nothing_selected(const Arguments& arguments, std::size_t checks) {
    const std::string filters =
        arguments.filters.empty() ? "*" : fmt::format("{}", fmt::join(arguments.filters, "' --filter '"));
    return UsageError(fmt::format("no model to check: none of {} models matches --filter '{}'{}; --list shows them",
                                  checks, filters, arguments.engine.empty() ? "" : " on engine " + arguments.engine));
}

/// Those that are selected on some engine, whether it declines them or not.
std::vector<Check> selected_checks(const Arguments& arguments) {
    const Filter filter(arguments.filters);
    const auto engines = engines_for(arguments);
    const auto& all = registered_checks();
    std::vector<Check> selected;
    std::copy_if(all.begin(), all.end(), std::back_inserter(selected), [&](const Check& check) {
        return std::any_of(engines.begin(), engines.end(),
                           [&](const engine::Engine* engine) { return filter.selects(check, engine->name()); });
    });
    if (selected.empty()) throw nothing_selected(arguments, all.size());
    return selected;
}

std::string described_twin(const Check& twin) {
    return fmt::format("  [broken twin: {}{}]", engine::to_string(*twin.expected),
                       twin.breaks.empty() ? "" : fmt::format(", breaks: {}", twin.breaks));
}

nlohmann::json words_of(const std::string& text) {
    auto words = nlohmann::json::array();
    std::istringstream stream(text);
    for (std::string word; stream >> word;) words.push_back(word);
    return words;
}

nlohmann::json check_to_json(const Check& check) {
    auto runs_on = nlohmann::json::array();
    auto declined = nlohmann::json::object();
    for (const engine::Engine* engine : engine::engines()) {
        const std::string name(engine->name());
        if (const std::string& reason = check.offer(*engine).declined; reason.empty()) runs_on.push_back(name);
        else declined[name] = reason;
    }
    return {{"model", check.name},
            {"claim", check.claim},
            {"expected", check.expected ? std::string(engine::to_string(*check.expected)) : "holds"},
            {"fails_at", check.fails_at},
            {"shows", words_of(check.invariants)},
            {"breaks", words_of(check.breaks)},
            {"engines", runs_on},
            {"declined", declined}};
}

}  // namespace

std::string engine_names() {
    std::string names;
    for (const engine::Engine* engine : engine::engines())
        names += fmt::format("{}{}", names.empty() ? "" : ", ", engine->name());
    return names;
}

const engine::Engine& engine_named(std::string_view name) {
    for (const engine::Engine* engine : engine::engines()) {
        if (engine->name() == name) return *engine;
    }
    throw UsageError(fmt::format("there is no engine '{}' in this build; it has: {}", name, engine_names()));
}

const Check& check_named(const std::vector<Check>& checks, std::string_view name) {
    for (const Check& check : checks) {
        if (check.name == name) return check;
    }
    throw UsageError(fmt::format("there is no model '{}' here; --list shows all of them", name));
}

Selection select_jobs(const Arguments& arguments) {
    Selection selection;
    const Filter filter(arguments.filters);
    const auto& checks = registered_checks();
    for (const engine::Engine* engine : engines_for(arguments)) {
        for (const Check& check : checks) {
            if (!filter.selects(check, engine->name())) continue;
            const std::string& reason = check.offer(*engine).declined;
            if (reason.empty()) selection.jobs.push_back({check, engine});
            else selection.declined[fmt::format("{}: {}", engine->name(), reason)].push_back(check.name);
        }
    }
    if (selection.jobs.empty()) throw nothing_selected(arguments, checks.size());
    return selection;
}

std::vector<Job> select_exhaustive(Arguments arguments) {
    if (arguments.engine.empty()) arguments.engine = "exhaustive";
    return select_jobs(arguments).jobs;
}

std::string list_text(const Arguments& arguments) {
    std::string text;
    for (const Check& check : selected_checks(arguments)) {
        text += fmt::format("{:<32} {}{}{}\n", check.name, check.claim,
                            check.invariants.empty() ? "" : fmt::format("  [shows: {}]", check.invariants),
                            check.expected ? described_twin(check) : "");
    }
    return text + fmt::format("engines: {}\n", engine_names());
}

std::string list_json(const Arguments& arguments) {
    constexpr int version = 1;  // of docs/list.schema.json
    auto models = nlohmann::json::array();
    for (const Check& check : selected_checks(arguments)) models.push_back(check_to_json(check));
    auto engines = nlohmann::json::array();
    for (const engine::Engine* engine : engine::engines()) engines.push_back(engine->name());
    return nlohmann::json{{"version", version}, {"models", models}, {"engines", engines}}.dump(
               2, ' ', false, nlohmann::json::error_handler_t::replace) +
           "\n";
}

}  // namespace heddle::harness
