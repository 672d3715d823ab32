// pthread_create and what belongs to it. A pthread_t of the program is a number that this library gives.
#include <pthread.h>
#include <unistd.h>

#include <cerrno>

#include "front_end.hpp"
#include "real.hpp"

using heddle::unmodified::front_end;
using heddle::unmodified::OutsideProgram;
using heddle::unmodified::self;

namespace {

constexpr pthread_t first_handle = 0x1000;  // told from 0, which std::thread::id takes for no thread

pthread_t handle_of(unsigned thread) { return first_handle + thread; }
unsigned thread_of(pthread_t handle) { return static_cast<unsigned>(handle - first_handle); }

/// What of a thread's attributes changes what it does, and is not followed.
bool is_detached(const pthread_attr_t* attributes) {
    int state = PTHREAD_CREATE_JOINABLE;
    return attributes != nullptr && pthread_attr_getdetachstate(attributes, &state) == 0 &&
           state == PTHREAD_CREATE_DETACHED;
}

/// Where the program has called the function of the standard library that has called a hook at `caller`.
std::uintptr_t call_of_program(std::uintptr_t caller) {
    const auto& calls = self.calls;
    if (front_end->modules.is_seen(caller) || calls.size() == 0) return caller;
    // Whatever a function calls returns to an address that is where its call of __tsan_func_entry had its own.
    const auto* const frame = reinterpret_cast<const std::uintptr_t*>(calls[calls.size() - 1].frame);
    return front_end->modules.is_seen(frame[1]) ? frame[1] : caller;
}

}  // namespace

HEDDLE_HOOK int pthread_create(pthread_t* handle, const pthread_attr_t* attributes, void* (*start)(void*),
                               void* argument) {
    if (!self.in_program) return HEDDLE_REAL(pthread_create)(handle, attributes, start, argument);
    const unsigned thread = front_end->threads.spawn(start, argument, HEDDLE_CALLER);
    if (is_detached(attributes)) front_end->threads.detach(thread, HEDDLE_CALLER);
    *handle = handle_of(thread);
    return 0;
}
HEDDLE_HOOK int pthread_join(pthread_t handle, void** result) {
    if (!self.in_program) return HEDDLE_REAL(pthread_join)(handle, result);
    if (handle == pthread_self()) return EDEADLK;
    void* const its = front_end->threads.join(thread_of(handle), call_of_program(HEDDLE_CALLER));
    if (result != nullptr) *result = its;
    return 0;
}
HEDDLE_HOOK int pthread_detach(pthread_t handle) {
    if (!self.in_program) return HEDDLE_REAL(pthread_detach)(handle);
    front_end->threads.detach(thread_of(handle), call_of_program(HEDDLE_CALLER));
    return 0;
}
HEDDLE_HOOK pthread_t pthread_self() {
    if (!self.in_program) return HEDDLE_REAL(pthread_self)();
    return handle_of(front_end->witness().thread());
}

// The kernel's numbers: those that are the same whenever the program runs again, and the process's for its first thread.
HEDDLE_HOOK pid_t getpid() noexcept {
    constexpr pid_t number_of_process = 1000;
    return self.in_program ? number_of_process : HEDDLE_REAL(getpid)();
}
HEDDLE_HOOK pid_t gettid() noexcept {
    if (!self.in_program) return HEDDLE_REAL(gettid)();
    return getpid() + static_cast<pid_t>(front_end->witness().thread() - heddle::unmodified::Threads::first);
}

HEDDLE_HOOK int pthread_key_create(pthread_key_t* key, void (*end)(void*)) {
    if (!self.in_program) return HEDDLE_REAL(pthread_key_create)(key, end);
    unsigned made = 0;
    if (!front_end->threads.create_key(made, end)) return EAGAIN;
    *key = made;
    return 0;
}
HEDDLE_HOOK int pthread_key_delete(pthread_key_t key) {
    if (!self.in_program) return HEDDLE_REAL(pthread_key_delete)(key);
    front_end->threads.delete_key(key);
    return 0;
}
HEDDLE_HOOK void* pthread_getspecific(pthread_key_t key) {
    if (!self.in_program) return HEDDLE_REAL(pthread_getspecific)(key);
    return front_end->threads.value_of(key);
}
HEDDLE_HOOK int pthread_setspecific(pthread_key_t key, const void* value) {
    if (!self.in_program) return HEDDLE_REAL(pthread_setspecific)(key, value);
    front_end->threads.value_of(key) = const_cast<void*>(value);
    return 0;
}
