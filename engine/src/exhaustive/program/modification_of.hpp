// A read-modify-write of the program as an event has it.
#pragma once

#include <heddle/engine/operation.hpp>

#include "exhaustive/graph/modification.hpp"

namespace heddle::engine::exhaustive {

inline bool compares(OperationKind kind) {
    return kind == OperationKind::compare_exchange_weak || kind == OperationKind::compare_exchange_strong;
}

/// Requires: a read-modify-write of an atomic. A weak one is taken to be strong.
inline Modification modification_of(const Operation& op) {
    return {.kind = compares(op.kind) ? Modification::Kind::compare : Modification::Kind::modify,
            .operation = op.kind,
            .size = op.object->size,
            .order = op.order,
            .otherwise = op.failure_order,
            .operand = op.value,
            .expected = op.expected};
}

}  // namespace heddle::engine::exhaustive
