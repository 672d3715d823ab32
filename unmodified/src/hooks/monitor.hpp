// What POSIX has besides mutexes and conditions, made of one of each: its state is in its own memory, and whoever is in the
// monitor may use it.
#pragma once

#include <chrono>
#include <cstdint>

#include "front_end.hpp"

namespace heddle::unmodified {

class Monitor {
  public:
    /// Enters the monitor of what is at `memory`, of at least 16 bytes. Errors: fails the execution if that is in use for
    /// another purpose.
    Monitor(const void* memory, std::uintptr_t caller)
        : memory_(reinterpret_cast<std::uintptr_t>(memory)), caller_(caller) {
        lock();
    }
    /// The same of what is at no memory of the program, but in the kernel.
    struct InKernel {
        const void* known_by;
    };
    Monitor(InKernel kernels, std::uintptr_t caller)
        : memory_(reinterpret_cast<std::uintptr_t>(kernels.known_by)), caller_(caller), is_in_kernel_(true) {
        lock();
    }
    Monitor(const Monitor&) = delete;
    Monitor& operator=(const Monitor&) = delete;
    ~Monitor() { step({.kind = engine::OperationKind::unlock, .object = mutex()}); }

    /// Waits outside of it until `holds` is true, or the deadline comes. Returns: whether it is true.
    template <class Condition>
    bool wait_for(const Condition& holds, std::chrono::nanoseconds deadline = engine::no_deadline) {
        while (!holds()) {
            step({.kind = engine::OperationKind::enlist, .object = condition()});
            step({.kind = engine::OperationKind::unlock, .object = mutex()});
            const auto slept =
                step({.kind = engine::OperationKind::sleep, .object = condition(), .deadline = deadline});
            const bool timed_out = static_cast<engine::WaitOutcome>(slept.value) == engine::WaitOutcome::timed_out;
            if (timed_out) front_end->loops.timed_out(caller_);
            lock();
            if (timed_out) return holds();
        }
        return true;
    }

    /// Lets all who wait look again.
    void notify_all() {
        step({.kind = engine::OperationKind::notify, .object = condition(), .value = engine::every_waiter});
    }

  private:
    void lock() { step({.kind = engine::OperationKind::lock, .object = mutex()}); }
    engine::OperationResult step(const engine::Operation& operation) { return front_end->perform(operation, caller_); }

    engine::Object* mutex() const {
        if (is_in_kernel_) return front_end->objects.at(memory_, engine::ObjectKind::mutex, 4, 0, caller_);
        return front_end->lockable_at(reinterpret_cast<const void*>(memory_), engine::ObjectKind::mutex, caller_);
    }
    engine::Object* condition() const {
        constexpr std::uintptr_t beside = 8;
        return front_end->objects.at(memory_ + beside, engine::ObjectKind::condition, 1, 0, caller_);
    }

    std::uintptr_t memory_;
    std::uintptr_t caller_;
    bool is_in_kernel_ = false;
};

/// The memory of such a thing gets its first value, or its last.
template <class T>
void assign(T* memory, std::uintptr_t caller) {
    front_end->accesses.check<true>(reinterpret_cast<std::uintptr_t>(memory), sizeof *memory, false, caller);
}

}  // namespace heddle::unmodified
