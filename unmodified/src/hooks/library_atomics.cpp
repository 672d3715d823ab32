// What compilers call for atomics that their hooks have no form for, or of which they do not see that there is one: libatomic,
// which has no hooks either.
#include <cstddef>
#include <cstdint>
#include <cstring>

#include <fmt/format.h>

#include "front_end.hpp"
#include "real.hpp"
#include "hooks/atomic_operations.hpp"
#include "hooks/entry.hpp"
#include "hooks/on_behalf.hpp"

using namespace heddle::unmodified;  // NOLINT: what follows are the library's names
using heddle::engine::OperationKind;

namespace {

/// An engine has no operation for it. What is no program's, goes on in the library.
void refuse_in_program(std::size_t bytes, std::uintptr_t caller) {
    if (!self.in_program) return;
    front_end->fail(heddle::engine::FailureKind::too_big, caller,
                    fmt::format("an atomic of {} bytes is not followed", bytes));
}

/// Sixteen bytes, as they are passed and returned.
struct Wide {
    std::uint64_t low;
    std::uint64_t high;
};

/// Performs by `perform`, which is called with a value of the type that is as wide, what an operation of the processor does.
/// Clang calls the library for classes in std::atomic: it does not see how they are aligned. Returns: false where there is no
/// such operation.
template <class Perform>
bool perform_as_word(std::size_t size, const void* memory, const Perform& perform) {
    if (size == 0 || reinterpret_cast<std::uintptr_t>(memory) % size != 0) return false;
    switch (size) {
        case sizeof(std::uint8_t):
            perform(std::uint8_t{});
            return true;
        case sizeof(std::uint16_t):
            perform(std::uint16_t{});
            return true;
        case sizeof(std::uint32_t):
            perform(std::uint32_t{});
            return true;
        case sizeof(std::uint64_t):
            perform(std::uint64_t{});
            return true;
        default:
            return false;
    }
}

/// What the caller has in plain memory, which need not be aligned.
template <class T>
T taken(const void* from, std::uintptr_t caller) {
    OnBehalf(caller).reads(from, sizeof(T));
    T value{};
    std::memcpy(&value, from, sizeof(T));
    return value;
}

template <class T>
void put(void* to, T value, std::uintptr_t caller) {
    OnBehalf(caller).writes(to, sizeof(T));
    std::memcpy(to, &value, sizeof(T));
}

bool compare_exchange(OperationKind kind, std::size_t size, void* object, void* expected, const void* desired,
                      int success, int failure, std::uintptr_t caller) {
    bool exchanged = false;
    const bool is_done = perform_as_word(size, object, [=, &exchanged]<class T>(T) {
        const T wanted = taken<T>(expected, caller);
        const T value = taken<T>(desired, caller);
        const atomics::Argument argument(expected);
        const T found = atomics::compare_exchange(kind, static_cast<T*>(object), wanted, value, success, failure,
                                                  exchanged, caller);
        if (!exchanged) put(expected, found, caller);
    });
    if (is_done) return exchanged;
    refuse_in_program(size, caller);
    static const auto real =
        real_function<bool(std::size_t, void*, void*, const void*, int, int)>("__atomic_compare_exchange");
    return real(size, object, expected, desired, success, failure);
}

}  // namespace

// Compilers know these names as their own, and let nobody define them.
#define HEDDLE_WIDE_ATOMIC(result, name, parameters, arguments)           \
    HEDDLE_HOOK result heddle##name parameters noexcept __asm__(#name);   \
    result heddle##name parameters noexcept {                             \
        refuse_in_program(sizeof(Wide), HEDDLE_CALLER);                   \
        static const auto real = real_function<result parameters>(#name); \
        return real arguments;                                            \
    }

HEDDLE_WIDE_ATOMIC(Wide, __atomic_load_16, (const void* from, int order), (from, order))
HEDDLE_WIDE_ATOMIC(void, __atomic_store_16, (void* to, Wide value, int order), (to, value, order))
HEDDLE_WIDE_ATOMIC(Wide, __atomic_exchange_16, (void* object, Wide value, int order), (object, value, order))
HEDDLE_WIDE_ATOMIC(bool, __atomic_compare_exchange_16,
                   (void* object, void* expected, Wide desired, int success, int failure),
                   (object, expected, desired, success, failure))
HEDDLE_WIDE_ATOMIC(Wide, __atomic_fetch_add_16, (void* object, Wide value, int order), (object, value, order))
HEDDLE_WIDE_ATOMIC(Wide, __atomic_fetch_sub_16, (void* object, Wide value, int order), (object, value, order))
HEDDLE_WIDE_ATOMIC(Wide, __atomic_fetch_and_16, (void* object, Wide value, int order), (object, value, order))
HEDDLE_WIDE_ATOMIC(Wide, __atomic_fetch_or_16, (void* object, Wide value, int order), (object, value, order))
HEDDLE_WIDE_ATOMIC(Wide, __atomic_fetch_xor_16, (void* object, Wide value, int order), (object, value, order))
HEDDLE_WIDE_ATOMIC(Wide, __atomic_fetch_nand_16, (void* object, Wide value, int order), (object, value, order))

HEDDLE_ENTRY(__atomic_load, heddle_atomic_load)
HEDDLE_BODY void heddle_atomic_load(std::size_t size, const void* from, void* to, int order) noexcept {
    const std::uintptr_t caller = HEDDLE_CALLER;
    const bool is_done = perform_as_word(size, from, [=]<class T>(T) {
        const atomics::Argument argument(to);
        put(to, atomics::load(static_cast<const T*>(from), order, caller), caller);
    });
    if (is_done) return;
    refuse_in_program(size, caller);
    static const auto real = real_function<void(std::size_t, const void*, void*, int)>("__atomic_load");
    real(size, from, to, order);
}

HEDDLE_ENTRY(__atomic_store, heddle_atomic_store)
HEDDLE_BODY void heddle_atomic_store(std::size_t size, void* to, const void* from, int order) noexcept {
    const std::uintptr_t caller = HEDDLE_CALLER;
    const bool is_done = perform_as_word(
        size, to, [=]<class T>(T) { atomics::store(static_cast<T*>(to), taken<T>(from, caller), order, caller); });
    if (is_done) return;
    refuse_in_program(size, caller);
    static const auto real = real_function<void(std::size_t, void*, const void*, int)>("__atomic_store");
    real(size, to, from, order);
}

HEDDLE_ENTRY(__atomic_exchange, heddle_atomic_exchange)
HEDDLE_BODY void heddle_atomic_exchange(std::size_t size, void* object, const void* desired, void* found,
                                        int order) noexcept {
    const std::uintptr_t caller = HEDDLE_CALLER;
    const bool is_done = perform_as_word(size, object, [=]<class T>(T) {
        const auto memory = static_cast<T*>(object);
        const T value = taken<T>(desired, caller);
        const atomics::Argument argument(found);
        put(found,
            atomics::is_private<true>(memory, sizeof(T), caller)
                ? __atomic_exchange_n(memory, value, __ATOMIC_SEQ_CST)
                : atomics::update(OperationKind::exchange, memory, value, order, caller),
            caller);
    });
    if (is_done) return;
    refuse_in_program(size, caller);
    static const auto real = real_function<void(std::size_t, void*, const void*, void*, int)>("__atomic_exchange");
    real(size, object, desired, found, order);
}

HEDDLE_ENTRY(__atomic_compare_exchange, heddle_atomic_compare_exchange)
HEDDLE_BODY bool heddle_atomic_compare_exchange(std::size_t size, void* object, void* expected, const void* desired,
                                                int success, int failure) noexcept {
    if (self.in_program) front_end->take_as_strong();
    return compare_exchange(OperationKind::compare_exchange_strong, size, object, expected, desired, success, failure,
                            HEDDLE_CALLER);
}

// Of prelude.hpp.
HEDDLE_ENTRY(heddle_compare_exchange, heddle_compare_exchange_as_told)
HEDDLE_BODY int heddle_compare_exchange_as_told(std::size_t size, void* object, void* expected, const void* desired,
                                                int is_weak, int success, int failure) noexcept {
    return compare_exchange(
        is_weak != 0 ? OperationKind::compare_exchange_weak : OperationKind::compare_exchange_strong, size, object,
        expected, desired, success, failure, HEDDLE_CALLER);
}
