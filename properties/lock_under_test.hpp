// A lock of either kind, for properties that compare it with its specification.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include <heddle/detail/lock_access.hpp>
#include <heddle/errors.hpp>

#include "crew.hpp"

namespace heddle::properties {

/// Performs each operation of `Specification` in the thread that it names.
template <class AnyLock, class Specification>
class LockUnderTest {
  public:
    std::string perform(const typename Specification::Operation& operation) {
        return crew_.run(operation.thread, [this, kind = operation.kind]() -> std::string {
            try {
                return perform(kind);
            } catch (const RuntimeError&) {
                return "RuntimeError";
            }
        });
    }

  private:
    using Kind = typename Specification::Kind;

    std::string perform(Kind kind) {
        const auto text = [](bool value) { return value ? "true" : "false"; };
        if constexpr (requires { Kind::level; })
            if (kind == Kind::level) return std::to_string(lock_.recursion_count());
        if constexpr (requires { Kind::give_up; })
            if (kind == Kind::give_up) return give_up();
        if (kind == Kind::acquire_now) return text(lock_.acquire(false));
        if (kind == Kind::acquire_timed) return text(lock_.acquire(true, std::chrono::seconds(0)));
        if (kind == Kind::locked) return text(lock_.locked());
        return lock_.release(), "done";
    }
    std::string give_up() {
        const std::uint32_t level = heddle::detail::LockAccess::release_whole(lock_);
        const bool is_free = !lock_.locked();
        heddle::detail::LockAccess::take_back(lock_, level, false);
        return is_free ? std::to_string(level) : "not free";
    }

    AnyLock lock_;
    Crew crew_;
};

}  // namespace heddle::properties
