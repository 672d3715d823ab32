// Where a thread finds its thread-local storage.
//
// ```cpp
// const std::uintptr_t mine = heddle::engine::own_thread_pointer();
// EXPECT_EQ(heddle::engine::own_thread_pointer(), mine);  // the same as long as nobody sets it
// ```
#pragma once

#include <heddle/engine/requirements.hpp>

#include <cstdint>

namespace heddle::engine {

/// Requires: nothing. Returns: that of the calling OS thread, as it was made; 0 where this is not known. Errors: none.
/// Visibility: none. Source: System V ABI, AMD64 supplement: the first word there points to itself.
inline std::uintptr_t own_thread_pointer() noexcept {
#if defined(__x86_64__)
    std::uintptr_t pointer = 0;
    __asm__("movq %%fs:0, %0" : "=r"(pointer));
    return pointer;
#else
    return 0;
#endif
}

/// Lets the calling OS thread find another one's thread-local storage. Requires: x86-64 whose kernel lets programs set it
/// (HWCAP2_FSGSBASE), which the front end that lends thread pointers sees to. Returns: nothing. Errors: none. Visibility:
/// none. Source: none.
inline void set_thread_pointer([[maybe_unused]] std::uintptr_t pointer) noexcept {
#if defined(__x86_64__)
    __asm__ volatile("wrfsbase %0" : : "r"(pointer) : "memory");
#endif
}

}  // namespace heddle::engine
