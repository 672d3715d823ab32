// What read-modify-writes compute.
#pragma once

#include <cstdint>
#include <optional>

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

/// What is added, if it is rather taken away: a small negative number that was made one without a sign.
inline std::optional<std::int64_t> small_decrease(const Operation& op) {
    constexpr std::int64_t smallest = -9'999;  // what is below is more often a set of bits
    if (op.kind != OperationKind::fetch_add && op.kind != OperationKind::fetch_sub) return std::nullopt;
    if (op.object == nullptr || op.object->size == 0) return std::nullopt;
    const unsigned unused = 64 - 8 * op.object->size;
    const std::int64_t change = static_cast<std::int64_t>(op.value << unused) >> unused;
    return change < 0 && change >= smallest ? std::optional(change) : std::nullopt;
}

}  // namespace heddle::engine
