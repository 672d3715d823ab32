// Stacks for fibers, each with room below it that nobody may touch.
#pragma once

#include <sys/mman.h>

#include <cstddef>
#include <cstdint>
#include <new>
#include <utility>

#include "region.hpp"

namespace heddle::engine {

/// The stacks of the fibers that one OS thread runs. Requires: made, used and destroyed by that thread.
class Stacks {
  public:
    static constexpr unsigned most_stacks = 17;  // as many as a program has threads, and one
    static constexpr std::size_t stack_bytes = std::size_t{1} << 20;
    /// Below each stack: larger than a frame that would jump over it.
    static constexpr std::size_t guard_bytes = std::size_t{15} << 20;

    explicit Stacks(std::uintptr_t place) : region_(place, most_stacks * stride), next_(std::exchange(all_, this)) {}
    Stacks(const Stacks&) = delete;
    Stacks& operator=(const Stacks&) = delete;
    ~Stacks() {
        Stacks** link = &all_;
        while (*link != this) link = &(*link)->next_;
        *link = next_;
    }

    /// Requires: number < most_stacks. Returns: where the stack begins, its highest address. Errors: throws std::bad_alloc.
    std::byte* top(unsigned number) {
        std::byte* const begin = region_.begin();
        if (begin == nullptr) throw std::bad_alloc();
        if (!guarded_) guard(begin);
        return begin + (number + 1) * stride;
    }

    /// Whether a fiber of the calling OS thread that touches this address has left its stack. May be called by a handler
    /// of signals.
    static bool is_guard(const void* address) noexcept {
        for (const Stacks* stacks = all_; stacks != nullptr; stacks = stacks->next_)
            if (stacks->guarded_ && stacks->has_guard_at(address)) return true;
        return false;
    }

  private:
    static constexpr std::size_t stride = guard_bytes + stack_bytes;

    void guard(std::byte* begin) {
        for (unsigned number = 0; number != most_stacks; ++number)
            mprotect(begin + number * stride, guard_bytes, PROT_NONE);
        guarded_ = true;
    }
    bool has_guard_at(const void* address) const {
        const std::size_t offset = region_.offset_of(address);
        return offset < region_.size() && offset % stride < guard_bytes;
    }

    Region region_;
    bool guarded_ = false;
    Stacks* next_;
    inline static constinit thread_local Stacks* all_ = nullptr;
};

}  // namespace heddle::engine
