// The replaceable allocation functions of every program that links an engine.
#include <cstdint>
#include <cstdlib>
#include <new>

#include "allocation.hpp"

namespace heddle::engine {

namespace {

constexpr std::size_t usual_alignment = __STDCPP_DEFAULT_NEW_ALIGNMENT__;
using Block = MemoryTracker::Block;
using Form = MemoryTracker::Form;

/// Where memory of that alignment begins which has room for a block before it, at `begin` or soon after.
void* memory_after(std::byte* begin, std::size_t alignment) {
    const auto first = reinterpret_cast<std::uintptr_t>(begin) + sizeof(Block);
    return begin + sizeof(Block) + (alignment - first % alignment) % alignment;
}

void* allocate(std::size_t size, Form form, std::size_t alignment) noexcept {
    if (MemoryTracker* const tracker = AllocateFor::active()) return tracker->allocate(size, form, alignment);
    const std::size_t spare = sizeof(Block) + (alignment > usual_alignment ? alignment : 0);
    auto* const begin = size > PTRDIFF_MAX - spare ? nullptr : static_cast<std::byte*>(std::malloc(spare + size));
    if (begin == nullptr) return nullptr;
    void* const memory = memory_after(begin, alignment);
    Block& block = static_cast<Block*>(memory)[-1];
    block.owner = nullptr;
    block.begin = begin;
    return memory;
}

void* allocate_or_throw(std::size_t size, Form form, std::size_t alignment = usual_alignment) {
    void* const memory = allocate(size, form, alignment);
    if (memory == nullptr) throw std::bad_alloc();
    return memory;
}

void deallocate(void* memory, Form form) noexcept {
    if (memory == nullptr) return;
    if (MemoryTracker* const tracker = AllocateFor::active()) {
        if (tracker->owns(memory)) return tracker->release(memory, form);
        if (MemoryTracker::is_no_allocation(memory)) MemoryTracker::refuse_to_release();
    }
    auto* const block = static_cast<Block*>(memory) - 1;
    if (block->owner != nullptr) block->owner->release(block, form);
    else std::free(block->begin);
}

}  // namespace

}  // namespace heddle::engine

using heddle::engine::allocate;
using heddle::engine::allocate_or_throw;
using heddle::engine::deallocate;
using heddle::engine::usual_alignment;
using Alignment = std::align_val_t;

// Of one kind of new and delete, all forms.
#define HEDDLE_NEW_AND_DELETE(brackets, form)                                                                  \
    void* operator new brackets(std::size_t size) { return allocate_or_throw(size, form); }                    \
    void* operator new brackets(std::size_t size, Alignment at) {                                              \
        return allocate_or_throw(size, form, static_cast<std::size_t>(at));                                    \
    }                                                                                                          \
    void* operator new brackets(std::size_t size, const std::nothrow_t&) noexcept {                            \
        return allocate(size, form, usual_alignment);                                                          \
    }                                                                                                          \
    void* operator new brackets(std::size_t size, Alignment at, const std::nothrow_t&) noexcept {              \
        return allocate(size, form, static_cast<std::size_t>(at));                                             \
    }                                                                                                          \
    void operator delete brackets(void* memory) noexcept { deallocate(memory, form); }                         \
    void operator delete brackets(void* memory, std::size_t) noexcept { deallocate(memory, form); }            \
    void operator delete brackets(void* memory, Alignment) noexcept { deallocate(memory, form); }              \
    void operator delete brackets(void* memory, std::size_t, Alignment) noexcept { deallocate(memory, form); } \
    void operator delete brackets(void* memory, const std::nothrow_t&) noexcept { deallocate(memory, form); }  \
    void operator delete brackets(void* memory, Alignment, const std::nothrow_t&) noexcept { deallocate(memory, form); }

// clang-format off
HEDDLE_NEW_AND_DELETE(, heddle::engine::Form::scalar)
HEDDLE_NEW_AND_DELETE([], heddle::engine::Form::array)
