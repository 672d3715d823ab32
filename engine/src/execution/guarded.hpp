// Running parts of a program, whose mistakes are failures.
#pragma once

#include <exception>
#include <optional>
#include <string>

#include <heddle/engine/run.hpp>

#include "execution.hpp"
#include "host/allocation.hpp"
#include "words.hpp"

namespace heddle::engine {

/// Runs `body`. Returns: what to say of the exception that left it; nothing if none did.
template <class Body>
std::optional<std::string> exception_leaving(const Body& body) {
    try {
        body();
    } catch (const std::exception& error) {
        return words::left_by_exception(error.what());
    } catch (...) {
        return words::left_by_exception(nullptr);
    }
    return std::nullopt;
}

/// Runs a part of the program: its allocations are followed, and an exception that leaves it fails the run.
template <class Body>
void guarded(Run& run, Execution& execution, const Body& body) {
    const AllocateFor program(&execution.memory);
    if (const auto message = exception_leaving(body)) run.fail(FailureKind::exception, *message, Site{});
}

}  // namespace heddle::engine
