// Running parts of a program, whose mistakes are failures.
#pragma once

#include <cxxabi.h>

#include <exception>
#include <optional>
#include <string>

#include <heddle/engine/adopted.hpp>
#include <heddle/engine/run.hpp>

#include "execution.hpp"
#include "host/allocation.hpp"
#include "words.hpp"

namespace heddle::engine {

/// What an exception was that left a part of the program.
struct Uncaught {
    std::string message;
    Site thrown_at;  ///< no line: not known
};

/// Runs `body`. `thrown_at`: asked where the exception was thrown that is handled. Returns: nothing if none left it.
template <class Body, class ThrownAt>
std::optional<Uncaught> exception_leaving(const Body& body, const ThrownAt& thrown_at) {
    try {
        body();
    } catch (const std::exception& error) {
        return Uncaught{words::left_by_exception(abi::__cxa_current_exception_type(), error.what()), thrown_at()};
    } catch (...) {
        return Uncaught{words::left_by_exception(abi::__cxa_current_exception_type(), nullptr), thrown_at()};
    }
    return std::nullopt;
}

/// The same, where nobody knows it.
template <class Body>
std::optional<Uncaught> exception_leaving(const Body& body) {
    return exception_leaving(body, [] { return Site{}; });
}

/// Runs a part of the program: its allocations are followed, and an exception that leaves it fails the run.
template <class Body>
void guarded(Run& run, Execution& execution, const Body& body, Adopter* adopter = nullptr) {
    const AllocateFor program(&execution.memory);
    const auto thrown_at = [adopter] { return adopter != nullptr ? adopter->thrown_at() : Site{}; };
    if (const auto uncaught = exception_leaving(body, thrown_at))
        run.fail(FailureKind::exception, uncaught->message, uncaught->thrown_at);
}

}  // namespace heddle::engine
