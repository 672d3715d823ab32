// The hooks of -fsanitize=thread for plain memory and calls. Source: their names and meanings are those that GCC and Clang
// emit calls of, as tsan_interface.h of compiler-rt declares them.
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "front_end.hpp"
#include "real.hpp"

using heddle::unmodified::Calls;
using heddle::unmodified::front_end;
using heddle::unmodified::self;

namespace {

template <bool writes>
[[gnu::always_inline]] inline void access(const volatile void* memory, std::size_t size, bool typed,
                                          std::uintptr_t caller) {
    if (self.in_program)
        front_end->accesses.check<writes>(reinterpret_cast<std::uintptr_t>(memory), size, typed, caller);
}

void access_bytes(const void* from, void* to, std::size_t size, std::uintptr_t caller) {
    if (size == 0) return;
    if (from != nullptr) access<false>(from, size, false, caller);
    access<true>(to, size, false, caller);
}

}  // namespace

#define HEDDLE_PLAIN_HOOKS(size)                                                                                    \
    HEDDLE_HOOK void __tsan_read##size(void* memory) { access<false>(memory, size, true, HEDDLE_CALLER); }          \
    HEDDLE_HOOK void __tsan_write##size(void* memory) { access<true>(memory, size, true, HEDDLE_CALLER); }          \
    HEDDLE_HOOK void __tsan_read_write##size(void* memory) { access<true>(memory, size, true, HEDDLE_CALLER); }     \
    HEDDLE_HOOK void __tsan_volatile_read##size(void* memory) { access<false>(memory, size, true, HEDDLE_CALLER); } \
    HEDDLE_HOOK void __tsan_volatile_write##size(void* memory) { access<true>(memory, size, true, HEDDLE_CALLER); }
// A packed or unaligned value is as plain as another one.
#define HEDDLE_UNALIGNED_HOOKS(size)                                                                                 \
    HEDDLE_HOOK void __tsan_unaligned_read##size(void* memory) { access<false>(memory, size, true, HEDDLE_CALLER); } \
    HEDDLE_HOOK void __tsan_unaligned_write##size(void* memory) { access<true>(memory, size, true, HEDDLE_CALLER); } \
    HEDDLE_HOOK void __tsan_unaligned_read_write##size(void* memory) {                                               \
        access<true>(memory, size, true, HEDDLE_CALLER);                                                             \
    }                                                                                                                \
    HEDDLE_HOOK void __tsan_unaligned_volatile_read##size(void* memory) {                                            \
        access<false>(memory, size, true, HEDDLE_CALLER);                                                            \
    }                                                                                                                \
    HEDDLE_HOOK void __tsan_unaligned_volatile_write##size(void* memory) {                                           \
        access<true>(memory, size, true, HEDDLE_CALLER);                                                             \
    }

HEDDLE_PLAIN_HOOKS(1)
HEDDLE_PLAIN_HOOKS(2)
HEDDLE_PLAIN_HOOKS(4)
HEDDLE_PLAIN_HOOKS(8)
HEDDLE_PLAIN_HOOKS(16)
HEDDLE_UNALIGNED_HOOKS(2)
HEDDLE_UNALIGNED_HOOKS(4)
HEDDLE_UNALIGNED_HOOKS(8)
HEDDLE_UNALIGNED_HOOKS(16)

HEDDLE_HOOK void __tsan_read_range(void* memory, std::size_t size) {
    if (size != 0) access<false>(memory, size, false, HEDDLE_CALLER);
}
HEDDLE_HOOK void __tsan_write_range(void* memory, std::size_t size) {
    if (size != 0) access<true>(memory, size, false, HEDDLE_CALLER);
}
HEDDLE_HOOK void __tsan_vptr_read(void** memory) { access<false>(memory, sizeof *memory, true, HEDDLE_CALLER); }
/// A constructor or destructor that leaves the pointer what it is does not race with a call of a virtual function.
HEDDLE_HOOK void __tsan_vptr_update(void** memory, void* value) {
    if (*memory != value) access<true>(memory, sizeof *memory, true, HEDDLE_CALLER);
}

HEDDLE_HOOK void __tsan_init() {}
HEDDLE_HOOK void __tsan_func_entry(void* called_from) {
    const auto* const frame = static_cast<const std::uintptr_t*>(__builtin_frame_address(0));
    // The caller's own, and where it returns to.
    constexpr std::size_t above_frame_pointer = 2 * sizeof(std::uintptr_t);
    const Calls::Call call{.called_from = reinterpret_cast<std::uintptr_t>(called_from),
                           .code = HEDDLE_CALLER,
                           .frame = reinterpret_cast<std::uintptr_t>(frame),
                           .frame_top = *frame + above_frame_pointer};
    self.calls.enter(call);
    if (self.shares_stack && self.in_program) front_end->accesses.enter_frame(call);
}
HEDDLE_HOOK void __tsan_func_exit() {
    if (self.shares_stack && self.in_program && self.calls.size() != 0)
        front_end->accesses.leave_frame(self.calls[self.calls.size() - 1], HEDDLE_CALLER);
    self.calls.leave();
}

// What compilers call for whole objects, and what --wrap makes of the functions of these names.
HEDDLE_HOOK void* __wrap_memcpy(void* to, const void* from, std::size_t size) {
    access_bytes(from, to, size, HEDDLE_CALLER);
    return std::memcpy(to, from, size);
}
HEDDLE_HOOK void* __wrap_memmove(void* to, const void* from, std::size_t size) {
    access_bytes(from, to, size, HEDDLE_CALLER);
    return std::memmove(to, from, size);
}
HEDDLE_HOOK void* __wrap_memset(void* to, int byte, std::size_t size) {
    access_bytes(nullptr, to, size, HEDDLE_CALLER);
    return std::memset(to, byte, size);
}
HEDDLE_HOOK void* __tsan_memcpy(void* to, const void* from, std::size_t size) {
    access_bytes(from, to, size, HEDDLE_CALLER);
    return std::memcpy(to, from, size);
}
HEDDLE_HOOK void* __tsan_memmove(void* to, const void* from, std::size_t size) {
    access_bytes(from, to, size, HEDDLE_CALLER);
    return std::memmove(to, from, size);
}
HEDDLE_HOOK void* __tsan_memset(void* to, int byte, std::size_t size) {
    access_bytes(nullptr, to, size, HEDDLE_CALLER);
    return std::memset(to, byte, size);
}
