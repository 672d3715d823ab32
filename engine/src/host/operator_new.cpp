// The replaceable allocation functions of every program that links an engine.
#include <cstdint>
#include <cstdlib>
#include <new>

#include "allocation.hpp"

namespace heddle::engine {

namespace {

constexpr std::size_t usual_alignment = __STDCPP_DEFAULT_NEW_ALIGNMENT__;
using Block = MemoryTracker::Block;

/// Where memory of that alignment begins which has room for a block before it, at `begin` or soon after.
void* memory_after(std::byte* begin, std::size_t alignment) {
    const auto first = reinterpret_cast<std::uintptr_t>(begin) + sizeof(Block);
    return begin + sizeof(Block) + (alignment - first % alignment) % alignment;
}

void* allocate(std::size_t size, std::size_t alignment = usual_alignment) noexcept {
    if (MemoryTracker* const tracker = AllocateFor::active()) return tracker->allocate(size, alignment);
    const std::size_t spare = sizeof(Block) + (alignment > usual_alignment ? alignment : 0);
    auto* const begin = size > PTRDIFF_MAX - spare ? nullptr : static_cast<std::byte*>(std::malloc(spare + size));
    if (begin == nullptr) return nullptr;
    void* const memory = memory_after(begin, alignment);
    Block& block = static_cast<Block*>(memory)[-1];
    block.owner = nullptr;
    block.begin = begin;
    return memory;
}

void* allocate_or_throw(std::size_t size, std::size_t alignment = usual_alignment) {
    void* const memory = allocate(size, alignment);
    if (memory == nullptr) throw std::bad_alloc();
    return memory;
}

void deallocate(void* memory) noexcept {
    if (memory == nullptr) return;
    auto* const block = static_cast<Block*>(memory) - 1;
    if (block->owner != nullptr) block->owner->release(block);
    else std::free(block->begin);
}

}  // namespace

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
