// What POSIX has besides mutexes and conditions, made of one of each: its state is in its own memory, and whoever is in the
// monitor may use it. Where a program tries to take such a thing and does not wait, a number beside the mutex tells what it
// would find: a try that fails is a look at that number, so that a loop of such tries is known to wait.
#pragma once

#include <chrono>
#include <cstdint>
#include <utility>

#include "front_end.hpp"

namespace heddle::unmodified {

class Monitor {
  public:
    /// Enters the monitor of what is at `memory`, of at least 16 bytes. Errors: fails the execution if that is in use for
    /// another purpose.
    Monitor(const void* memory, std::uintptr_t caller)
        : Monitor(reinterpret_cast<std::uintptr_t>(memory), caller, false) {
        lock();
    }
    /// The same of what is at no memory of the program, but in the kernel.
    struct InKernel {
        const void* known_by;
    };
    Monitor(InKernel kernels, std::uintptr_t caller)
        : Monitor(reinterpret_cast<std::uintptr_t>(kernels.known_by), caller, true) {
        lock();
    }
    Monitor(const Monitor&) = delete;
    Monitor& operator=(const Monitor&) = delete;
    ~Monitor() {
        if (is_inside_) step({.kind = engine::OperationKind::unlock, .object = mutex()});
    }

    /// Waits outside of it until `holds` is true, or the deadline comes. Returns: whether it is true.
    template <class Condition>
    bool wait_for(const Condition& holds, std::chrono::nanoseconds deadline = engine::no_deadline) {
        front_end->timed_waits.begin(deadline, caller_);
        while (!holds()) {
            step({.kind = engine::OperationKind::enlist, .object = condition()});
            step({.kind = engine::OperationKind::unlock, .object = mutex()});
            const auto slept =
                step({.kind = engine::OperationKind::sleep, .object = condition(), .deadline = deadline});
            const bool timed_out = static_cast<engine::WaitOutcome>(slept.value) == engine::WaitOutcome::timed_out;
            if (timed_out) front_end->timed_waits.timed_out(caller_);
            lock();
            if (!timed_out) continue;
            front_end->timed_waits.go_on(caller_);
            return holds();
        }
        return true;
    }

    /// What whoever only looks is to find: `before` until now, `after` from now on. Requires: it is the same number wherever
    /// a try would find the same.
    void tell(std::uint32_t before, std::uint32_t after) {
        if (!front_end->monitors_are_looked_at || before == after) return;
        const OutsideProgram outside;
        step({.kind = engine::OperationKind::store,
              .object = number(before),
              .order = std::memory_order_seq_cst,
              .value = after});
    }
    /// What was told last, of what is at `memory`; `first`, if nothing was. Does not enter the monitor.
    static std::uint32_t look(const void* memory, std::uint32_t first, const Frames& frames, std::uintptr_t caller) {
        return Monitor(reinterpret_cast<std::uintptr_t>(memory), caller, false).look(first, frames);
    }
    static std::uint32_t look(InKernel kernels, std::uint32_t first, const Frames& frames, std::uintptr_t caller) {
        return Monitor(reinterpret_cast<std::uintptr_t>(kernels.known_by), caller, true).look(first, frames);
    }

    /// Lets all who wait look again.
    void notify_all() {
        step({.kind = engine::OperationKind::notify, .object = condition(), .value = engine::every_waiter});
    }

  private:
    Monitor(std::uintptr_t memory, std::uintptr_t caller, bool is_in_kernel)
        : memory_(memory), caller_(caller), is_in_kernel_(is_in_kernel) {}

    void lock() {
        step({.kind = engine::OperationKind::lock, .object = mutex()});
        is_inside_ = true;
    }
    std::uint32_t look(std::uint32_t first, const Frames& frames) const {
        const OutsideProgram outside;
        if (!std::exchange(front_end->monitors_are_looked_at, true)) front_end->run().restart();
        const std::uintptr_t address = memory_ + of_number;
        if (const auto known = front_end->loops.look_again(address, frames, caller_))
            return static_cast<std::uint32_t>(*known);
        const auto result = front_end->look(
            {.kind = engine::OperationKind::load, .object = number(first), .order = std::memory_order_seq_cst},
            caller_);
        front_end->loops.looked(address, caller_, result.value);
        return static_cast<std::uint32_t>(result.value);
    }
    engine::OperationResult step(const engine::Operation& operation) { return front_end->perform(operation, caller_); }

    engine::Object* mutex() const {
        if (is_in_kernel_) return front_end->objects.at(memory_, engine::ObjectKind::mutex, 4, 0, caller_);
        return front_end->lockable_at(reinterpret_cast<const void*>(memory_), engine::ObjectKind::mutex, caller_);
    }
    engine::Object* number(std::uint32_t first) const {
        constexpr auto kind = engine::ObjectKind::atomic;
        if (is_in_kernel_) return front_end->objects.at(memory_ + of_number, kind, 4, first, caller_);
        return front_end->lockable_at(reinterpret_cast<const void*>(memory_ + of_number), kind, caller_, first);
    }
    engine::Object* condition() const {
        constexpr std::uintptr_t beside = 8;
        return front_end->objects.at(memory_ + beside, engine::ObjectKind::condition, 1, 0, caller_);
    }

    static constexpr std::uintptr_t of_number = 4;

    std::uintptr_t memory_;
    std::uintptr_t caller_;
    bool is_in_kernel_;
    bool is_inside_ = false;
};

/// The memory of such a thing gets its first value.
template <class T>
void assign(T* memory, std::uintptr_t caller) {
    front_end->accesses.check<true>(reinterpret_cast<std::uintptr_t>(memory), sizeof *memory, false, caller);
}

/// Such a thing is destroyed. Nobody may still use it.
template <class T>
void end(T* memory, std::uintptr_t caller) {
    front_end->accesses.check_end(reinterpret_cast<std::uintptr_t>(memory), sizeof *memory, caller);
    assign(memory, caller);
}

}  // namespace heddle::unmodified
