// Follows the memory that a model allocates, so that leaks, double frees and late uses are seen.
#pragma once

#include <cstddef>
#include <cstdint>

namespace heddle::checker {

/// The allocations of one execution. What the model frees is kept aside until the execution ends, so that no
/// address is handed out twice and a late use meets an object that is known to be dead.
class MemoryTracker {
  public:
    MemoryTracker() = default;
    MemoryTracker(const MemoryTracker&) = delete;
    MemoryTracker& operator=(const MemoryTracker&) = delete;
    ~MemoryTracker() { reset(); }

    /// How many blocks the execution has allocated and not freed.
    std::uint64_t live_blocks() const noexcept { return live_blocks_; }
    /// Gives all memory back to the system.
    void reset() noexcept;

    struct Block;
    void* allocate(std::size_t size) noexcept;
    void release(Block* block) noexcept;

  private:
    Block* blocks_ = nullptr;
    std::uint64_t live_blocks_ = 0;
};

/// While in scope, operator new of this OS thread allocates for `tracker`; null: for nobody.
class AllocateFor {
  public:
    explicit AllocateFor(MemoryTracker* tracker) noexcept;
    AllocateFor(const AllocateFor&) = delete;
    AllocateFor& operator=(const AllocateFor&) = delete;
    ~AllocateFor();

  private:
    MemoryTracker* before_;
};

}  // namespace heddle::checker
