// The C library's allocation functions: what the code under check gets from them is followed like what operator new gives.
// All that is not its own goes on to the library.
#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "allocation.hpp"
#include "interposed.hpp"

// Under these names the library offers its functions to those who stand in for them: dlsym() would allocate.
extern "C" {
void* __libc_malloc(std::size_t size);
void* __libc_calloc(std::size_t count, std::size_t size);
void* __libc_realloc(void* memory, std::size_t size);
void* __libc_memalign(std::size_t alignment, std::size_t size);
void __libc_free(void* memory);
}

namespace heddle::engine {

namespace {

using Form = MemoryTracker::Form;

/// That of the program, if the code under check has called; null otherwise.
MemoryTracker* tracker_of(const void* caller) { return is_call_of_program(caller) ? AllocateFor::active() : nullptr; }

/// That of the program, if the memory is one that it has got; null otherwise.
MemoryTracker* owner_of(const void* memory) {
    MemoryTracker* const tracker = AllocateFor::active();
    return tracker != nullptr && tracker->owns(memory) ? tracker : nullptr;
}

void* reallocate(MemoryTracker& tracker, void* memory, std::size_t size) {
    void* const larger = tracker.allocate(size, Form::malloc);
    if (larger == nullptr || memory == nullptr) return larger;
    std::memcpy(larger, memory, std::min(size, MemoryTracker::size_of(memory)));
    tracker.release(memory, Form::malloc);
    return larger;
}

}  // namespace

}  // namespace heddle::engine

using heddle::engine::Form;
using heddle::engine::MemoryTracker;
using heddle::engine::owner_of;
using heddle::engine::tracker_of;

extern "C" [[gnu::weak]] void* malloc(std::size_t size) noexcept {
    if (MemoryTracker* const tracker = tracker_of(HEDDLE_CALLER)) return tracker->allocate(size, Form::malloc);
    return __libc_malloc(size);
}

extern "C" [[gnu::weak]] void* calloc(std::size_t count, std::size_t size) noexcept {
    MemoryTracker* const tracker = tracker_of(HEDDLE_CALLER);
    if (tracker == nullptr) return __libc_calloc(count, size);
    std::size_t bytes = 0;
    if (__builtin_mul_overflow(count, size, &bytes)) return nullptr;
    void* const memory = tracker->allocate(bytes, Form::malloc);
    return memory == nullptr ? nullptr : std::memset(memory, 0, bytes);
}

extern "C" [[gnu::weak]] void* realloc(void* memory, std::size_t size) noexcept {
    MemoryTracker* const tracker = memory == nullptr ? tracker_of(HEDDLE_CALLER) : owner_of(memory);
    return tracker == nullptr ? __libc_realloc(memory, size) : heddle::engine::reallocate(*tracker, memory, size);
}

extern "C" [[gnu::weak]] void* aligned_alloc(std::size_t alignment, std::size_t size) noexcept {
    MemoryTracker* const tracker = tracker_of(HEDDLE_CALLER);
    return tracker == nullptr ? __libc_memalign(alignment, size) : tracker->allocate(size, Form::malloc, alignment);
}

extern "C" [[gnu::weak]] int posix_memalign(void** memory, std::size_t alignment, std::size_t size) noexcept {
    MemoryTracker* const tracker = tracker_of(HEDDLE_CALLER);
    *memory = tracker == nullptr ? __libc_memalign(alignment, size) : tracker->allocate(size, Form::malloc, alignment);
    return *memory == nullptr ? ENOMEM : 0;
}

extern "C" [[gnu::weak]] void free(void* memory) noexcept {
    if (MemoryTracker* const tracker = owner_of(memory)) return tracker->release(memory, Form::malloc);
    __libc_free(memory);
}
