// The replaceable allocation functions of every program that links an engine.
#include <cstdlib>
#include <new>

#include "allocation.hpp"

namespace heddle::engine {

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
