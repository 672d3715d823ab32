// What the program allocates before it explores, in its static initialisers and its main: part of its memory, so that an
// execution may use and free it and the next one finds it again.
#pragma once

#include <cstddef>
#include <cstdint>

#include "modules.hpp"

namespace heddle::unmodified {

class EarlyHeap {
  public:
    /// Returns: null if there is no room left. Requires: `alignment` is a power of two.
    void* allocate(std::size_t size, std::size_t alignment);

    bool owns(const void* memory) const {
        return begin_ != nullptr &&
               static_cast<std::size_t>(static_cast<const std::byte*>(memory) - begin_) < most_bytes;
    }
    /// Requires: owns(memory), and it is where a block begins.
    static std::size_t size_of(const void* memory) { return static_cast<const std::size_t*>(memory)[-1]; }

    /// All that was allocated so far.
    Range used() const;

  private:
    static constexpr std::size_t most_bytes = std::size_t{1} << 26;  // far more than a test has before its threads

    std::byte* begin_ = nullptr;
    std::size_t used_ = 0;
};

}  // namespace heddle::unmodified
