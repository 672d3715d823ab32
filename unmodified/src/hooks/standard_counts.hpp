// What the standard asks of those who count for others that wait: a latch ends at zero, a semaphore at its max(). The
// library's own functions go on and count beyond.
#pragma once

#include <cstdint>
#include <type_traits>

#include <heddle/engine/operation.hpp>

#include "front_end.hpp"

namespace heddle::unmodified {

/// The running thread has found `found`, and has added `change` to it. Errors: fails the execution if what it counts for the
/// standard library is beyond its end then.
void check_standard_count(std::int64_t found, std::int64_t change, std::uintptr_t caller);

/// The same of any read-modify-write of an atomic, which found `found`.
template <class T>
void check_count(engine::OperationKind kind, T found, T value, std::uintptr_t caller) {
    const bool adds = kind == engine::OperationKind::fetch_add;
    if ((!adds && kind != engine::OperationKind::fetch_sub) || !self.in_program || front_end->wake_ups.is_trial())
        return;
    const auto as_signed = [](T bits) { return std::int64_t{static_cast<std::make_signed_t<T>>(bits)}; };
    check_standard_count(as_signed(found), adds ? as_signed(value) : -as_signed(value), caller);
}

}  // namespace heddle::unmodified
