// The replaceable allocation functions of every program that links an engine.
#include "allocation.hpp"

#include <cstdint>
#include <cstdlib>
#include <new>

#include <heddle/engine/run.hpp>

namespace heddle::engine {

// In front of every allocation of the program. Its size keeps what follows aligned as malloc's result.
struct alignas(std::max_align_t) MemoryTracker::Block {
    MemoryTracker* owner;  // null: not part of a program
    union {
        Block* next_freed;  // of a program
        void* begin;        // of none: what malloc gave
    };
    std::size_t size;
    bool freed;
};

namespace {
constexpr std::size_t least_alignment = __STDCPP_DEFAULT_NEW_ALIGNMENT__;

/// How many bytes to leave out before a block, so that what follows it is aligned.
std::size_t padding(const std::byte* begin, std::size_t alignment) {
    const auto memory = reinterpret_cast<std::uintptr_t>(begin) + sizeof(MemoryTracker::Block);
    return (alignment - memory % alignment) % alignment;
}

void* allocate(std::size_t size, std::size_t alignment = least_alignment) noexcept {
    if (MemoryTracker* const tracker = AllocateFor::active()) return tracker->allocate(size, alignment);
    const std::size_t spare = sizeof(MemoryTracker::Block) + (alignment > least_alignment ? alignment : 0);
    auto* const begin = size > PTRDIFF_MAX - spare ? nullptr : static_cast<std::byte*>(std::malloc(spare + size));
    if (begin == nullptr) return nullptr;
    auto* const block =
        ::new (begin + padding(begin, alignment)) MemoryTracker::Block{nullptr, {.begin = begin}, size, false};
    return block + 1;
}

void* allocate_or_throw(std::size_t size, std::size_t alignment = least_alignment) {
    void* const memory = allocate(size, alignment);
    if (memory == nullptr) throw std::bad_alloc();
    return memory;
}

void deallocate(void* memory) noexcept {
    if (memory == nullptr) return;
    auto* const block = static_cast<MemoryTracker::Block*>(memory) - 1;
    if (block->owner != nullptr) block->owner->release(block);
    else std::free(block->begin);
}
}  // namespace

void* MemoryTracker::allocate(std::size_t size, std::size_t alignment) noexcept {
    Arena& arena = arenas_[current_];
    std::byte* const region = region_.begin();
    if (region == nullptr || size > arena_bytes) return nullptr;
    std::byte* const begin = region + current_ * arena_bytes;
    size = (size + alignof(Block) - 1) / alignof(Block) * alignof(Block);
    Block* block = arena.freed == nullptr ? nullptr : take_freed(size, alignment);
    if (block == nullptr) {
        const std::size_t left_out = padding(begin + arena.used, alignment);
        const std::size_t whole = left_out + sizeof(Block) + size;
        if (whole > arena_bytes - arena.used)
            Run::require("operator new")
                .fail(FailureKind::too_big, "a thread of the model allocates more than 64 MiB in one execution",
                      Site{});
        block = ::new (begin + arena.used + left_out) Block{this, {nullptr}, size, false};
        arena.used += whole;
    }
    ++live_blocks_;
    return block + 1;
}

/// Takes a block that the current thread has freed off its list, if the Reuse says so.
MemoryTracker::Block* MemoryTracker::take_freed(std::size_t size, std::size_t alignment) noexcept {
    const auto fits = [&](Block* block) {
        return block->size == size && reinterpret_cast<std::uintptr_t>(block + 1) % alignment == 0 &&
               reuse_->matters(block + 1, size);
    };
    const auto next_candidate = [&](Block** link) {
        while (*link != nullptr && !fits(*link)) link = &(*link)->next_freed;
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

using heddle::engine::allocate;
using heddle::engine::allocate_or_throw;
using heddle::engine::deallocate;
using Alignment = std::align_val_t;

void* operator new(std::size_t size) { return allocate_or_throw(size); }
void* operator new[](std::size_t size) { return allocate_or_throw(size); }
void* operator new(std::size_t size, Alignment at) { return allocate_or_throw(size, static_cast<std::size_t>(at)); }
void* operator new[](std::size_t size, Alignment at) { return allocate_or_throw(size, static_cast<std::size_t>(at)); }
void* operator new(std::size_t size, const std::nothrow_t&) noexcept { return allocate(size); }
void* operator new[](std::size_t size, const std::nothrow_t&) noexcept { return allocate(size); }
void* operator new(std::size_t size, Alignment at, const std::nothrow_t&) noexcept {
    return allocate(size, static_cast<std::size_t>(at));
}
void* operator new[](std::size_t size, Alignment at, const std::nothrow_t&) noexcept {
    return allocate(size, static_cast<std::size_t>(at));
}
void operator delete(void* memory) noexcept { deallocate(memory); }
void operator delete[](void* memory) noexcept { deallocate(memory); }
void operator delete(void* memory, std::size_t) noexcept { deallocate(memory); }
void operator delete[](void* memory, std::size_t) noexcept { deallocate(memory); }
void operator delete(void* memory, Alignment) noexcept { deallocate(memory); }
void operator delete[](void* memory, Alignment) noexcept { deallocate(memory); }
void operator delete(void* memory, std::size_t, Alignment) noexcept { deallocate(memory); }
void operator delete[](void* memory, std::size_t, Alignment) noexcept { deallocate(memory); }
void operator delete(void* memory, const std::nothrow_t&) noexcept { deallocate(memory); }
void operator delete[](void* memory, const std::nothrow_t&) noexcept { deallocate(memory); }
void operator delete(void* memory, Alignment, const std::nothrow_t&) noexcept { deallocate(memory); }
void operator delete[](void* memory, Alignment, const std::nothrow_t&) noexcept { deallocate(memory); }
