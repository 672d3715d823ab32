#include "execution.hpp"

#include <algorithm>
#include <cstring>
#include <string_view>
#include <utility>

namespace heddle::engine {

namespace {

Place place_of(const Site& site) {
    std::string_view path = site.file_name();
    constexpr std::string_view include = "/include/";
    if (const auto found = path.rfind(include); found != std::string_view::npos) {
        path.remove_prefix(found + include.size());
    } else if (const auto last = path.rfind('/'); last != std::string_view::npos && last != 0) {
        const auto before = path.rfind('/', last - 1);
        if (before != std::string_view::npos) path.remove_prefix(before + 1);
    }
    return {std::string(path), site.line()};
}

}  // namespace

void Execution::begin(bool record) {
    object_count_ = 0;
    steps_.clear();
    step_count_ = 0;
    record_ = record;
    failure.reset();
    memory.reset();
}

Object* Execution::construct(ObjectKind kind, std::uint8_t size, const char* name, Show show, bool has_initial,
                             Site site) {
    if (object_count_ == objects_.size()) objects_.emplace_back();
    Object& object = objects_[object_count_];
    object = {.id = object_count_,
              .kind = kind,
              .size = size,
              .alive = true,
              .initialised = has_initial || kind == ObjectKind::region,
              .name = name,
              .show = show,
              .created = site};
    ++object_count_;
    if (record_) object.instance = instances_of(object);
    return &object;
}

std::uint32_t Execution::instances_of(const Object& object) const {
    const auto same_name = [&](const Object& other) {
        return other.name != nullptr && object.name != nullptr && std::strcmp(other.name, object.name) == 0;
    };
    return static_cast<std::uint32_t>(std::count_if(objects_.begin(), objects_.begin() + object_count_, same_name));
}

std::string Execution::name_of(const Object& object) const {
    if (object.name == nullptr) {
        const Place created = place_of(object.created);
        std::string name("[");
        name.append(std::to_string(object.id)).append(", made at ").append(created.file);
        return name.append(":").append(std::to_string(created.line)).append("]");
    }
    if (instances_of(object) <= 1) return object.name;
    return std::string(object.name) + "#" + std::to_string(object.instance);
}

Counterexample::Step Execution::described(const Step& step) const {
    const Operation& op = step.operation;
    const auto show = [&](std::uint64_t bits) {
        return op.object != nullptr && op.object->show != nullptr ? op.object->show(bits) : std::to_string(bits);
    };
    Counterexample::Step described{.thread = step.thread,
                                   .kind = op.kind,
                                   .order = op.order,
                                   .failure_order = op.failure_order,
                                   .value = show(op.value),
                                   .expected = show(op.expected),
                                   .read = show(step.result.value),
                                   .asked = op.value,
                                   .gave = step.result.value,
                                   .has_deadline = op.has_deadline(),
                                   .success = step.result.success,
                                   .finished = step.finished,
                                   .stale = step.stale,
                                   .place = place_of(op.site)};
    if (op.object != nullptr) described.object = op.object->id;
    return described;
}

void Execution::describe_failure(Exploration& found, Replay replay) const {
    found.outcome = outcome_of(failure->kind);
    found.kind = failure->kind;
    found.message = failure->message;
    found.counterexample = counterexample();
    found.replay = std::move(replay);
}

Counterexample Execution::counterexample() const {
    Counterexample result{.kind = failure->kind,
                          .message = failure->message,
                          .place = place_of(failure->site),
                          .thread = failure->thread,
                          .other_thread = failure->other_thread};
    if (failure->object != nullptr) result.object = failure->object->id;
    for (std::uint32_t id = 0; id != object_count_; ++id) {
        const Object& object = objects_[id];
        result.objects.push_back({name_of(object), object.kind, place_of(object.created)});
    }
    for (const Step& step : steps_) result.steps.push_back(described(step));
    return result;
}

}  // namespace heddle::engine
