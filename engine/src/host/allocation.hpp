// Follows the memory that a program allocates, so that leaks, double frees and late uses are seen.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>

#include "region.hpp"

namespace heddle::engine {

/// The allocations of one execution. What the program frees is kept aside until the execution ends, so that a late use
/// meets an object that is known to be dead; only a Reuse can have it handed out again. Each thread has an arena of its
/// own: whichever way the threads are interleaved, the n-th allocation of a thread has the same address in every
/// execution, and a pointer that an atomic holds is the same value.
class MemoryTracker {
  public:
    /// Decides which freed memory a thread gets again when it allocates as much.
    class Reuse {
      public:
        /// Whether it makes a difference that the `size` bytes from `memory` on, which this thread freed, are used again.
        virtual bool matters(const void* memory, std::size_t size) = 0;
        /// Returns: 0 for memory that was never used, n for the n-th of `candidates`.
        virtual unsigned choose_memory(unsigned candidates) = 0;

      protected:
        ~Reuse() = default;
    };

    static constexpr unsigned most_arenas = 16;
    static constexpr std::size_t arena_bytes = std::size_t{1} << 26;  // far more than a program needs

    /// `place`: where the arenas lie. Asks `reuse`, unless it is null, whenever a thread could get again what it has freed.
    explicit MemoryTracker(std::uintptr_t place, Reuse* reuse = nullptr)
        : region_(place, most_arenas * arena_bytes), reuse_(reuse) {}
    MemoryTracker(const MemoryTracker&) = delete;
    MemoryTracker& operator=(const MemoryTracker&) = delete;

    /// Which arena the next allocations come from.
    void use_arena(unsigned number) noexcept { current_ = number; }

    /// How many blocks the execution has allocated and not freed.
    std::uint64_t live_blocks() const noexcept { return live_blocks_; }
    /// Forgets every allocation. What was allocated must not be used any more.
    void reset() noexcept;

    struct Block;
    /// Null if there cannot be so much. Fails the run if the thread has allocated as much as it may.
    void* allocate(std::size_t size, std::size_t alignment) noexcept;
    void release(Block* block) noexcept;

  private:
    struct Arena {
        std::size_t used = 0;
        Block* freed = nullptr;  ///< by its thread, the latest first
    };
    Block* take_freed(std::size_t size, std::size_t alignment) noexcept;

    Region region_;
    Reuse* reuse_;
    std::array<Arena, most_arenas> arenas_;
    unsigned current_ = 0;
    std::uint64_t live_blocks_ = 0;
};

/// While in scope, operator new of this OS thread allocates for `tracker`; null: for nobody.
class AllocateFor {
  public:
    explicit AllocateFor(MemoryTracker* tracker) noexcept : before_(active_) { active_ = tracker; }
    AllocateFor(const AllocateFor&) = delete;
    AllocateFor& operator=(const AllocateFor&) = delete;
    ~AllocateFor() { active_ = before_; }

    static MemoryTracker* active() noexcept { return active_; }
    /// Returns: the tracker that was active before; `tracker` is from now on.
    static MemoryTracker* exchange(MemoryTracker* tracker) noexcept { return std::exchange(active_, tracker); }

  private:
    inline static constinit thread_local MemoryTracker* active_ = nullptr;
    MemoryTracker* before_;
};

}  // namespace heddle::engine
