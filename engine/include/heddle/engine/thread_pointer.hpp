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
    __asm__ volatile("movq %%fs:0, %0" : "=r"(pointer));  // each time: it may have been set
    return pointer;
#else
    return 0;
#endif
}

}  // namespace heddle::engine
