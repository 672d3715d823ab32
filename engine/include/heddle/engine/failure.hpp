// The closed list of ways in which a model can fail.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace heddle::checker {

/// What a failing execution did wrong.
enum class FailureKind : std::uint8_t {
    assertion,           ///< a check() of the model was false
    data_race,           ///< two accesses to plain data, one of them a write, not ordered by happens-before
    deadlock,            ///< threads wait and nobody is left to wake them
    livelock,            ///< an execution ran past the bound on its length
    uninitialised_read,  ///< a value was read before anything was written, as far as the reader can know
    use_after_free,      ///< an object was used after its destruction
    double_free,         ///< memory was freed twice
    leak,                ///< memory of the model was still allocated at the end
    exception,           ///< an exception left a thread of the model
    misuse,              ///< a precondition of the checker or of a primitive was broken
    too_big,             ///< the model exceeds a limit of the engine, which the message names
    nondeterminism,      ///< the program did something else when it was run again with the same choices
};

/// The kind's name, as reports, JSON and HEDDLE_BROKEN_MODEL spell it.
std::string_view to_string(FailureKind kind);

/// The kind of that name; nullopt if there is none.
std::optional<FailureKind> failure_kind_from(std::string_view name);

}  // namespace heddle::checker

namespace heddle::failure {
using enum checker::FailureKind;
}
