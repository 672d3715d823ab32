// std::exception_ptr. Its counter is changed inside the standard library, where there are no hooks. Each change follows a
// read-modify-write of a stand-in: those run in modification order, so the counter changes in that order, too, and threads
// are ordered by the stand-in as by the counter.
#include <cxxabi.h>

#include <cstddef>
#include <cstdint>

#include "front_end.hpp"
#include "real.hpp"
#include "hooks/exceptions.hpp"

namespace heddle::unmodified {

Throws throws;

namespace {

// What the library has in front of an object that was thrown. Source: libstdc++, unwind-cxx.h; Itanium C++ ABI, 2.2.
constexpr std::ptrdiff_t counted_header_bytes = 128;  // __cxa_refcounted_exception
constexpr std::ptrdiff_t header_bytes = 112;          // __cxa_exception
constexpr std::ptrdiff_t handler_count_at = 40;
constexpr std::ptrdiff_t class_at = 80;      // the lowest byte: 1 for what std::rethrow_exception has thrown
constexpr std::uintptr_t beside_thrown = 1;  // nothing else begins there

std::uintptr_t stand_in_of(const void* thrown) {
    return reinterpret_cast<std::uintptr_t>(thrown) - counted_header_bytes + beside_thrown;
}

void count(const void* thrown, std::uintptr_t caller) {
    if (thrown == nullptr || !self.in_program) return;
    engine::Object* const object = front_end->objects.at(stand_in_of(thrown), engine::ObjectKind::atomic, 4, 0, caller);
    front_end->perform(
        {.kind = engine::OperationKind::fetch_add, .object = object, .order = std::memory_order_acq_rel, .value = 1},
        caller);
}

/// The header of what the innermost handler has caught; null if no exception is handled.
const std::byte* innermost_caught() { return *reinterpret_cast<const std::byte* const*>(abi::__cxa_get_globals()); }

/// The object that was thrown. Returns: null if it is not one of C++.
const void* object_of(const std::byte* caught) {
    const auto is_dependent = static_cast<unsigned char>(caught[class_at]);
    if (is_dependent > 1) return nullptr;
    return is_dependent == 1 ? *reinterpret_cast<const void* const*>(caught) : caught + header_bytes;
}

/// What the innermost handler that is about to be left has caught, if it is the last to handle it.
const void* caught_for_the_last_time() {
    const std::byte* const caught = innermost_caught();
    if (caught == nullptr || *reinterpret_cast<const int*>(caught + handler_count_at) != 1) return nullptr;
    return object_of(caught);
}

}  // namespace

void Throws::note(const void* object, std::uintptr_t caller) {
    if (!front_end->witness().is_recording()) return;
    const OutsideProgram outside;
    at_[object] = front_end->site(caller);
}

engine::Site Throws::of_handled() const {
    const std::byte* const caught = innermost_caught();
    const auto found = caught != nullptr ? at_.find(object_of(caught)) : at_.end();
    return found != at_.end() ? found->second : engine::Site{};
}

}  // namespace heddle::unmodified

using namespace heddle::unmodified;  // NOLINT: what follows are the names of the standard library

HEDDLE_HOOK void heddle_throw(void* object, std::type_info* type, void (*destroy)(void*)) __asm__("__cxa_throw");
HEDDLE_HOOK void heddle_throw(void* object, std::type_info* type, void (*destroy)(void*)) {
    static const auto real = real_function<void(void*, std::type_info*, void (*)(void*))>("__cxa_throw");
    if (self.in_program) throws.note(object, HEDDLE_CALLER);
    real(object, type, destroy);
}
HEDDLE_HOOK void heddle_addref(void** pointer) __asm__("_ZNSt15__exception_ptr13exception_ptr9_M_addrefEv");
HEDDLE_HOOK void heddle_addref(void** pointer) {
    static const auto real = real_function<void(void**)>("_ZNSt15__exception_ptr13exception_ptr9_M_addrefEv");
    count(*pointer, HEDDLE_CALLER);
    real(pointer);
}
HEDDLE_HOOK void heddle_release(void** pointer) __asm__("_ZNSt15__exception_ptr13exception_ptr10_M_releaseEv");
HEDDLE_HOOK void heddle_release(void** pointer) {
    static const auto real = real_function<void(void**)>("_ZNSt15__exception_ptr13exception_ptr10_M_releaseEv");
    count(*pointer, HEDDLE_CALLER);
    real(pointer);
}
HEDDLE_HOOK void heddle_end_catch() __asm__("__cxa_end_catch");
HEDDLE_HOOK void heddle_end_catch() {
    static const auto real = real_function<void()>("__cxa_end_catch");
    if (self.in_program)
        if (const void* const thrown = caught_for_the_last_time();
            thrown != nullptr && front_end->objects.is_at(stand_in_of(thrown)))
            count(thrown, HEDDLE_CALLER);
    real();
}
