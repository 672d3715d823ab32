// What the running thread does with an atomic of the program: each hook for one, whichever compiler calls it, ends here.
// Requires: the hook has noted the frames of its caller (entry.hpp). `caller`: where it was called from. What is done outside
// of the program's code, or before there is another thread, is done to memory alone.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

#include "front_end.hpp"
#include "options.hpp"

namespace heddle::unmodified::atomics {

using engine::OperationKind;

// Few enough for a thread, and enough for whoever reads in a report how the program was set up.
inline constexpr unsigned fewest_events = 64;
// More than any program sets up: a loop that waits for a thread which was never started.
inline constexpr unsigned most_private_accesses = 1U << 16U;

/// Compilers pass the order in the lowest bits, and hints for transactional memory above them. libstdc++'s waiting on
/// atomics needs more than C++ promises of the orders that it names (docs/unmodified.md): there each is seq_cst, but the
/// program's own.
inline std::memory_order order_of(int order, std::uintptr_t caller) {
    constexpr int order_bits = 7;
    if (!options.strict_library && front_end->sites.of(caller, self.calls).has_order_of_library)
        return std::memory_order_seq_cst;
    return static_cast<std::memory_order>(order & order_bits);
}

/// What was done before a notification happens before it, and who waits is woken by what he has not seen: C++20 says so
/// ([atomics.wait]). libstdc++ looks for who waits without a fence, which is enough on the hardware that it is for.
inline void order_notification(std::uintptr_t caller) {
    if (options.strict_library || !front_end->sites.of(caller, self.calls).notifies) return;
    front_end->look({.kind = OperationKind::fence, .order = std::memory_order_seq_cst}, caller);
}

/// Whether it is one of libstdc++'s to the number of those who wait, by which a notification of nobody is spared a system call.
/// It would find nobody in the kernel's queue either. So these are no steps: each order of them would be an execution.
inline bool counts_waiters(std::uintptr_t caller) {
    return !options.strict_library && front_end->sites.of(caller, self.calls).counts_waiters;
}

/// Whether the access needs no event: it is none of the program's, or all that other threads do comes before or after it.
/// `may_wait`: a loop of such accesses may be one that waits for another thread.
template <bool writes, bool may_wait = true>
bool is_private(const volatile void* memory, std::size_t size, std::uintptr_t caller) {
    if (!self.in_program) return true;
    if (front_end->wake_ups.is_trial()) {
        front_end->wake_ups.before_access(reinterpret_cast<std::uintptr_t>(memory), size, writes);
        return true;
    }
    if (!front_end->threads.is_alone() || front_end->witness().events() < fewest_events) return false;
    const OutsideProgram outside;
    front_end->accesses.check<writes>(reinterpret_cast<std::uintptr_t>(memory), size, true, caller);
    if (may_wait && ++self.private_accesses == most_private_accesses) front_end->threads.end_alone();
    return true;
}

template <class T>
T load(const volatile T* memory, int order, std::uintptr_t caller) {
    if (is_private<false>(memory, sizeof(T), caller)) return __atomic_load_n(memory, __ATOMIC_SEQ_CST);
    const OutsideProgram outside;
    const auto address = reinterpret_cast<std::uintptr_t>(memory);
    if (const auto known = front_end->loops.look_again(address, heddle_entered, caller)) return static_cast<T>(*known);
    order_notification(caller);
    if (counts_waiters(caller)) return 1;
    engine::Operation operation{.kind = OperationKind::load, .order = order_of(order, caller)};
    operation.object = front_end->atomic_at(operation, address, sizeof(T), caller);
    const auto result = front_end->look(operation, caller, true);
    front_end->loops.looked(address, caller, result.value);
    return static_cast<T>(result.value);
}

template <class T>
void store(volatile T* memory, T value, int order, std::uintptr_t caller) {
    if (is_private<true>(memory, sizeof(T), caller)) {
        __atomic_store_n(memory, value, __ATOMIC_SEQ_CST);
        return;
    }
    const OutsideProgram outside;
    const auto address = reinterpret_cast<std::uintptr_t>(memory);
    engine::Operation operation{.kind = OperationKind::store, .order = order_of(order, caller), .value = value};
    operation.object = front_end->atomic_at(operation, address, sizeof(T), caller);
    if (front_end->loops.may_store_in_vain()) {
        const unsigned events = front_end->witness().events();
        front_end->look(operation, caller, true);
        const bool is_answered = front_end->witness().events() == events;  // in a turn that is put in
        if (is_answered || front_end->witness().has_written_again()) front_end->loops.stored_again();
        else front_end->loops.after_step();
    } else {
        front_end->perform(operation, caller, true);
    }
    front_end->write_through(address, *operation.object);
}

/// A read-modify-write. `looks`: whether it does no more than look, if it finds a value. Requires: OutsideProgram.
template <class T, class Looks>
engine::OperationResult modify(engine::Operation operation, volatile T* memory, const Looks& looks,
                               std::uintptr_t caller) {
    const auto address = reinterpret_cast<std::uintptr_t>(memory);
    if (const auto known = front_end->loops.look_again(address, heddle_entered, caller)) {
        if (looks(static_cast<T>(*known))) return {.value = *known, .success = false};
        front_end->loops.before_step();
    }
    operation.object = front_end->atomic_at(operation, address, sizeof(T), caller);
    const auto result = front_end->look(operation, caller, true);
    if (looks(static_cast<T>(result.value))) front_end->loops.looked(address, caller, result.value);
    else front_end->loops.after_step();
    front_end->write_through(address, *operation.object);
    return result;
}

/// One that always writes. Requires: the memory is not private. Returns: what was there before.
template <class T>
T update(OperationKind kind, volatile T* memory, T value, int order, std::uintptr_t caller) {
    const OutsideProgram outside;
    if (counts_waiters(caller)) return 0;
    const auto writes_back = [&](T found) {
        switch (kind) {
            case OperationKind::exchange:
                return found == value;
            case OperationKind::fetch_and:
                return (found & value) == found;
            case OperationKind::fetch_or:
                return (found | value) == found;
            default:
                return value == 0;
        }
    };
    return static_cast<T>(
        modify({.kind = kind, .order = order_of(order, caller), .value = value}, memory, writes_back, caller).value);
}

/// While in scope, what a step gives is to be written to plain memory there: a part of what the thread is.
class Argument {
  public:
    explicit Argument(const void* memory) { self.argument = memory; }
    Argument(const Argument&) = delete;
    Argument& operator=(const Argument&) = delete;
    ~Argument() { self.argument = nullptr; }
};

/// What a compare-exchange reads and, where it fails, writes beside the atomic: plain memory of the program.
template <class T>
class Expected {
  public:
    Expected(T* memory, std::uintptr_t caller) : memory_(memory), caller_(caller), argument_(memory) {
        access<false>();
    }

    T value() const { return *memory_; }
    void was(T found) const {
        access<true>();
        *memory_ = found;
    }

  private:
    template <bool writes>
    void access() const {
        if (!self.in_program) return;
        front_end->accesses.check<writes>(reinterpret_cast<std::uintptr_t>(memory_), sizeof(T), true, caller_);
    }

    T* memory_;
    std::uintptr_t caller_;
    Argument argument_;
};

/// Returns: what was found in the atomic; `wanted`, if that has been exchanged.
template <class T>
T compare_exchange(OperationKind kind, volatile T* memory, T wanted, T value, int order, int failure, bool& exchanged,
                   std::uintptr_t caller) {
    // A weak one may fail, even if nobody else is there.
    if (kind == OperationKind::compare_exchange_weak && self.in_program) front_end->threads.end_alone();
    if (is_private<true>(memory, sizeof(T), caller)) {
        exchanged = __atomic_compare_exchange_n(memory, &wanted, value, false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
        return wanted;
    }
    const OutsideProgram outside;
    const auto result = modify(
        {.kind = kind,
         .order = order_of(order, caller),
         .failure_order = order_of(failure, caller),
         .value = value,
         .expected = wanted},
        memory, [wanted](T found) { return found != wanted; }, caller);
    exchanged = result.success;
    return exchanged ? wanted : static_cast<T>(result.value);
}

template <class T>
bool compare_exchange(OperationKind kind, volatile T* memory, const Expected<T>& expected, T value, int order,
                      int failure, std::uintptr_t caller) {
    bool exchanged = false;
    const T found = compare_exchange(kind, memory, expected.value(), value, order, failure, exchanged, caller);
    if (!exchanged) expected.was(found);
    return exchanged;
}

}  // namespace heddle::unmodified::atomics
