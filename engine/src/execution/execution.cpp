#include "execution.hpp"

namespace heddle::engine {

void Execution::begin(bool record) {
    object_count_ = 0;
    steps_.clear();
    wakes_.clear();
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

}  // namespace heddle::engine
