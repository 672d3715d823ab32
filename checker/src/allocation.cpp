// The replaceable allocation functions of every program that links the checker.
#include "allocation.hpp"

#include <cstdlib>
#include <new>

#include <heddle/checker/run.hpp>

namespace heddle::checker {

// In front of every allocation of the program. Its size keeps what follows aligned as malloc's result.
struct alignas(std::max_align_t) MemoryTracker::Block {
    MemoryTracker* owner;  // null: not part of a model
    Block* next;
    bool freed;
};

namespace {
thread_local MemoryTracker* active = nullptr;

MemoryTracker::Block* new_block(std::size_t size) noexcept {
    return static_cast<MemoryTracker::Block*>(std::malloc(sizeof(MemoryTracker::Block) + size));
}

void* allocate(std::size_t size) noexcept {
    if (active != nullptr) return active->allocate(size);
    auto* const block = new_block(size);
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
    Block* const block = new_block(size);
    if (block == nullptr) return nullptr;
    block->owner = this;
    block->next = blocks_;
    block->freed = false;
    blocks_ = block;
    ++live_blocks_;
    return block + 1;
}

void MemoryTracker::release(Block* block) noexcept {
    if (block->freed) {
        Run::require("operator delete").fail(FailureKind::double_free, "memory was freed twice", Site::current());
    }
    block->freed = true;
    --live_blocks_;
}

void MemoryTracker::reset() noexcept {
    while (Block* const block = blocks_) {
        blocks_ = block->next;
        std::free(block);
    }
    live_blocks_ = 0;
}

AllocateFor::AllocateFor(MemoryTracker* tracker) noexcept : before_(active) { active = tracker; }
AllocateFor::~AllocateFor() { active = before_; }

}  // namespace heddle::checker

void* operator new(std::size_t size) {
    void* const memory = heddle::checker::allocate(size);
    if (memory == nullptr) throw std::bad_alloc();
    return memory;
}
void* operator new[](std::size_t size) { return operator new(size); }
void* operator new(std::size_t size, const std::nothrow_t&) noexcept { return heddle::checker::allocate(size); }
void* operator new[](std::size_t size, const std::nothrow_t&) noexcept { return heddle::checker::allocate(size); }
void operator delete(void* memory) noexcept { heddle::checker::deallocate(memory); }
void operator delete[](void* memory) noexcept { heddle::checker::deallocate(memory); }
void operator delete(void* memory, std::size_t) noexcept { heddle::checker::deallocate(memory); }
void operator delete[](void* memory, std::size_t) noexcept { heddle::checker::deallocate(memory); }
void operator delete(void* memory, const std::nothrow_t&) noexcept { heddle::checker::deallocate(memory); }
void operator delete[](void* memory, const std::nothrow_t&) noexcept { heddle::checker::deallocate(memory); }
