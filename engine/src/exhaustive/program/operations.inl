// Inlined into ExhaustiveRun::step, so that a switch of fibers has few calls to come back through (schedule.cpp). Included
// by operations.hpp alone.
#pragma once

#include "modification_of.hpp"

namespace heddle::engine::exhaustive {

inline void Operations::begin_adopted(const Object& object, LocationId location) {
    if (locations_.size() <= object.id) locations_.resize(object.id + 1, no_location);
    locations_[object.id] = location;
}

inline void Operations::begin_object(const Object& object, std::optional<std::uint64_t> initial) {
    if (locations_.size() <= object.id) locations_.resize(object.id + 1, no_location);
    if (has_value(object.kind)) locations_[object.id] = trace_.graph()[recorder_.init(*initial)].location;
    else races_.begin_object(object);
}

[[gnu::always_inline]] inline void Operations::check(const Operation& op) {
    const Object& object = *op.object;
    if (!execution_.is_anything_shared() && trace_.running() != 0) execution_.note_use(*op.object, trace_.running());
    if (has_value(object.kind) && trace_.is_at_end()) races_.check_published(location(object), op.site);
}

[[gnu::always_inline]] inline OperationResult Operations::load(const Operation& op) {
    return {.value = recorder_.value_read(recorder_.read(location(*op.object), op.order))};
}

[[gnu::always_inline]] inline OperationResult Operations::store(const Operation& op) {
    recorder_.write(location(*op.object), op.value, op.order);
    return {};
}

[[gnu::always_inline]] inline Modification Operations::modification(const Operation& op) const {
    Modification modification = modification_of(op);
    modification.is_weak = op.kind == OperationKind::compare_exchange_weak && weak_cas_may_fail();
    return modification;
}

inline Modification Operations::compared(const Operation& op) const {
    return is_compare_exchange(op.kind) ? modification(op) : Modification{};
}

[[gnu::always_inline]] inline OperationResult Operations::read_modify_write(const Operation& op) {
    const Modification how = modification(op);
    OperationResult result;
    result.success = recorder_.modify(location(*op.object), how, result.value);
    if (how.is_weak && !result.success && result.value == op.expected) weak_cas_may_fail_[trace_.running()] = false;
    if (!result.success || (op.kind == OperationKind::exchange && result.value == op.value)) retries_.note_attempt();
    return result;
}

inline OperationResult Operations::wait(const Operation& op) {
    const Object& waited_for = op.part == nullptr ? *op.object : *op.part;
    const OperationResult result = blocking_.wait(location(*op.object), location(waited_for) + 1, op);
    if (result.value == static_cast<std::uint64_t>(WaitOutcome::changed)) retries_.note_attempt();
    return result;
}

inline OperationResult Operations::access(const Operation& op) {
    races_.access(*op.object, op);
    return {};
}

inline OperationResult Operations::destroy(const Operation& op) {
    if (op.value == 0) races_.check_unused(*op.object, location(*op.object));
    execution_.end(*op.object);
    return {};
}

}  // namespace heddle::engine::exhaustive
