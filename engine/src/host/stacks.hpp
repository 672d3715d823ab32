// Stacks for fibers, each with room below it that nobody may touch.
#pragma once

#include <sys/mman.h>

#include <cstddef>
#include <cstdint>
#include <new>
#include <optional>

#include "region.hpp"

namespace heddle::engine {

/// The stacks of the fibers that one OS thread runs.
class Stacks {
  public:
    static constexpr unsigned most_stacks = 17;  // as many as a program has threads, and one
    static constexpr std::size_t stack_bytes = std::size_t{1} << 20;
    /// Below each stack: larger than a frame that would jump over it.
    static constexpr std::size_t guard_bytes = std::size_t{15} << 20;

    /// `place`: one of those that is_guard() knows.
    explicit Stacks(std::uintptr_t place) : region_(place, bytes) {}

    /// Requires: number < most_stacks. Returns: where the stack begins, its highest address. Errors: throws std::bad_alloc.
    std::byte* top(unsigned number) {
        std::byte* const begin = region_.begin();
        if (begin == nullptr) throw std::bad_alloc();
        if (!guarded_) guard(begin);
        return begin + (number + 1) * stride;
    }

    /// Whether a fiber that touches this address has left its stack. Needs no state of its thread: a handler of signals may
    /// ask, wherever the fiber has its thread-local storage from.
    static bool is_guard(const void* address) noexcept {
        const auto height = height_of(address);
        return height && *height < guard_bytes;
    }

    /// Returns: where the stack begins that holds the address; null if it is on none.
    static const std::byte* top_of(const void* address) noexcept {
        const auto height = height_of(address);
        return height ? static_cast<const std::byte*>(address) + (stride - *height) : nullptr;
    }

  private:
    static constexpr std::size_t stride = guard_bytes + stack_bytes;
    static constexpr std::size_t bytes = most_stacks * stride;

    /// How far above the lower end of a stack's guard; nothing if the address is on no stack, nor on the guard of one.
    static std::optional<std::size_t> height_of(const void* address) noexcept {
        for (const std::uintptr_t place : {places::exhaustive_stacks, places::relacy_stacks}) {
            const std::uintptr_t offset = reinterpret_cast<std::uintptr_t>(address) - place;
            if (offset < Region::most_places * bytes) return offset % stride;
        }
        return std::nullopt;
    }

    void guard(std::byte* begin) {
        for (unsigned number = 0; number != most_stacks; ++number)
            mprotect(begin + number * stride, guard_bytes, PROT_NONE);
        guarded_ = true;
    }

    Region region_;
    bool guarded_ = false;
};

}  // namespace heddle::engine
