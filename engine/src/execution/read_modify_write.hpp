// Which operations are read-modify-writes, and what they compute.
#pragma once

#include <cstdint>

#include <heddle/engine/operation.hpp>

namespace heddle::engine {

constexpr bool is_read_modify_write(OperationKind kind) {
    return kind >= OperationKind::exchange && kind <= OperationKind::compare_exchange_weak;
}

/// One that writes only if it reads what it expects.
constexpr bool is_compare_exchange(OperationKind kind) {
    return kind == OperationKind::compare_exchange_strong || kind == OperationKind::compare_exchange_weak;
}

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
