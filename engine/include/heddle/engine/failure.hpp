// The closed list of ways in which a program can fail.
//
// ```cpp
// EXPECT_EQ(to_string(heddle::failure::data_race), "data_race");
// EXPECT_EQ(heddle::engine::failure_kind_from("data_race"), heddle::failure::data_race);
// ```
#pragma once

#include <heddle/engine/requirements.hpp>

#include <cstdint>
#include <optional>
#include <string_view>

namespace heddle::engine {

/// What a failing execution did wrong.
enum class FailureKind : std::uint8_t {
    assertion,           ///< a check() was false
    data_race,           ///< two accesses to plain data, one of them a write, not ordered by happens-before
    deadlock,            ///< threads wait and nobody is left to wake them
    livelock,            ///< an execution ran past the bound on its length
    uninitialised_read,  ///< a value was read before anything was written, as far as the reader can know
    use_after_free,      ///< an object was used after its destruction
    double_free,         ///< memory was freed twice, or an object destroyed twice
    leak,                ///< memory of the program was still allocated at the end
    exception,           ///< an exception left a thread
    crash,               ///< the program crashed, called abort(), or ended its process
    misuse,              ///< a precondition of the engine or of a primitive was broken
    too_big,             ///< the program exceeds a limit of the engine, which the message names
    nothing_checked,     ///< no two threads met at an object that the engine sees
    nondeterminism,      ///< the program did something else when it was run again with the same choices
};

/// Requires: nothing. Returns: the kind's name, as reports, JSON and HEDDLE_BROKEN_MODEL spell it. Errors: none.
/// Visibility: none. Source: none.
std::string_view to_string(FailureKind kind);

/// Requires: nothing. Returns: the kind of that name; nullopt if there is none. Errors: none. Visibility: none.
/// Source: none.
std::optional<FailureKind> failure_kind_from(std::string_view name);

}  // namespace heddle::engine

namespace heddle::failure {
using enum engine::FailureKind;
}
