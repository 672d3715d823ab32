// What a Lock does, as a function.
//
// ```cpp
// using heddle::properties::LockSpecification;
// const auto [result, held] = LockSpecification::step(false, {LockSpecification::Kind::acquire_now, 0});
// EXPECT_EQ(result, "true");
// EXPECT_TRUE(held);
// ```
#pragma once

#include <heddle/platform/requirements.hpp>

#include <cstddef>
#include <ostream>
#include <string>
#include <utility>

namespace heddle::properties {

/// One bit: held or not. Who calls does not matter. Source: Python 3.13 threading.Lock.
struct LockSpecification {
    enum class Kind { acquire_now, acquire_timed, release, locked };
    struct Operation {
        Kind kind;
        std::size_t thread;  // which thread performs it
    };
    using State = bool;
    using Result = std::string;

    /// Requires: nothing. Returns: what the operation gives, and whether the lock is held then. Errors: none.
    /// Visibility: none. Source: Python 3.13 threading.Lock.
    static std::pair<Result, State> step(const State& held, const Operation& operation) {
        switch (operation.kind) {
            case Kind::acquire_now:
            case Kind::acquire_timed:
                return {held ? "false" : "true", true};
            case Kind::release:
                return {held ? "done" : "RuntimeError", false};
            case Kind::locked:
                return {held ? "true" : "false", held};
        }
        return {"?", held};
    }

    friend std::ostream& operator<<(std::ostream& out, const Operation& operation) {
        static constexpr const char* names[] = {"acquire(false)", "acquire(true, 0s)", "release()", "locked()"};
        return out << "thread " << operation.thread << ": " << names[static_cast<int>(operation.kind)];
    }
};

}  // namespace heddle::properties
