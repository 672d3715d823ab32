#include "execution.hpp"

#include <algorithm>
#include <cstring>

namespace heddle::checker {

void Execution::begin(bool record) {
    object_count_ = 0;
    steps_.clear();
    step_count_ = 0;
    record_ = record;
    failure.reset();
    memory.reset();
}

Object* Execution::construct(ObjectKind kind, std::uint8_t size, const char* name, Show show, bool initialised,
                             Site site) {
    if (object_count_ == objects_.size()) objects_.emplace_back();
    Object& object = objects_[object_count_];
    object = {.id = object_count_,
              .kind = kind,
              .size = size,
              .alive = true,
              .initialised = initialised,
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

}  // namespace heddle::checker
