// What a read may go on to write, given the value it reads: the second half of a read-modify-write.
#pragma once

#include <atomic>
#include <cstdint>
#include <optional>

#include "../read_modify_write.hpp"
#include "queue_value.hpp"

namespace heddle::checker::exhaustive {

/// Kept in the graph with the read, so that its second half can follow at once, without running the program.
struct Modification {
    enum class Kind : std::uint8_t {
        none,     ///< the read is only a read
        modify,   ///< always writes
        compare,  ///< writes if it reads `expected`
        enqueue,  ///< futex queue: the thread `operand` begins to wait
        dequeue,  ///< futex queue: the thread `operand` gives up, if it still waits
        wake,     ///< futex queue: the oldest `operand` waiters are let go
    };
    Kind kind = Kind::none;
    OperationKind operation = OperationKind::exchange;
    std::uint8_t size = 0;
    std::memory_order order = std::memory_order_relaxed;  ///< if it writes
    std::memory_order otherwise = std::memory_order_relaxed;
    std::uint64_t operand = 0;
    std::uint64_t expected = 0;

    bool operator==(const Modification&) const = default;

    /// Returns: what is written after `before` was read; nothing if it stays a read.
    std::optional<std::uint64_t> after(std::uint64_t before) const {
        const auto thread = static_cast<unsigned>(operand);
        switch (kind) {
            case Kind::none:
                return std::nullopt;
            case Kind::modify:
                return modified(operation, size, operand, before);
            case Kind::compare:
                return before == expected ? std::optional(operand) : std::nullopt;
            case Kind::enqueue:
                return with_waiter(before, thread);
            case Kind::dequeue:
                return has_waiter(before, thread) ? std::optional(without_waiter(before, thread)) : std::nullopt;
            case Kind::wake:
                for (std::uint64_t n = 0; n != operand && waiters_in(before) != 0; ++n) before = without_oldest(before);
                return before;
        }
        return std::nullopt;
    }
};

}  // namespace heddle::checker::exhaustive
