// What a read may go on to write, given the value it reads: the second half of a read-modify-write.
#pragma once

#include <cstdint>
#include <optional>

#include "../read_modify_write.hpp"
#include "memory_order.hpp"
#include "queue_value.hpp"

namespace heddle::checker::exhaustive {

/// Kept in the graph with the read, so that its second half can follow at once, without running the program.
struct Modification {
    enum class Kind : std::uint8_t {
        none,     ///< the read is only a read
        look,     ///< so is this; if it reads `expected`, the thread's next step is to begin to wait on the word
        modify,   ///< always writes
        compare,  ///< writes if it reads `expected`
        await,    ///< writes, and can only read `expected`
        enqueue,  ///< futex queue: the thread `operand` begins to wait
        enlist,   ///< the same, without a word that was compared before
        dequeue,  ///< futex queue: the thread `operand` gives up, if it still waits
        wake,     ///< futex queue: the oldest `operand` waiters are let go
        choose,   ///< queue of a condition: any one waiter is let go
    };
    Kind kind = Kind::none;
    bool is_weak = false;  ///< compare: may also fail if it reads `expected`
    OperationKind operation = OperationKind::exchange;
    std::uint8_t size = 0;
    MemoryOrder order = std::memory_order_relaxed;  ///< if it writes
    MemoryOrder otherwise = std::memory_order_relaxed;
    std::uint64_t operand = 0;
    std::uint64_t expected = 0;

    bool operator==(const Modification&) const = default;

    /// In how many ways it can go on after it has read `before`.
    unsigned options(std::uint64_t before) const {
        if (kind == Kind::choose && waiters_in(before) != 0) return waiters_in(before);
        return is_weak && before == expected ? 2 : 1;
    }

    /// Returns: what is written after `before` was read, in one of those ways; nothing if it stays a read.
    std::optional<std::uint64_t> after(std::uint64_t before, unsigned chosen = 0) const {
        const auto thread = static_cast<unsigned>(operand);
        switch (kind) {
            case Kind::none:
            case Kind::look:
                return std::nullopt;
            case Kind::modify:
                return modified(operation, size, operand, before);
            case Kind::compare:
            case Kind::await:
                return before == expected && chosen == 0 ? std::optional(operand) : std::nullopt;
            case Kind::enqueue:
            case Kind::enlist:
                return with_waiter(before, thread);
            case Kind::dequeue:
                return has_waiter(before, thread) ? std::optional(without_waiter(before, thread)) : std::nullopt;
            case Kind::wake:
                for (std::uint64_t n = 0; n != operand && waiters_in(before) != 0; ++n) before = without_oldest(before);
                return before;
            case Kind::choose:
                return waiters_in(before) == 0 ? before : without_waiter(before, waiter_at(before, chosen));
        }
        return std::nullopt;
    }

    /// What a thread does to the queue of a word when it begins to wait there.
    static Modification to_wait(unsigned thread) { return {.kind = Kind::enqueue, .operand = thread}; }

    /// Whether it can follow a read of `before` at all.
    bool allows(std::uint64_t before) const { return kind != Kind::await || before == expected; }
};

}  // namespace heddle::checker::exhaustive
