#include "execution.hpp"

#include <algorithm>
#include <new>
#include <string>
#include <utility>

#include <heddle/engine/run.hpp>

#include "host/watch.hpp"
#include "words.hpp"

namespace heddle::engine {

void Execution::begin(bool record, bool follow_calls) {
    Watch::execution_begins();
    object_count_ = 0;
    bytes_used_ = 0;
    live_objects_ = 0;
    steps_.clear();
    wakes_.clear();
    step_count_ = 0;
    record_ = record;
    follow_calls_ = follow_calls;
    failure.reset();
    legend.clear();
    memory.reset();
}

Object* Execution::construct(ObjectKind kind, std::uint8_t size, const char* name, Show show, bool has_initial,
                             Site site) {
    if (objects_ == nullptr) objects_ = reinterpret_cast<Object*>(table_.begin());
    if (objects_ == nullptr || object_count_ == most_objects)
        Run::require("an object")
            .fail(FailureKind::too_big,
                  "an execution constructs more than " + std::to_string(most_objects) + " objects", site);
    Object& object = *::new (objects_ + object_count_) Object{.id = object_count_,
                                                              .kind = kind,
                                                              .size = size,
                                                              .alive = true,
                                                              .initialised = has_initial || kind == ObjectKind::region,
                                                              .name = name,
                                                              .show = show,
                                                              .created = site};
    ++object_count_;
    bytes_used_ += sizeof(Object);
    ++live_objects_;
    if (record_) object.instance = instances_of(object);
    return &object;
}

void Execution::note_late(Step step) {
    step.objects = object_count_;
    const auto later = [&](const Step& other) {
        return other.fiber == step.fiber && other.first_event >= step.first_event;
    };
    steps_.insert(std::find_if(steps_.begin(), steps_.end(), later), std::move(step));
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
    wrong.message += words::never_destroyed(name_of(*object));
    return wrong;
}

}  // namespace heddle::engine
