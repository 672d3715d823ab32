// The hooks of -fsanitize=thread for atomics.
#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "front_end.hpp"
#include "real.hpp"
#include "hooks/atomic_operations.hpp"
#include "hooks/atomics.hpp"
#include "hooks/entry.hpp"
#include "hooks/standard_counts.hpp"

namespace heddle::unmodified {
namespace {

using engine::OperationKind;

[[noreturn]] void refuse(const char* what, std::uintptr_t caller) {
    if (self.in_program) front_end->fail(engine::FailureKind::too_big, caller, std::string(what) + " is not followed");
    std::abort();  // before the first execution there is no report to put it into
}

}  // namespace

std::uint64_t add_relaxed(volatile std::uint64_t* memory, std::uint64_t value, std::uintptr_t caller) {
    constexpr bool may_wait = false;
    if (atomics::is_private<true, may_wait>(memory, sizeof *memory, caller))
        return __atomic_fetch_add(memory, value, __ATOMIC_SEQ_CST);
    return atomics::update(OperationKind::fetch_add, memory, value, __ATOMIC_RELAXED, caller);
}
void store_relaxed(volatile std::uint64_t* memory, std::uint64_t value, std::uintptr_t caller) {
    atomics::store(memory, value, __ATOMIC_RELAXED, caller);
}

/// After nothing new, it orders nothing new.
void fence(int order, std::uintptr_t caller) {
    if (!self.in_program) {
        __atomic_thread_fence(__ATOMIC_SEQ_CST);
        return;
    }
    const OutsideProgram outside;
    if (front_end->wake_ups.is_trial() || front_end->loops.is_going_round()) return;
    front_end->look({.kind = OperationKind::fence, .order = atomics::order_of(order, caller)}, caller, true);
}

}  // namespace heddle::unmodified

using namespace heddle::unmodified;  // NOLINT: what follows are the compilers' names

#define HEDDLE_UPDATE_HOOK(bits, type, name, builtin)                                                             \
    HEDDLE_ENTRY(__tsan_atomic##bits##_##name, heddle_atomic##bits##_##name)                                      \
    HEDDLE_BODY type heddle_atomic##bits##_##name(volatile type* memory, type value, int order) {                 \
        const type found = atomics::is_private<true>(memory, sizeof(type), HEDDLE_CALLER)                         \
                               ? builtin(memory, value, __ATOMIC_SEQ_CST)                                         \
                               : atomics::update<type>(OperationKind::name, memory, value, order, HEDDLE_CALLER); \
        check_count<type>(OperationKind::name, found, value, HEDDLE_CALLER);                                      \
        return found;                                                                                             \
    }
#define HEDDLE_COMPARE_HOOK(bits, type, name)                                                                  \
    HEDDLE_ENTRY(__tsan_atomic##bits##_##name, heddle_atomic##bits##_##name)                                   \
    HEDDLE_BODY int heddle_atomic##bits##_##name(volatile type* memory, type* expected, type value, int order, \
                                                 int failure) {                                                \
        const atomics::Expected<type> plain(expected, HEDDLE_CALLER);                                          \
        return atomics::compare_exchange<type>(OperationKind::name, memory, plain, value, order, failure,      \
                                               HEDDLE_CALLER);                                                 \
    }
#define HEDDLE_ATOMIC_HOOKS(bits, type)                                                                                \
    HEDDLE_ENTRY(__tsan_atomic##bits##_load, heddle_atomic##bits##_load)                                               \
    HEDDLE_BODY type heddle_atomic##bits##_load(const volatile type* memory, int order) {                              \
        return atomics::load<type>(memory, order, HEDDLE_CALLER);                                                      \
    }                                                                                                                  \
    HEDDLE_HOOK void __tsan_atomic##bits##_store(volatile type* memory, type value, int order) {                       \
        atomics::store<type>(memory, value, order, HEDDLE_CALLER);                                                     \
    }                                                                                                                  \
    HEDDLE_UPDATE_HOOK(bits, type, exchange, __atomic_exchange_n)                                                      \
    HEDDLE_UPDATE_HOOK(bits, type, fetch_add, __atomic_fetch_add)                                                      \
    HEDDLE_UPDATE_HOOK(bits, type, fetch_sub, __atomic_fetch_sub)                                                      \
    HEDDLE_UPDATE_HOOK(bits, type, fetch_and, __atomic_fetch_and)                                                      \
    HEDDLE_UPDATE_HOOK(bits, type, fetch_or, __atomic_fetch_or)                                                        \
    HEDDLE_UPDATE_HOOK(bits, type, fetch_xor, __atomic_fetch_xor)                                                      \
    HEDDLE_COMPARE_HOOK(bits, type, compare_exchange_strong)                                                           \
    HEDDLE_COMPARE_HOOK(bits, type, compare_exchange_weak)                                                             \
    HEDDLE_ENTRY(__tsan_atomic##bits##_compare_exchange_val, heddle_atomic##bits##_compare_exchange_val)               \
    HEDDLE_BODY type heddle_atomic##bits##_compare_exchange_val(volatile type* memory, type expected, type value,      \
                                                                int order, int failure) {                              \
        if (self.in_program) front_end->take_as_strong(); /* Clang has no other hook */                                \
        bool exchanged = false;                                                                                        \
        return atomics::compare_exchange<type>(OperationKind::compare_exchange_strong, memory, expected, value, order, \
                                               failure, exchanged, HEDDLE_CALLER);                                     \
    }

HEDDLE_ATOMIC_HOOKS(8, std::uint8_t)
HEDDLE_ATOMIC_HOOKS(16, std::uint16_t)
HEDDLE_ATOMIC_HOOKS(32, std::uint32_t)
HEDDLE_ATOMIC_HOOKS(64, std::uint64_t)

HEDDLE_HOOK void __tsan_atomic_thread_fence(int order) { fence(order, HEDDLE_CALLER); }
// What prelude.hpp makes of the processor's own fences.
HEDDLE_HOOK void heddle_mfence() { fence(__ATOMIC_SEQ_CST, HEDDLE_CALLER); }
HEDDLE_HOOK void heddle_sfence() { fence(__ATOMIC_RELEASE, HEDDLE_CALLER); }
HEDDLE_HOOK void heddle_lfence() { fence(__ATOMIC_ACQUIRE, HEDDLE_CALLER); }
/// Between a thread and its own signal handlers, of which there are none.
HEDDLE_HOOK void __tsan_atomic_signal_fence(int) {}

// The engine has no such operation, and no class of the standard library has it.
#define HEDDLE_NAND_HOOK(bits) \
    HEDDLE_HOOK void __tsan_atomic##bits##_fetch_nand() { refuse("fetch_nand", HEDDLE_CALLER); }
HEDDLE_NAND_HOOK(8)
HEDDLE_NAND_HOOK(16)
HEDDLE_NAND_HOOK(32)
HEDDLE_NAND_HOOK(64)

// Of 16 bytes, there is nothing that an engine could be asked. Their arguments and results are never looked at.
#define HEDDLE_WIDE_HOOK(name) \
    HEDDLE_HOOK void __tsan_atomic128_##name() { refuse("an atomic of 16 bytes", HEDDLE_CALLER); }
HEDDLE_WIDE_HOOK(load)
HEDDLE_WIDE_HOOK(store)
HEDDLE_WIDE_HOOK(exchange)
HEDDLE_WIDE_HOOK(fetch_add)
HEDDLE_WIDE_HOOK(fetch_sub)
HEDDLE_WIDE_HOOK(fetch_and)
HEDDLE_WIDE_HOOK(fetch_or)
HEDDLE_WIDE_HOOK(fetch_xor)
HEDDLE_WIDE_HOOK(fetch_nand)
HEDDLE_WIDE_HOOK(compare_exchange_strong)
HEDDLE_WIDE_HOOK(compare_exchange_weak)
HEDDLE_WIDE_HOOK(compare_exchange_val)
