// What is told of an exception that leaves the body of a thread; set_excepthook stands with Thread.
//
// ```cpp
// const auto exception = std::make_exception_ptr(heddle::SystemExit());
// heddle::default_excepthook({.exception = exception, .thread_name = "Thread-1"});  // prints nothing: a silent end
// ```
#pragma once

#include <cstdio>
#include <exception>
#include <functional>
#include <string>

#include <heddle/errors.hpp>

namespace heddle {

/// What an excepthook is told about a failed thread body.
struct ExceptHookArgs {
    std::exception_ptr exception;
    std::string thread_name;
};

/// Called in the failing thread, once, before it ends; see set_excepthook.
using ExceptHook = std::function<void(const ExceptHookArgs&)>;

/// Prints `Exception in thread NAME: WHAT` to stderr; says nothing about SystemExit.
/// Requires: an exception. Returns: nothing. Errors: none. Visibility: none. Source: Python 3.13 threading.excepthook.
inline void default_excepthook(const ExceptHookArgs& args) {
    try {
        std::rethrow_exception(args.exception);
    } catch (const SystemExit&) {
    } catch (const std::exception& error) {
        std::fprintf(stderr, "Exception in thread %s: %s\n", args.thread_name.c_str(), error.what());
    } catch (...) {
        std::fprintf(stderr, "Exception in thread %s: not derived from std::exception\n", args.thread_name.c_str());
    }
}

}  // namespace heddle
