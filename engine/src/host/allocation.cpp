// The replaceable allocation functions of every program that links an engine.
#include "allocation.hpp"

#include <algorithm>
#include <cstdlib>
#include <iterator>
#include <new>

#include <heddle/engine/run.hpp>

namespace heddle::engine {

// In front of every allocation of the program. Its size keeps what follows aligned as malloc's result.
struct alignas(std::max_align_t) MemoryTracker::Block {
    MemoryTracker* owner;  // null: not part of a program
    std::size_t size;
    std::uint64_t freed_at;  // when, relative to others; 0: not yet
    unsigned freed_by;       // the arena of the thread that did
};

namespace {
void* allocate(std::size_t size) noexcept {
    if (MemoryTracker* const tracker = AllocateFor::active()) return tracker->allocate(size);
    auto* const block = static_cast<MemoryTracker::Block*>(std::malloc(sizeof(MemoryTracker::Block) + size));
    if (block == nullptr) return nullptr;
    block->owner = nullptr;
    return block + 1;
}

void deallocate(void* memory) noexcept {
    if (memory == nullptr) return;
    auto* const block = static_cast<MemoryTracker::Block*>(memory) - 1;
    if (block->owner != nullptr) block->owner->release(block);
    else std::free(block);
}
}  // namespace

/// Returns: null if there is no room.
MemoryTracker::Block* MemoryTracker::Arena::add(std::size_t size, MemoryTracker* owner) noexcept {
    const std::size_t whole = sizeof(Block) + size;
    if (whole + (blocks + 1) * sizeof(Offset) > arena_bytes - used) return nullptr;
    starts()[-static_cast<std::ptrdiff_t>(++blocks)] = static_cast<Offset>(used);
    auto* const block = ::new (memory.get() + used) Block{owner, size, 0, 0};
    used += whole;
    return block;
}

/// The block that has that address; null if none has.
MemoryTracker::Block* MemoryTracker::Arena::block_at(std::uintptr_t address) noexcept {
    const std::uintptr_t offset = address - reinterpret_cast<std::uintptr_t>(memory.get());
    if (offset >= used) return nullptr;
    const auto starts = std::reverse_iterator(this->starts());
    const auto after = std::upper_bound(starts, starts + static_cast<std::ptrdiff_t>(blocks), offset);
    auto* const block = reinterpret_cast<Block*>(memory.get() + *(after - 1));
    return address - reinterpret_cast<std::uintptr_t>(block + 1) < block->size ? block : nullptr;
}

namespace {
/// One for each size, as long as there are few of them.
std::uint64_t bit_of(std::size_t size) { return std::uint64_t{1} << size / alignof(std::max_align_t) % 64; }
}  // namespace

void* MemoryTracker::allocate(std::size_t size) noexcept {
    Arena& arena = arenas_[current_];
    if (arena.memory.get() == nullptr || size > arena_bytes) return nullptr;
    arenas_used_ = std::max(arenas_used_, current_ + 1);
    constexpr std::size_t alignment = alignof(Block);
    size = (size + alignment - 1) / alignment * alignment;
    Block* block = (arena.freed_sizes & bit_of(size)) == 0 ? nullptr : take_freed(size);
    if (block == nullptr) block = arena.add(size, this);
    if (block == nullptr)
        Run::require("operator new")
            .fail(FailureKind::too_big, "a thread of the model allocates more than 64 MiB in one execution", Site{});
    ++live_blocks_;
    return block + 1;
}

/// Takes a block that the current thread has freed, if the Reuse says so.
MemoryTracker::Block* MemoryTracker::take_freed(std::size_t size) noexcept {
    const AllocateFor engine(nullptr);
    find_candidates(size);
    const unsigned chosen = candidates_.empty() ? 0 : reuse_->choose_memory(candidates_.size());
    if (chosen == 0) return nullptr;
    find_candidates(size);  // again: other threads have allocated while this one waited for its turn
    Block* const block = candidates_[chosen - 1];
    block->freed_at = 0;
    return block;
}

/// The blocks of that size which the current thread has freed and seen the address of, the latest freed first.
void MemoryTracker::find_candidates(std::size_t size) {
    constexpr std::uint64_t address_bits = (std::uint64_t{1} << 48) - 1;  // what is above may be a tag
    candidates_.clear();
    for (const std::uint64_t value : reuse_->seen()) {
        for (unsigned number = 0; number != arenas_used_; ++number) {
            Block* const block = arenas_[number].block_at(value & address_bits);
            if (block == nullptr) continue;
            if (block->size == size && block->freed_at != 0 && block->freed_by == current_)
                candidates_.push_back(block);
            break;
        }
    }
    std::sort(candidates_.begin(), candidates_.end(),
              [](const Block* a, const Block* b) { return a->freed_at > b->freed_at; });
    candidates_.erase(std::unique(candidates_.begin(), candidates_.end()), candidates_.end());
}

void MemoryTracker::release(Block* block) noexcept {
    if (block->freed_at != 0) {
        Run::require("operator delete").fail(FailureKind::double_free, "memory was freed twice", Site{});
    }
    block->freed_at = ++frees_;
    block->freed_by = current_;
    --live_blocks_;
    if (reuse_ == nullptr) return;
    arenas_used_ = std::max(arenas_used_, current_ + 1);
    arenas_[current_].freed_sizes |= bit_of(block->size);
}

std::optional<MemoryTracker::Allocation> MemoryTracker::allocation_of(const void* address) const noexcept {
    const auto wanted = reinterpret_cast<std::uintptr_t>(address);
    for (unsigned arena = 0; arena != most_arenas; ++arena) {
        const std::size_t used = arenas_[arena].used;
        if (used == 0) continue;
        const std::byte* const begin = arenas_[arena].memory.peek();
        if (wanted - reinterpret_cast<std::uintptr_t>(begin) >= used) continue;
        std::size_t number = 1;
        for (std::size_t at = 0; at != used; ++number) {
            const auto* const block = reinterpret_cast<const Block*>(begin + at);
            const std::size_t offset = wanted - reinterpret_cast<std::uintptr_t>(block + 1);
            if (offset < block->size)
                return Allocation{reuse_ == nullptr ? std::nullopt : std::optional(arena), number, offset};
            at += sizeof(Block) + block->size;
        }
    }
    return std::nullopt;
}

void MemoryTracker::reset() noexcept {
    for (unsigned number = 0; number != arenas_used_; ++number) {
        Arena& arena = arenas_[number];
        arena.used = arena.blocks = 0;
        arena.freed_sizes = 0;
    }
    arenas_used_ = 0;
    live_blocks_ = frees_ = 0;
}

}  // namespace heddle::engine

void* operator new(std::size_t size) {
    void* const memory = heddle::engine::allocate(size);
    if (memory == nullptr) throw std::bad_alloc();
    return memory;
}
void* operator new[](std::size_t size) { return operator new(size); }
void* operator new(std::size_t size, const std::nothrow_t&) noexcept { return heddle::engine::allocate(size); }
void* operator new[](std::size_t size, const std::nothrow_t&) noexcept { return heddle::engine::allocate(size); }
void operator delete(void* memory) noexcept { heddle::engine::deallocate(memory); }
void operator delete[](void* memory) noexcept { heddle::engine::deallocate(memory); }
void operator delete(void* memory, std::size_t) noexcept { heddle::engine::deallocate(memory); }
void operator delete[](void* memory, std::size_t) noexcept { heddle::engine::deallocate(memory); }
void operator delete(void* memory, const std::nothrow_t&) noexcept { heddle::engine::deallocate(memory); }
void operator delete[](void* memory, const std::nothrow_t&) noexcept { heddle::engine::deallocate(memory); }
