// What compilers call for atomics that their hooks have no form for: libatomic, which has no hooks either.
#include <cstddef>
#include <cstdint>

#include <fmt/format.h>

#include "front_end.hpp"
#include "real.hpp"

using namespace heddle::unmodified;  // NOLINT: what follows are the library's names

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

}  // namespace

// Compilers know these names as their own, and let nobody define them.
#define HEDDLE_LIBRARY_ATOMIC(result, name, bytes, parameters, arguments) \
    HEDDLE_HOOK result heddle##name parameters noexcept __asm__(#name);   \
    result heddle##name parameters noexcept {                             \
        refuse_in_program(bytes, HEDDLE_CALLER);                          \
        static const auto real = real_function<result parameters>(#name); \
        return real arguments;                                            \
    }

HEDDLE_LIBRARY_ATOMIC(void, __atomic_load, size, (std::size_t size, void* from, void* to, int order),
                      (size, from, to, order))
HEDDLE_LIBRARY_ATOMIC(void, __atomic_store, size, (std::size_t size, void* to, void* from, int order),
                      (size, to, from, order))
HEDDLE_LIBRARY_ATOMIC(void, __atomic_exchange, size,
                      (std::size_t size, void* object, void* desired, void* found, int order),
                      (size, object, desired, found, order))
HEDDLE_LIBRARY_ATOMIC(bool, __atomic_compare_exchange, size,
                      (std::size_t size, void* object, void* expected, void* desired, int success, int failure),
                      (size, object, expected, desired, success, failure))
HEDDLE_LIBRARY_ATOMIC(Wide, __atomic_load_16, sizeof(Wide), (const void* from, int order), (from, order))
HEDDLE_LIBRARY_ATOMIC(void, __atomic_store_16, sizeof(Wide), (void* to, Wide value, int order), (to, value, order))
HEDDLE_LIBRARY_ATOMIC(Wide, __atomic_exchange_16, sizeof(Wide), (void* object, Wide value, int order),
                      (object, value, order))
HEDDLE_LIBRARY_ATOMIC(bool, __atomic_compare_exchange_16, sizeof(Wide),
                      (void* object, void* expected, Wide desired, int success, int failure),
                      (object, expected, desired, success, failure))
HEDDLE_LIBRARY_ATOMIC(Wide, __atomic_fetch_add_16, sizeof(Wide), (void* object, Wide value, int order),
                      (object, value, order))
HEDDLE_LIBRARY_ATOMIC(Wide, __atomic_fetch_sub_16, sizeof(Wide), (void* object, Wide value, int order),
                      (object, value, order))
HEDDLE_LIBRARY_ATOMIC(Wide, __atomic_fetch_and_16, sizeof(Wide), (void* object, Wide value, int order),
                      (object, value, order))
HEDDLE_LIBRARY_ATOMIC(Wide, __atomic_fetch_or_16, sizeof(Wide), (void* object, Wide value, int order),
                      (object, value, order))
HEDDLE_LIBRARY_ATOMIC(Wide, __atomic_fetch_xor_16, sizeof(Wide), (void* object, Wide value, int order),
                      (object, value, order))
HEDDLE_LIBRARY_ATOMIC(Wide, __atomic_fetch_nand_16, sizeof(Wide), (void* object, Wide value, int order),
                      (object, value, order))
