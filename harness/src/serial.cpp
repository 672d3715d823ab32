#include "serial.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <utility>

#include <nlohmann/json.hpp>

#include "names.hpp"

namespace heddle::harness {

using engine::Counterexample;
using engine::Place;
using nlohmann::json;

namespace {

template <class T>
json optional_to_json(const std::optional<T>& value) {
    return value ? json(*value) : json(nullptr);
}
template <class T>
std::optional<T> optional_from_json(const json& value) {
    return value.is_null() ? std::nullopt : std::optional(value.get<T>());
}

json kind_to_json(const std::optional<engine::FailureKind>& kind) {
    return kind ? json(engine::to_string(*kind)) : json(nullptr);
}
std::optional<engine::FailureKind> kind_from_json(const json& value) {
    return value.is_null() ? std::nullopt : engine::failure_kind_from(value.get<std::string>());
}

json place_to_json(const Place& place) { return {{"file", place.file}, {"line", place.line}}; }
Place place_from_json(const json& value) { return {value.at("file"), value.at("line")}; }

// A thread is a number, or "main".
json thread_to_json(std::uint64_t thread) {
    return thread == Counterexample::main_thread ? json("main") : json(thread);
}
std::uint64_t thread_from_json(const json& value) {
    return value == "main" ? Counterexample::main_thread : value.get<std::uint64_t>();
}

constexpr std::array<std::string_view, 3> parts{"whole", "falls_asleep", "goes_on"};

Counterexample::Part part_from_json(const json& value) {
    const auto found = std::find(parts.begin(), parts.end(), value.get<std::string>());
    if (found == parts.end()) throw std::invalid_argument("a step has an unknown part: " + value.dump());
    return static_cast<Counterexample::Part>(found - parts.begin());
}

json step_to_json(const Counterexample::Step& step) {
    json called = json::array();
    for (const Place& place : step.called) called.push_back(place_to_json(place));
    return {{"thread", thread_to_json(step.thread)},
            {"operation", name_of(step.kind)},
            {"object", optional_to_json(step.object)},
            {"order", name_of(step.order)},
            {"failure_order", name_of(step.failure_order)},
            {"part", parts[static_cast<std::size_t>(step.part)]},
            {"value", step.value},
            {"expected", step.expected},
            {"read", step.read},
            {"asked", step.asked},
            {"gave", step.gave},
            {"has_deadline", step.has_deadline},
            {"success", step.success},
            {"finished", step.finished},
            {"reads_from", optional_to_json(step.reads_from)},
            {"newer", optional_to_json(step.newer)},
            {"place", place_to_json(step.place)},
            {"called", std::move(called)}};
}

Counterexample::Step step_from_json(const json& value) {
    std::vector<Place> called;
    for (const json& place : value.at("called")) called.push_back(place_from_json(place));
    return {.thread = thread_from_json(value.at("thread")),
            .kind = operation_kind_from(value.at("operation").get<std::string>()),
            .object = optional_from_json<std::size_t>(value.at("object")),
            .order = memory_order_from(value.at("order").get<std::string>()),
            .failure_order = memory_order_from(value.at("failure_order").get<std::string>()),
            .part = part_from_json(value.at("part")),
            .value = value.at("value"),
            .expected = value.at("expected"),
            .read = value.at("read"),
            .asked = value.at("asked"),
            .gave = value.at("gave"),
            .has_deadline = value.at("has_deadline"),
            .success = value.at("success"),
            .finished = value.at("finished"),
            .reads_from = optional_from_json<std::size_t>(value.at("reads_from")),
            .newer = optional_from_json<std::size_t>(value.at("newer")),
            .place = place_from_json(value.at("place")),
            .called = std::move(called)};
}

}  // namespace

json to_json(const Counterexample& counterexample) {
    json objects = json::array();
    for (const auto& object : counterexample.objects)
        objects.push_back(
            {{"name", object.name}, {"kind", name_of(object.kind)}, {"created", place_to_json(object.created)}});
    json legend = json::array();
    for (const auto& [name, text] : counterexample.legend) legend.push_back({{"name", name}, {"text", text}});
    json steps = json::array();
    for (const auto& step : counterexample.steps) steps.push_back(step_to_json(step));
    return {{"kind", engine::to_string(counterexample.kind)},
            {"message", counterexample.message},
            {"place", place_to_json(counterexample.place)},
            {"thread", counterexample.thread ? thread_to_json(*counterexample.thread) : json(nullptr)},
            {"object", optional_to_json(counterexample.object)},
            {"other_step", optional_to_json(counterexample.other_step)},
            {"left_out", counterexample.left_out},
            {"needs_weak_memory", counterexample.needs_weak_memory()},
            {"objects", std::move(objects)},
            {"legend", std::move(legend)},
            {"steps", std::move(steps)}};
}

Counterexample counterexample_from_json(const json& value) {
    const auto kind = kind_from_json(value.at("kind"));
    if (!kind) throw std::invalid_argument("a counterexample of an unknown kind: " + value.at("kind").dump());
    Counterexample counterexample{
        .kind = *kind,
        .message = value.at("message"),
        .place = place_from_json(value.at("place")),
        .thread = value.at("thread").is_null() ? std::nullopt : std::optional(thread_from_json(value.at("thread"))),
        .object = optional_from_json<std::size_t>(value.at("object")),
        .other_step = optional_from_json<std::size_t>(value.at("other_step")),
        .left_out = value.at("left_out")};
    for (const json& object : value.at("objects"))
        counterexample.objects.push_back({object.at("name"), object_kind_from(object.at("kind").get<std::string>()),
                                          place_from_json(object.at("created"))});
    for (const json& of : value.at("legend")) counterexample.legend.push_back({of.at("name"), of.at("text")});
    for (const json& step : value.at("steps")) counterexample.steps.push_back(step_from_json(step));
    return counterexample;
}

json to_json(const Verdict& verdict) {
    return {{"model", verdict.name},
            {"claim", verdict.claim},
            {"engine", verdict.engine},
            {"search", verdict.search},
            {"bounds", verdict.bounds},
            {"cut", verdict.cut},
            {"expected", verdict.expected ? std::string(engine::to_string(*verdict.expected)) : "holds"},
            {"fails_at", verdict.fails_at},
            {"outcome", engine::to_string(verdict.outcome)},
            {"kind", kind_to_json(verdict.kind)},
            {"executions", verdict.executions},
            {"blocked", verdict.blocked},
            {"turns_in_vain", verdict.turns_in_vain},
            {"runs_replaced", verdict.runs_replaced},
            {"permutations", verdict.permutations},
            {"stands_for", verdict.stands_for},
            {"longest_execution", verdict.longest_execution},
            {"explored", verdict.explored},
            {"seed", optional_to_json(verdict.seed)},
            {"seconds", verdict.seconds},
            {"peak_bytes", verdict.peak_bytes},
            {"message", verdict.message},
            {"counterexample", verdict.counterexample ? to_json(*verdict.counterexample) : json(nullptr)},
            {"replay", verdict.token},
            {"declared_sampled", verdict.declared_sampled},
            {"met", verdict.met()}};
}

Verdict verdict_from_json(const json& value) {
    const auto outcome = engine::outcome_from(value.at("outcome").get<std::string>());
    if (!outcome) throw std::invalid_argument("a verdict of an unknown outcome: " + value.at("outcome").dump());
    Verdict verdict;
    verdict.name = value.at("model");
    verdict.claim = value.at("claim");
    verdict.engine = value.at("engine");
    verdict.search = value.at("search");
    verdict.bounds = value.at("bounds");
    verdict.cut = value.at("cut").get<std::vector<std::string>>();
    verdict.expected = engine::failure_kind_from(value.at("expected").get<std::string>());
    verdict.fails_at = value.at("fails_at").get<std::vector<std::string>>();
    verdict.outcome = *outcome;
    verdict.kind = kind_from_json(value.at("kind"));
    verdict.executions = value.at("executions");
    verdict.blocked = value.at("blocked");
    verdict.turns_in_vain = value.at("turns_in_vain");
    verdict.runs_replaced = value.at("runs_replaced");
    verdict.permutations = value.at("permutations");
    verdict.stands_for = value.at("stands_for");
    verdict.longest_execution = value.at("longest_execution");
    verdict.explored = value.at("explored");
    verdict.seed = optional_from_json<std::uint64_t>(value.at("seed"));
    verdict.seconds = value.at("seconds");
    verdict.peak_bytes = value.at("peak_bytes");
    verdict.message = value.at("message");
    if (!value.at("counterexample").is_null())
        verdict.counterexample = counterexample_from_json(value.at("counterexample"));
    verdict.token = value.at("replay");
    verdict.declared_sampled = value.at("declared_sampled");
    return verdict;
}

std::string dump(const json& value) { return value.dump(-1, ' ', false, json::error_handler_t::replace); }

}  // namespace heddle::harness
