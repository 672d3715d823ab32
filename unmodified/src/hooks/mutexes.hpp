// What conditions do with mutexes, and who a lock of the C library says that it belongs to.
#pragma once

#include <pthread.h>

#include <chrono>
#include <cstdint>

#include "front_end.hpp"

namespace heddle::unmodified {

/// Returns: what a lock that the running thread holds has for its owner.
inline int own_number() { return static_cast<int>(front_end->witness().thread()); }

/// The running thread locks a mutex. Returns: 0, or an error of pthread_mutex_lock.
int lock(pthread_mutex_t* mutex, std::chrono::nanoseconds deadline, std::uintptr_t caller);
/// The same without a wait. Requires: the hook has noted the frames of its caller.
int try_lock(pthread_mutex_t* mutex, std::uintptr_t caller);
int unlock(pthread_mutex_t* mutex, std::uintptr_t caller);
/// Unlocks it however often it is locked. Requires: the running thread holds it. Returns: how often that was.
unsigned release(pthread_mutex_t* mutex, std::uintptr_t caller);
/// Locks it so often.
void reclaim(pthread_mutex_t* mutex, unsigned count, std::uintptr_t caller);

}  // namespace heddle::unmodified
