// The replaceable allocation functions of every program that links an engine.
#include "allocation.hpp"

#include <cstdlib>
#include <new>

#include <heddle/engine/run.hpp>

namespace heddle::engine {

// In front of every allocation of the program. Its size keeps what follows aligned as malloc's result.
struct alignas(std::max_align_t) MemoryTracker::Block {
    MemoryTracker* owner;  // null: not part of a program
    Block* next_freed;
    std::size_t size;
    bool freed;
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

void* MemoryTracker::allocate(std::size_t size) noexcept {
    Arena& arena = arenas_[current_];
    std::byte* const begin = arena.memory.get();
    if (begin == nullptr || size > arena_bytes) return nullptr;
    constexpr std::size_t alignment = alignof(Block);
    size = (size + alignment - 1) / alignment * alignment;
    Block* block = arena.freed == nullptr ? nullptr : take_freed(size);
    if (block == nullptr) {
        const std::size_t whole = sizeof(Block) + size;
        if (whole > arena_bytes - arena.used)
            Run::require("operator new")
                .fail(FailureKind::too_big, "a thread of the model allocates more than 64 MiB in one execution",
                      Site{});
        block = ::new (begin + arena.used) Block{this, nullptr, size, false};
        arena.used += whole;
    }
    ++live_blocks_;
    return block + 1;
}

/// Takes a block that the current thread has freed off its list, if the Reuse says so.
MemoryTracker::Block* MemoryTracker::take_freed(std::size_t size) noexcept {
    const auto next_candidate = [&](Block** link) {
        while (*link != nullptr && ((*link)->size != size || !reuse_->matters(*link + 1, size)))
            link = &(*link)->next_freed;
        return link;
    };
    Block** const list = &arenas_[current_].freed;
    unsigned candidates = 0;
    for (Block** link = next_candidate(list); *link != nullptr; link = next_candidate(&(*link)->next_freed))
        ++candidates;
    unsigned chosen = candidates == 0 ? 0 : reuse_->choose_memory(candidates);
    if (chosen == 0) return nullptr;
    Block** link = next_candidate(list);
    while (--chosen != 0) link = next_candidate(&(*link)->next_freed);
    Block* const block = *link;
    *link = block->next_freed;
    block->freed = false;
    return block;
}

void MemoryTracker::release(Block* block) noexcept {
    if (block->freed) {
        Run::require("operator delete").fail(FailureKind::double_free, "memory was freed twice", Site::current());
    }
    block->freed = true;
    --live_blocks_;
    if (reuse_ == nullptr) return;
    Arena& arena = arenas_[current_];
    block->next_freed = arena.freed;
    arena.freed = block;
}

void MemoryTracker::reset() noexcept {
    for (Arena& arena : arenas_) {
        arena.used = 0;
        arena.freed = nullptr;
    }
    live_blocks_ = 0;
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
