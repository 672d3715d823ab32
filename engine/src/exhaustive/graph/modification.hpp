// What a read may go on to write, given the value it reads: the second half of a read-modify-write.
#pragma once

#include <cstdint>

#include "execution/read_modify_write.hpp"
#include "memory_order.hpp"
#include "queue_value.hpp"

namespace heddle::engine::exhaustive {

/// What a read goes on to write, if it does. Not a std::optional: compilers store one in two pieces and load it in one, and
/// a processor waits long for such a load.
class Written {
  public:
    constexpr Written() = default;
    constexpr explicit Written(std::uint64_t value) : value_(value), exists_(true) {}
    constexpr explicit operator bool() const { return exists_; }
    constexpr std::uint64_t operator*() const { return value_; }

  private:
    std::uint64_t value_ = 0;
    bool exists_ = false;
};

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
    Written after(std::uint64_t before, unsigned chosen = 0) const {
        const auto thread = static_cast<unsigned>(operand);
        switch (kind) {
            case Kind::none:
            case Kind::look:
                return {};
            case Kind::modify:
                return Written(modified(operation, size, operand, before));
            case Kind::compare:
            case Kind::await:
                return before == expected && chosen == 0 ? Written(operand) : Written();
            case Kind::enqueue:
            case Kind::enlist:
                return Written(with_waiter(before, thread));
            case Kind::dequeue:
                return has_waiter(before, thread) ? Written(without_waiter(before, thread)) : Written();
            case Kind::wake:
                for (std::uint64_t n = 0; n != operand && waiters_in(before) != 0; ++n) before = without_oldest(before);
                return Written(before);
            case Kind::choose:
                return Written(waiters_in(before) == 0 ? before : without_waiter(before, waiter_at(before, chosen)));
        }
        return {};
    }

    /// Whether its order is seq_cst, whatever it reads.
    bool is_seq_cst() const {
        return order == std::memory_order_seq_cst && (kind != Kind::compare || otherwise == std::memory_order_seq_cst);
    }

    /// Whether what it reads decides if it is.
    bool may_be_seq_cst() const {
        return kind == Kind::compare &&
               (order == std::memory_order_seq_cst) != (otherwise == std::memory_order_seq_cst);
    }

    /// What a thread does to a mutex that it waits for.
    static constexpr Modification to_lock() {
        return {.kind = Kind::await, .order = std::memory_order_acquire, .operand = 1, .expected = 0};
    }

    /// What a thread does to the queue of a word when it begins to wait there.
    static Modification to_wait(unsigned thread) { return {.kind = Kind::enqueue, .operand = thread}; }

    /// Whether the operand is the thread that takes the step.
    bool is_of_a_waiter() const { return kind == Kind::enqueue || kind == Kind::enlist || kind == Kind::dequeue; }

    /// Whether it can follow a read of `before` at all.
    bool allows(std::uint64_t before) const { return kind != Kind::await || before == expected; }
};

}  // namespace heddle::engine::exhaustive
