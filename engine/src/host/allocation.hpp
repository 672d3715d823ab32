// Follows the memory that a program allocates, so that leaks, double frees and late uses are seen.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

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
        /// What the current thread could compare an address with. Only memory that this points to is used again: elsewhere
        /// it makes no difference.
        virtual std::span<const std::uint64_t> seen() = 0;
        /// Returns: 0 for memory that was never used, n for the n-th of `candidates`.
        virtual unsigned choose_memory(std::size_t candidates) = 0;

      protected:
        ~Reuse() = default;
    };

    /// Keeps what threads free, for whoever allocates as much. Each member may be a step of the program. Addresses are
    /// numbers here: atomics of the execution hold them.
    class Recycler {
      public:
        /// Returns: a block of about that size; 0 if there is none.
        virtual std::uint64_t look(std::size_t size) = 0;
        /// Returns: whether the block has become the caller's.
        virtual bool take(std::size_t size, std::uint64_t block) = 0;
        virtual void put(std::size_t size, std::uint64_t block) = 0;

      protected:
        ~Recycler() = default;
    };

    static constexpr unsigned most_arenas = 16;
    static constexpr std::size_t arena_bytes = std::size_t{1} << 26;  // far more than a program needs

    /// `place`: where the arenas lie. Asks `reuse`, unless it is null, whenever a thread could get again what it has freed.
    explicit MemoryTracker(std::uintptr_t place, Reuse* reuse = nullptr)
        : region_(place, most_arenas * arena_bytes), reuse_(reuse) {}
    MemoryTracker(const MemoryTracker&) = delete;
    MemoryTracker& operator=(const MemoryTracker&) = delete;

    /// From now until reset(), what threads free goes through the recycler, and no Reuse is asked.
    void recycle(Recycler* recycler) noexcept { recycler_ = recycler; }

    /// Which arena the next allocations come from.
    void use_arena(unsigned number) noexcept { current_ = number; }

    /// Where an address is: in the n-th allocation of an arena, from 1; no arena if all threads share one.
    struct Allocation {
        std::optional<unsigned> arena;
        std::size_t number = 0;
        std::size_t offset = 0;
    };
    /// Nothing for an address that no allocation of the execution has.
    std::optional<Allocation> allocation_of(const void* address) const noexcept;

    /// How many blocks the execution has allocated and not freed.
    std::uint64_t live_blocks() const noexcept { return live_blocks_; }
    /// Those, by where they lie.
    std::vector<std::span<const std::byte>> live() const;
    /// Of all that was allocated, and what is in it.
    std::uint64_t digest() const noexcept;
    /// Forgets every allocation. What was allocated must not be used any more.
    void reset() noexcept;

    /// By what a program gets memory, and must give it back.
    enum class Form : std::uint8_t { scalar, array, malloc, adopted };

    /// In front of every allocation of the program. Its size keeps what follows aligned as malloc's result.
    struct alignas(std::max_align_t) Block {
        MemoryTracker* owner;  ///< null: not part of a program
        union {
            std::size_t size;  ///< of a program
            void* begin;       ///< of none: what malloc gave
        };
        std::uint64_t freed_at;  ///< when, relative to others; 0: not yet
        unsigned freed_by;       ///< the arena of the thread that did; 0 if nobody has
        Form form;
        std::uint8_t unused;   ///< how many of its last bytes nobody has asked for
        std::uint16_t intact;  ///< `is_intact`, unless somebody has written in front of the memory
    };
    static constexpr std::uint16_t is_intact = 0x5afe;
    /// Null if there cannot be so much. Fails the run if the thread has allocated as much as it may. What has to be aligned
    /// more than usual is never memory that was freed. Requires: `alignment` is a power of two.
    void* allocate(std::size_t size, Form form, std::size_t alignment = alignof(std::max_align_t)) noexcept;
    /// Fails the run if the block was not got in that form, or is released already.
    void release(Block* block, Form form) noexcept;
    /// Fails the run: the program gives back what it has not got.
    [[noreturn]] static void refuse_to_release() noexcept;
    /// Whether no allocation can have given it: it is on the stack, or a part of the executable.
    static bool is_no_allocation(const void* memory) noexcept;

    /// Whether the memory is in one of the arenas.
    bool owns(const void* memory) const noexcept { return arenas_.front().begin != nullptr && region_.holds(memory); }
    /// Fails the run, too, if no block begins there. Requires: owns(memory).
    void release(void* memory, Form form) noexcept;
    static std::size_t size_of(const void* memory) noexcept;

    /// Gets the address space before the first allocation. Returns: whether there is any.
    bool prepare() noexcept;

  private:
    /// Blocks from its begin on, one after the other; from its end on, where each of them begins. Behind each of them its owner
    /// stands, as the next one's or by itself: who writes beyond the end writes over that.
    struct Arena {
        std::byte* begin = nullptr;  ///< null: nobody has asked for it
        std::size_t used = 0;
        std::size_t blocks = 0;
        std::uint64_t freed_sizes = 0;  ///< by its thread: one bit each, which sizes may share

        Block* add(std::size_t size, std::size_t alignment, MemoryTracker* owner) noexcept;
        std::size_t number_at(std::uintptr_t address) const noexcept;
        /// The n-th, from 1.
        Block* block(std::size_t number) const noexcept;

      private:
        using Offset = std::uint32_t;
        Offset* starts() const noexcept { return reinterpret_cast<Offset*>(begin + arena_bytes); }
    };
    /// Gives a block away that is new, or was freed.
    void hand_out(Block& block, Form form, std::size_t asked) const noexcept;
    void refuse_if_overwritten(const Block& block) const noexcept;
    static void refuse_what_is_overwritten() noexcept;
    Block* take_freed(std::size_t size) noexcept;
    Block* take_recycled(std::size_t size) noexcept;
    void find_candidates(std::size_t size);

    Region region_;
    Reuse* reuse_;
    Recycler* recycler_ = nullptr;
    std::array<Arena, most_arenas> arenas_;
    unsigned arenas_used_ = 0;  // the first so many
    unsigned current_ = 0;
    std::uint64_t live_blocks_ = 0;
    std::uint64_t frees_ = 0;
    std::vector<Block*> candidates_;  // of one allocation
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
