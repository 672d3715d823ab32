// The numbers of the program's threads: a pthread_t of the program is one that this library gives, and so are the kernel's, which
// are the same whenever the program runs again, and the process's for its first thread.
#pragma once

#include <pthread.h>
#include <sys/types.h>

#include <chrono>
#include <cstdint>

#include "threads.hpp"

namespace heddle::unmodified {

inline constexpr pthread_t first_handle = 0x1000;  // told from 0, which std::thread::id takes for no thread

constexpr pthread_t handle_of(unsigned thread) { return first_handle + thread; }
constexpr unsigned thread_of(pthread_t handle) { return static_cast<unsigned>(handle - first_handle); }

inline constexpr pid_t number_of_process = 1000;
constexpr pid_t kernels_number_of(unsigned thread) {
    return number_of_process + static_cast<pid_t>(thread - Threads::first);
}
constexpr unsigned thread_numbered(pid_t number) {
    return static_cast<unsigned>(number - number_of_process) + Threads::first;
}

/// The program starts a thread. Errors: fails the execution if there are too many.
pthread_t start(Threads::Start function, void* argument, std::uintptr_t caller);
/// It waits for the end of one. Returns: 0, or an error of pthread_timedjoin_np. Requires: the hook has noted the frames of its
/// caller, or there is no deadline.
int join(pthread_t handle, void** result, std::chrono::nanoseconds deadline, std::uintptr_t caller);

/// Where the program has called the function of the standard library that has called a hook at `caller`.
std::uintptr_t call_of_program(std::uintptr_t caller);

}  // namespace heddle::unmodified
