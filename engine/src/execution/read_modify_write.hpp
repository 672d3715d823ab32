// What read-modify-writes compute.
#pragma once

#include <cstdint>

#include <heddle/engine/operation.hpp>

namespace heddle::engine {

/// What a read-modify-write of a value of `size` bytes writes, given its operand and what it read.
inline std::uint64_t modified(OperationKind kind, unsigned size, std::uint64_t operand, std::uint64_t before) {
    const auto mask = ~std::uint64_t{0} >> (64 - 8 * size);
    switch (kind) {
        case OperationKind::fetch_add:
            return (before + operand) & mask;
        case OperationKind::fetch_sub:
            return (before - operand) & mask;
        case OperationKind::fetch_and:
            return before & operand;
        case OperationKind::fetch_or:
            return before | operand;
        case OperationKind::fetch_xor:
            return before ^ operand;
        default:
            return operand;
    }
}

}  // namespace heddle::engine
