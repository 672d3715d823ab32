// The low level: threads without objects, as Python's `_thread` has them: start_new_thread, exit_thread, get_ident,
// get_native_id, stack_size, allocate_lock and Lock.
//
// ```cpp
// heddle::Lock done = heddle::allocate_lock();
// done.acquire();
// heddle::start_new_thread([&] { done.release(); });
// done.acquire();  // waits for the thread: nobody can join it
// ```
#pragma once

#include <cstdint>
#include <cstdio>
#include <exception>
#include <type_traits>
#include <utility>

#include <heddle/detail/runtime.hpp>
#include <heddle/detail/task.hpp>
#include <heddle/errors.hpp>
#include <heddle/lock.hpp>
#include <heddle/thread_handle.hpp>

namespace heddle {

/// Starts a detached thread that calls `function(args...)` on its own copies of them. Nobody can join it, and the
/// exit of the process does not wait for it: wait on something that it signals, such as a Lock that it releases.
/// What leaves the function is printed to stderr, SystemExit excepted; other threads are unaffected.
/// Requires: nothing. Returns: get_ident() of the new thread.
/// Errors: throws RuntimeError if the system has no thread to give; then nothing was started.
/// Visibility: everything before the call happens-before the function. Source: Python 3.13 _thread.start_new_thread.
template <Platform P = StdPlatform, class F, class... Args>
requires std::invocable<std::decay_t<F>, std::decay_t<Args>...> std::uint64_t start_new_thread(F&& function,
                                                                                               Args&&... args) {
    auto body = [task = detail::Task::bind(std::forward<F>(function), std::forward<Args>(args)...)]() mutable {
        try {
            task.run_once();
        } catch (const SystemExit&) {  // a silent end
        } catch (const std::exception& error) {
            std::fprintf(stderr, "Exception ignored in a thread started by start_new_thread: %s\n", error.what());
        } catch (...) {
            std::fprintf(stderr, "Exception ignored in a thread started by start_new_thread\n");
        }
    };
    const std::size_t stack_bytes = detail::Runtime<P>::instance().stack_bytes();
    try {
        return P::spawn(
            std::move(body), [] {}, stack_bytes);
    } catch (...) {
        throw RuntimeError("can't start new thread");
    }
}

/// Requires: nothing. Returns: a new lock that nobody holds. Errors: none. Visibility: none. Source: Python 3.13
/// _thread.allocate_lock.
inline Lock allocate_lock() { return Lock(); }

}  // namespace heddle
