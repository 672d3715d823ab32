// A read-modify-write of the program as an event has it.
#pragma once

#include <heddle/engine/operation.hpp>

#include "exhaustive/graph/modification.hpp"

namespace heddle::engine::exhaustive {

/// Requires: a read-modify-write of an atomic. A weak one is taken to be strong.
inline Modification modification_of(const Operation& op) {
    return {.kind = is_compare_exchange(op.kind) ? Modification::Kind::compare : Modification::Kind::modify,
            .operation = op.kind,
            .size = op.object->size,
            .order = op.order,
            .otherwise = op.failure_order,
            .operand = op.value,
            .expected = op.expected};
}

}  // namespace heddle::engine::exhaustive
