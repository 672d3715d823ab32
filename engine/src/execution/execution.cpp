#include "execution.hpp"

#include <algorithm>
#include <cstring>
#include <iterator>
#include <new>
#include <string_view>
#include <utility>

#include <heddle/engine/run.hpp>

#include "host/watch.hpp"
#include "words.hpp"

namespace heddle::engine {

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

void Execution::begin(bool record) {
    Watch::execution_begins();
    object_count_ = 0;
    live_objects_ = 0;
    steps_.clear();
    step_count_ = 0;
    record_ = record;
    failure.reset();
    memory.reset();
}

Object* Execution::construct(ObjectKind kind, std::uint8_t size, const char* name, Show show, bool has_initial,
                             Site site) {
    if (objects_ == nullptr) objects_ = reinterpret_cast<Object*>(table_.begin());
    if (objects_ == nullptr || object_count_ == most_objects)
        Run::require("an object")
            .fail(FailureKind::too_big,
                  "an execution constructs more than " + std::to_string(most_objects) + " objects", site);
    Object& object = *::new (objects_ + object_count_) Object;
    object = {.id = object_count_,
              .kind = kind,
              .size = size,
              .alive = true,
              .initialised = has_initial || kind == ObjectKind::region,
              .name = name,
              .show = show,
              .created = site};
    ++object_count_;
    ++live_objects_;
    if (record_) object.instance = instances_of(object);
    return &object;
}

std::uint32_t Execution::instances_of(const Object& object) const {
    const auto same_name = [&](const Object& other) {
        return other.name != nullptr && object.name != nullptr && std::strcmp(other.name, object.name) == 0;
    };
    return static_cast<std::uint32_t>(std::count_if(objects_, objects_ + object_count_, same_name));
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

Failure Execution::misuse_of(Operation op, std::uint64_t thread) {
    const auto end = std::make_reverse_iterator(objects_);
    const auto found = std::find_if(std::make_reverse_iterator(objects_ + object_count_), end,
                                    [&](const Object& object) { return object.home == op.home; });
    Object* const object = found == end || op.home == nullptr ? nullptr : &*found;
    const bool again = op.kind == OperationKind::destroy && object != nullptr && !object->alive;
    Failure wrong{.kind = again ? FailureKind::double_free : FailureKind::use_after_free,
                  .site = op.site,
                  .thread = thread,
                  .object = object};
    if (object == nullptr)
        wrong.message = "an object is used that is none: its memory was given back, overwritten, or never had one";
    else if (object->alive) wrong.message = "'" + name_of(*object) + "' is used, but its memory was overwritten";
    else wrong.message = "'" + name_of(*object) + (again ? "' is destroyed twice" : "' is used after its destruction");
    if (object != nullptr && op.kind == OperationKind::destroy) wrong.site = object->created;
    op.object = object;
    step(thread, op);
    return wrong;
}

std::optional<Failure> Execution::leak() const {
    const auto blocks = memory.live_blocks();
    if (blocks == 0 && live_objects_ == 0) return std::nullopt;
    Failure wrong{.kind = FailureKind::leak};
    if (blocks != 0) wrong.message = words::never_freed(blocks);
    if (live_objects_ == 0) return wrong;
    const auto* const object =
        std::find_if(objects_, objects_ + object_count_, [](const Object& one) { return one.alive; });
    wrong.object = object;
    wrong.site = object->created;
    if (blocks != 0) wrong.message += ", and ";
    wrong.message += "'" + name_of(*object) + "' was never destroyed";
    return wrong;
}

std::optional<Site> Execution::loop_without_yield() const {
    constexpr std::size_t long_enough = 200;
    if (steps_.size() < long_enough) return std::nullopt;
    const bool only_looks = std::all_of(steps_.end() - long_enough, steps_.end(), [](const Step& step) {
        const OperationKind kind = step.operation.kind;
        return kind == OperationKind::load || kind == OperationKind::read || kind == OperationKind::try_lock ||
               (kind >= OperationKind::exchange && kind <= OperationKind::compare_exchange_weak);
    });
    return only_looks ? std::optional(steps_.back().operation.site) : std::nullopt;
}

Counterexample::Step Execution::described(const Step& step) const {
    const Operation& op = step.operation;
    const auto show = [&](std::uint64_t bits) {
        return op.object != nullptr && op.object->show != nullptr ? op.object->show(bits) : std::to_string(bits);
    };
    const bool is_end = op.kind == OperationKind::destroy && op.object != nullptr;
    const Site& place = is_end ? op.object->created : op.site;  // a destructor does not know its caller
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
                                   .place = place_of(place)};
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
