// Address space at the same place in every process.
#pragma once

#include <sys/mman.h>

#include <cstddef>
#include <cstdint>

namespace heddle::engine {

/// So much address space, where `wanted` says; pages are taken when they are used. The place is the same in every process,
/// so that an address which a program keeps in an atomic, or branches on, is the same value when an execution runs again.
/// Others that ask for the same place, in other OS threads, get the next one that is free.
class Region {
  public:
    Region(std::uintptr_t wanted, std::size_t bytes) : wanted_(wanted), bytes_(bytes) {}
    Region(const Region&) = delete;
    Region& operator=(const Region&) = delete;
    ~Region() {
        if (begin_ != nullptr) munmap(begin_, bytes_);
    }

    /// Returns: its first byte; null if there is no address space left.
    std::byte* begin() {
        if (begin_ == nullptr) reserve();
        return begin_;
    }

    /// Requires: begin() was called. Returns: whether the byte is in it.
    bool holds(const void* byte) const noexcept {
        return static_cast<std::size_t>(static_cast<const std::byte*>(byte) - begin_) < bytes_;
    }

    /// Far more than OS threads that explore at a time.
    static constexpr unsigned most_places = 64;

  private:
    void reserve() {
        for (unsigned place = 0; place != most_places && begin_ == nullptr; ++place)
            begin_ = map(wanted_ + place * bytes_, MAP_FIXED_NOREPLACE);
        if (begin_ == nullptr) begin_ = map(0, 0);
    }
    std::byte* map(std::uintptr_t where, int flags) const {
        // NOLINTNEXTLINE(performance-no-int-to-ptr): the place is a number
        void* const got = mmap(reinterpret_cast<void*>(where), bytes_, PROT_READ | PROT_WRITE,
                               MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | flags, -1, 0);
        return got == MAP_FAILED ? nullptr : static_cast<std::byte*>(got);
    }

    std::uintptr_t wanted_;
    std::size_t bytes_;
    std::byte* begin_ = nullptr;
};

/// Where the regions lie: far from where Linux puts programs, libraries and heaps, and far from each other; the memory and
/// the stacks in the lower 36 bits, too, which are what a shadow of ordinary memory goes by. The engines have regions of
/// their own, so that what one has used does not move what the other one gets.
namespace places {
inline constexpr std::uintptr_t apart = std::uintptr_t{1} << 40;
inline constexpr std::uintptr_t exhaustive_memory = 16 * apart;
inline constexpr std::uintptr_t exhaustive_stacks = 17 * apart + (std::uintptr_t{1} << 34);
inline constexpr std::uintptr_t relacy_memory = 18 * apart;
inline constexpr std::uintptr_t relacy_stacks = 19 * apart;
}  // namespace places

}  // namespace heddle::engine
