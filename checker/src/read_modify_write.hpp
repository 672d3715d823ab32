// What read-modify-writes compute.
#pragma once

#include <cstdint>

#include <heddle/checker/operation.hpp>

namespace heddle::checker {

/// What a read-modify-write of an n-byte value writes, given what it read.
inline std::uint64_t modified(const Operation& op, std::uint64_t before) {
    const auto mask = ~std::uint64_t{0} >> (64 - 8 * op.object->size);
    switch (op.kind) {
        case OperationKind::fetch_add: return (before + op.value) & mask;
        case OperationKind::fetch_sub: return (before - op.value) & mask;
        case OperationKind::fetch_and: return before & op.value;
        case OperationKind::fetch_or: return before | op.value;
        case OperationKind::fetch_xor: return before ^ op.value;
        default: return op.value;
    }
}

}  // namespace heddle::checker
