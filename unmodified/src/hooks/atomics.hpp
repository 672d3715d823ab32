// Atomics that the hooks of other functions are made of.
#pragma once

#include <cstdint>

namespace heddle::unmodified {

/// What the running thread does with memory that is an atomic to all. Requires: the program's code runs, and the hook has
/// noted the frames of its caller.
std::uint64_t add_relaxed(volatile std::uint64_t* memory, std::uint64_t value, std::uintptr_t caller);
void store_relaxed(volatile std::uint64_t* memory, std::uint64_t value, std::uintptr_t caller);

/// A fence of the running thread. `order`: as compilers pass it.
void fence(int order, std::uintptr_t caller);

}  // namespace heddle::unmodified
