// malloc and operator new in every form.
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <new>

#include "front_end.hpp"
#include "real.hpp"

extern "C" void* __libc_malloc(std::size_t);                 // NOLINT: the C library's own names
extern "C" void* __libc_memalign(std::size_t, std::size_t);  // NOLINT
extern "C" void __libc_free(void*);                          // NOLINT

namespace {

using heddle::unmodified::front_end;

constexpr std::size_t usual_alignment = alignof(std::max_align_t);

void* allocate(std::size_t size, std::size_t alignment, bool initialised, std::uintptr_t caller) {
    if (front_end != nullptr) return front_end->heap.allocate(size, alignment, initialised, caller);
    return alignment <= usual_alignment ? __libc_malloc(size) : __libc_memalign(alignment, size);
}

void release(void* memory, std::uintptr_t caller) {
    if (front_end != nullptr) front_end->heap.release(memory, caller);
    else __libc_free(memory);
}

void* allocate_or_throw(std::size_t size, std::size_t alignment, std::uintptr_t caller) {
    void* const memory = allocate(size, alignment, false, caller);
    if (memory == nullptr) throw std::bad_alloc();
    return memory;
}

/// Returns: null if the size is beyond all memory.
void* allocate_zeroed(std::size_t count, std::size_t size, std::uintptr_t caller) {
    std::size_t bytes = 0;
    if (__builtin_mul_overflow(count, size, &bytes)) return nullptr;
    void* const memory = allocate(bytes, usual_alignment, true, caller);
    return memory == nullptr ? nullptr : std::memset(memory, 0, bytes);
}

void* reallocate(void* memory, std::size_t size, std::uintptr_t caller) {
    const bool is_own = front_end != nullptr && memory != nullptr && front_end->heap.owns(memory);
    if (memory != nullptr && !is_own) return HEDDLE_REAL(realloc)(memory, size);
    const std::size_t had = is_own ? front_end->heap.size_of(memory) : 0;
    void* const fresh = allocate(size, usual_alignment, false, caller);
    if (fresh == nullptr || memory == nullptr) return fresh;
    std::memcpy(fresh, memory, had < size ? had : size);
    release(memory, caller);
    return fresh;
}

}  // namespace

HEDDLE_HOOK void* malloc(std::size_t size) { return allocate(size, usual_alignment, false, HEDDLE_CALLER); }
HEDDLE_HOOK void free(void* memory) { release(memory, HEDDLE_CALLER); }
HEDDLE_HOOK void* calloc(std::size_t count, std::size_t size) { return allocate_zeroed(count, size, HEDDLE_CALLER); }
HEDDLE_HOOK void* realloc(void* memory, std::size_t size) { return reallocate(memory, size, HEDDLE_CALLER); }
HEDDLE_HOOK void* memalign(std::size_t alignment, std::size_t size) {
    return allocate(size, alignment, false, HEDDLE_CALLER);
}
HEDDLE_HOOK void* aligned_alloc(std::size_t alignment, std::size_t size) {
    return allocate(size, alignment, false, HEDDLE_CALLER);
}
HEDDLE_HOOK int posix_memalign(void** memory, std::size_t alignment, std::size_t size) {
    *memory = allocate(size, alignment, false, HEDDLE_CALLER);
    return *memory == nullptr ? ENOMEM : 0;
}
HEDDLE_HOOK std::size_t malloc_usable_size(void* memory) {
    if (front_end != nullptr && front_end->heap.owns(memory)) return front_end->heap.size_of(memory);
    static const auto real = heddle::unmodified::real_function<std::size_t(void*)>("malloc_usable_size");
    return real(memory);
}

#define HEDDLE_NEW [[gnu::visibility("default")]] void* operator
#define HEDDLE_DELETE [[gnu::visibility("default")]] void operator

HEDDLE_NEW new (std::size_t size) { return allocate_or_throw(size, usual_alignment, HEDDLE_CALLER); }
HEDDLE_NEW new[](std::size_t size) { return allocate_or_throw(size, usual_alignment, HEDDLE_CALLER); }
HEDDLE_NEW new (std::size_t size, std::align_val_t alignment) {
    return allocate_or_throw(size, static_cast<std::size_t>(alignment), HEDDLE_CALLER);
}
HEDDLE_NEW new[](std::size_t size, std::align_val_t alignment) {
    return allocate_or_throw(size, static_cast<std::size_t>(alignment), HEDDLE_CALLER);
}
HEDDLE_NEW new (std::size_t size, const std::nothrow_t&) noexcept {
    return allocate(size, usual_alignment, false, HEDDLE_CALLER);
}
HEDDLE_NEW new[](std::size_t size, const std::nothrow_t&) noexcept {
    return allocate(size, usual_alignment, false, HEDDLE_CALLER);
}
HEDDLE_NEW new (std::size_t size, std::align_val_t alignment, const std::nothrow_t&) noexcept {
    return allocate(size, static_cast<std::size_t>(alignment), false, HEDDLE_CALLER);
}
HEDDLE_NEW new[](std::size_t size, std::align_val_t alignment, const std::nothrow_t&) noexcept {
    return allocate(size, static_cast<std::size_t>(alignment), false, HEDDLE_CALLER);
}
HEDDLE_DELETE delete (void* memory) noexcept { release(memory, HEDDLE_CALLER); }
HEDDLE_DELETE delete[](void* memory) noexcept { release(memory, HEDDLE_CALLER); }
HEDDLE_DELETE delete (void* memory, std::size_t) noexcept { release(memory, HEDDLE_CALLER); }
HEDDLE_DELETE delete[](void* memory, std::size_t) noexcept { release(memory, HEDDLE_CALLER); }
HEDDLE_DELETE delete (void* memory, std::align_val_t) noexcept { release(memory, HEDDLE_CALLER); }
HEDDLE_DELETE delete[](void* memory, std::align_val_t) noexcept { release(memory, HEDDLE_CALLER); }
HEDDLE_DELETE delete (void* memory, std::size_t, std::align_val_t) noexcept { release(memory, HEDDLE_CALLER); }
HEDDLE_DELETE delete[](void* memory, std::size_t, std::align_val_t) noexcept { release(memory, HEDDLE_CALLER); }
HEDDLE_DELETE delete (void* memory, const std::nothrow_t&) noexcept { release(memory, HEDDLE_CALLER); }
HEDDLE_DELETE delete[](void* memory, const std::nothrow_t&) noexcept { release(memory, HEDDLE_CALLER); }
HEDDLE_DELETE delete (void* memory, std::align_val_t, const std::nothrow_t&) noexcept {
    release(memory, HEDDLE_CALLER);
}
HEDDLE_DELETE delete[](void* memory, std::align_val_t, const std::nothrow_t&) noexcept {
    release(memory, HEDDLE_CALLER);
}
