// How a thread waits for a condition.
#pragma once

#include <pthread.h>

#include <chrono>
#include <cstdint>

namespace heddle::unmodified {

/// Returns: 0, or ETIMEDOUT. Requires: the hook has noted the frames of its caller. Errors: fails the execution if the running
/// thread does not hold the mutex.
int wait(pthread_cond_t* condition, pthread_mutex_t* mutex, std::chrono::nanoseconds deadline, std::uintptr_t caller);

}  // namespace heddle::unmodified
