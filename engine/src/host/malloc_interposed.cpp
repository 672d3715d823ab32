// The C library's allocation functions: what the code under check gets from them is followed like what operator new gives.
// All that is not its own goes on to the library.
#include <malloc.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <string_view>
#include <utility>

#include "allocation.hpp"
#include "interposed.hpp"

// Under these names the library offers its functions to those who stand in for them: dlsym() would allocate.
// NOLINTBEGIN(bugprone-reserved-identifier,readability-identifier-naming): its names
extern "C" {
void* __libc_malloc(std::size_t size);
void* __libc_calloc(std::size_t count, std::size_t size);
void* __libc_realloc(void* memory, std::size_t size);
void* __libc_memalign(std::size_t alignment, std::size_t size);
void __libc_free(void* memory);
}
// NOLINTEND(bugprone-reserved-identifier,readability-identifier-naming)

namespace heddle::engine {

namespace {

using Form = MemoryTracker::Form;

// Whether the C++ library is asked for room for an exception: the next that it gets by malloc() is its caller's.
constinit thread_local bool makes_exception = false;

/// That of the program, if the code under check has called, or the C++ library for it; null otherwise. What is allocated next may
/// be a step, with others in between, or the last of its run: they must not find the mark.
MemoryTracker* tracker_of(const void* caller) {
    return std::exchange(makes_exception, false) || is_call_of_program(caller) ? AllocateFor::active() : nullptr;
}

/// That of the program, if the memory is one that it has got; null otherwise.
MemoryTracker* owner_of(const void* memory) {
    MemoryTracker* const tracker = AllocateFor::active();
    return tracker != nullptr && tracker->owns(memory) ? tracker : nullptr;
}

/// What no allocation can have given must not be given back. Requires: nobody owns it.
void refuse_what_is_not_got(const void* memory, const void* caller) {
    if (tracker_of(caller) != nullptr && MemoryTracker::is_no_allocation(memory)) MemoryTracker::refuse_to_release();
}

std::size_t size_of_page() { return static_cast<std::size_t>(sysconf(_SC_PAGESIZE)); }

void* allocate_aligned(std::size_t alignment, std::size_t size, const void* caller) {
    MemoryTracker* const tracker = tracker_of(caller);
    return tracker == nullptr ? __libc_memalign(alignment, size) : tracker->allocate(size, Form::malloc, alignment);
}

/// Of a text that the library would copy into memory of its own.
char* copy(std::string_view text, const void* caller) {
    MemoryTracker* const tracker = tracker_of(caller);
    void* const memory =
        tracker == nullptr ? __libc_malloc(text.size() + 1) : tracker->allocate(text.size() + 1, Form::malloc);
    if (memory == nullptr) return nullptr;
    auto* const copied = static_cast<char*>(std::memcpy(memory, text.data(), text.size()));
    copied[text.size()] = '\0';
    return copied;
}

void* reallocate(MemoryTracker& tracker, void* memory, std::size_t size) {
    void* const larger = tracker.allocate(size, Form::malloc);
    if (larger == nullptr || memory == nullptr) return larger;
    std::memcpy(larger, memory, std::min(size, MemoryTracker::size_of(memory)));
    tracker.release(memory, Form::malloc);
    return larger;
}

/// Room for an exception, by what the library has for that. An execution may be cut off while the exception is handled: then
/// nobody gives it back. And its address is in the frames of who handles it: it has to be the same whenever a thread goes on alike.
template <class Make, class... Size>
void* make_exception(Make* make, Size... size) {
    makes_exception = true;
    return make(size...);
}

}  // namespace

}  // namespace heddle::engine

using heddle::engine::allocate_aligned;
using heddle::engine::copy;
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
    if (tracker != nullptr) return heddle::engine::reallocate(*tracker, memory, size);
    heddle::engine::refuse_what_is_not_got(memory, HEDDLE_CALLER);
    return __libc_realloc(memory, size);
}

extern "C" [[gnu::weak]] void* aligned_alloc(std::size_t alignment, std::size_t size) noexcept {
    return allocate_aligned(alignment, size, HEDDLE_CALLER);
}
extern "C" [[gnu::weak]] void* memalign(std::size_t alignment, std::size_t size) noexcept {
    return allocate_aligned(alignment, size, HEDDLE_CALLER);
}
extern "C" [[gnu::weak]] void* valloc(std::size_t size) noexcept {
    return allocate_aligned(heddle::engine::size_of_page(), size, HEDDLE_CALLER);
}
extern "C" [[gnu::weak]] int posix_memalign(void** memory, std::size_t alignment, std::size_t size) noexcept {
    *memory = allocate_aligned(alignment, size, HEDDLE_CALLER);
    return *memory == nullptr ? ENOMEM : 0;
}

extern "C" [[gnu::weak]] std::size_t malloc_usable_size(void* memory) noexcept {
    if (owner_of(memory) != nullptr) return MemoryTracker::size_of(memory);
    static constinit decltype(&::malloc_usable_size) known = nullptr;
    return heddle::engine::next(known, "malloc_usable_size")(memory);
}

extern "C" [[gnu::weak]] char* strdup(const char* text) noexcept { return copy(text, HEDDLE_CALLER); }
extern "C" [[gnu::weak]] char* strndup(const char* text, std::size_t most) noexcept {
    return copy({text, strnlen(text, most)}, HEDDLE_CALLER);
}

extern "C" [[gnu::weak]] void free(void* memory) noexcept {
    if (MemoryTracker* const tracker = owner_of(memory)) return tracker->release(memory, Form::malloc);
    if (memory != nullptr) heddle::engine::refuse_what_is_not_got(memory, HEDDLE_CALLER);
    __libc_free(memory);
}

// NOLINTBEGIN(bugprone-reserved-identifier,readability-identifier-naming): the names that compilers call
extern "C" [[gnu::weak]] void* __cxa_allocate_exception(std::size_t size) noexcept {
    using Function = void*(std::size_t);
    static constinit Function* known = nullptr;
    return heddle::engine::make_exception(heddle::engine::next(known, "__cxa_allocate_exception"), size);
}
/// What std::rethrow_exception throws.
extern "C" [[gnu::weak]] void* __cxa_allocate_dependent_exception() noexcept {
    using Function = void*();
    static constinit Function* known = nullptr;
    return heddle::engine::make_exception(heddle::engine::next(known, "__cxa_allocate_dependent_exception"));
}
// NOLINTEND(bugprone-reserved-identifier,readability-identifier-naming)
