// The thread-local storage that other threads of this process lend to fibers: how the OS thread that runs those finds it.
#pragma once

#include <cstddef>
#include <cstdint>

namespace heddle::engine {

/// Of the one OS thread of a process that runs programs which bring their own memory along. On x86-64 a thread finds its
/// storage by the base of a segment. Where the kernel does not know that programs may change it, it puts back what it
/// believes whenever the thread gets a processor again: there it is made to believe in memory that nobody may touch, so that
/// the next access is a SIGSEGV, whose handler makes up for it. That happens in virtual machines whose processor can do
/// what their kernel was not told of.
/// Source: Linux, Documentation/arch/x86/x86_64/fsgs.rst; save_base_legacy() in arch/x86/kernel/process_64.c.
class LentStorage {
  public:
    /// The calling OS thread may use others' storage from now on. Requires: Watch::begin() was called on it.
    static void begin();
    /// It has its own, for good.
    static void end();

    /// The calling OS thread uses the storage that a thread finds by `pointer`. Requires: begin() was called on it.
    static void use(std::uintptr_t pointer) noexcept {
        used_ = pointer;
#if defined(__x86_64__)
        if (way_ == Way::system_call) ask_kernel(pointer);
        else __asm__ volatile("wrfsbase %0" : : "r"(pointer) : "memory");
#endif
    }

    /// A handler of SIGSEGV asks, before it touches thread-local storage. Returns: whether the kernel had put back another
    /// storage, which is made up for: what has failed is to be tried again.
    static bool is_made_up_for(const void* address) noexcept {
        if (reinterpret_cast<std::uintptr_t>(address) - nowhere_ >= nowhere_bytes || nowhere_ == 0) return false;
        use(used_);
        return true;
    }

  private:
    enum class Way : std::uint8_t {
        instruction,  ///< the kernel keeps what it sets
        by_hand,      ///< the same instruction; the kernel does not know of it
        system_call,
    };

    static constexpr std::size_t nowhere_bytes = std::size_t{64}
                                                 << 20;  // more than any thread-local storage, on both sides

    static Way find_way();
    static void ask_kernel(std::uintptr_t pointer) noexcept;

    // Not thread-local, for it is asked where that is.
    inline static constinit Way way_ = Way::instruction;
    inline static constinit std::uintptr_t used_ = 0;
    inline static constinit std::uintptr_t nowhere_ = 0;  // by_hand: the memory that nobody may touch
};

}  // namespace heddle::engine
