// pthread_create and what belongs to it.
#include <pthread.h>
#include <unistd.h>

#include <cerrno>
#include <memory>

#include "deadlines.hpp"
#include "front_end.hpp"
#include "real.hpp"
#include "hooks/entry.hpp"
#include "hooks/handles.hpp"
#include "hooks/thread_attributes.hpp"

namespace heddle::unmodified {
namespace {

/// What of a thread's attributes changes what it does, and is not followed.
bool is_detached(const pthread_attr_t* attributes) {
    int state = PTHREAD_CREATE_JOINABLE;
    return attributes != nullptr && pthread_attr_getdetachstate(attributes, &state) == 0 &&
           state == PTHREAD_CREATE_DETACHED;
}

/// A thread of the program that is no thread of an execution.
struct OutsideThread {
    using Start = void* (*)(void*);
    OutsideThread(Start its_start, void* its_argument) : start(its_start), argument(its_argument) { ++threads_outside; }
    OutsideThread(const OutsideThread&) = delete;
    OutsideThread& operator=(const OutsideThread&) = delete;
    ~OutsideThread() { --threads_outside; }

    static void* run(void* memory) {
        const std::unique_ptr<OutsideThread> self(static_cast<OutsideThread*>(memory));
        return self->start(self->argument);
    }

    Start start;
    void* argument;
};

/// Whether code with hooks is to run there: by itself, or as std::thread runs it.
bool is_programs(void* (*start)(void*), const void* argument) {
    if (front_end == nullptr) return false;
    const auto& modules = front_end->modules;
    const auto code = reinterpret_cast<std::uintptr_t>(start);
    return modules.is_seen(code) ||
           (modules.is_library_of_cxx(code) && modules.is_seen(*static_cast<const std::uintptr_t*>(argument)));
}

int joined(unsigned thread, void** result) {
    if (result != nullptr) *result = front_end->threads.result_of(thread);
    return 0;
}

int try_join(pthread_t handle, void** result, int error, std::uintptr_t caller) {
    const unsigned thread = thread_of(handle);
    return front_end->threads.try_join(thread, heddle_entered, caller) ? joined(thread, result) : error;
}

}  // namespace

pthread_t start(Threads::Start function, void* argument, std::uintptr_t caller) {
    const unsigned thread = front_end->threads.spawn(function, argument, caller);
    thread_attributes.inherit(thread);
    return handle_of(thread);
}

int join(pthread_t handle, void** result, std::chrono::nanoseconds deadline, std::uintptr_t caller) {
    if (handle == pthread_self()) return EDEADLK;
    if (deadline <= front_end->run().now()) return try_join(handle, result, ETIMEDOUT, caller);
    const unsigned thread = thread_of(handle);
    return front_end->threads.join(thread, deadline, caller) ? joined(thread, result) : ETIMEDOUT;
}

std::uintptr_t call_of_program(std::uintptr_t caller) {
    const auto& calls = self.calls;
    if (front_end->modules.is_seen(caller) || calls.size() == 0) return caller;
    // Whatever a function calls returns to an address that is where its call of __tsan_func_entry had its own.
    const auto* const frame = reinterpret_cast<const std::uintptr_t*>(calls[calls.size() - 1].frame);
    return front_end->modules.is_seen(frame[1]) ? frame[1] : caller;
}

}  // namespace heddle::unmodified

using namespace heddle::unmodified;  // NOLINT: what follows are the C library's names

HEDDLE_HOOK int pthread_create(pthread_t* handle, const pthread_attr_t* attributes, void* (*function)(void*),
                               void* argument) {
    if (!self.in_program) {
        if (!is_programs(function, argument))
            return HEDDLE_REAL(pthread_create)(handle, attributes, function, argument);
        auto thread = std::make_unique<OutsideThread>(function, argument);
        const int status = HEDDLE_REAL(pthread_create)(handle, attributes, &OutsideThread::run, thread.get());
        if (status == 0) static_cast<void>(thread.release());  // it is its own
        return status;
    }
    *handle = start(function, argument, HEDDLE_CALLER);
    if (is_detached(attributes)) front_end->threads.detach(thread_of(*handle), HEDDLE_CALLER);
    return 0;
}
HEDDLE_HOOK int pthread_join(pthread_t handle, void** result) {
    if (!self.in_program) return HEDDLE_REAL(pthread_join)(handle, result);
    return join(handle, result, heddle::engine::no_deadline, call_of_program(HEDDLE_CALLER));
}
HEDDLE_ENTRY(pthread_tryjoin_np, heddle_tryjoin)
HEDDLE_BODY int heddle_tryjoin(pthread_t handle, void** result) {
    if (!self.in_program) return HEDDLE_REAL(pthread_tryjoin_np)(handle, result);
    return try_join(handle, result, EBUSY, HEDDLE_CALLER);
}
HEDDLE_ENTRY(pthread_timedjoin_np, heddle_timedjoin)
HEDDLE_BODY int heddle_timedjoin(pthread_t handle, void** result, const timespec* until) {
    if (!self.in_program) return HEDDLE_REAL(pthread_timedjoin_np)(handle, result, until);
    return join(handle, result, deadline_of(until), HEDDLE_CALLER);
}
HEDDLE_ENTRY(pthread_clockjoin_np, heddle_clockjoin)
HEDDLE_BODY int heddle_clockjoin(pthread_t handle, void** result, clockid_t clock, const timespec* until) {
    if (!self.in_program) return HEDDLE_REAL(pthread_clockjoin_np)(handle, result, clock, until);
    return join(handle, result, deadline_of(until), HEDDLE_CALLER);
}
HEDDLE_HOOK int pthread_detach(pthread_t handle) {
    if (!self.in_program) return HEDDLE_REAL(pthread_detach)(handle);
    front_end->threads.detach(thread_of(handle), call_of_program(HEDDLE_CALLER));
    return 0;
}
HEDDLE_ALIAS(thrd_detach, pthread_detach)
HEDDLE_HOOK pthread_t pthread_self() {
    if (!self.in_program) return HEDDLE_REAL(pthread_self)();
    return handle_of(front_end->witness().thread());
}
HEDDLE_ALIAS(thrd_current, pthread_self)

HEDDLE_HOOK pid_t getpid() noexcept { return self.in_program ? number_of_process : HEDDLE_REAL(getpid)(); }
HEDDLE_HOOK pid_t gettid() noexcept {
    if (!self.in_program) return HEDDLE_REAL(gettid)();
    return kernels_number_of(front_end->witness().thread());
}

HEDDLE_HOOK int pthread_key_create(pthread_key_t* key, void (*end)(void*)) {
    if (!self.in_program) {
        const int status = HEDDLE_REAL(pthread_key_create)(key, end);
        if (status == 0) ThreadKeys::note_outside(*key, end);
        return status;
    }
    unsigned made = 0;
    if (!front_end->threads.keys.create(made, end)) return EAGAIN;
    *key = made;
    return 0;
}
HEDDLE_HOOK int pthread_key_delete(pthread_key_t key) {
    if (!self.in_program) {
        ThreadKeys::note_outside(key, nullptr);
        return HEDDLE_REAL(pthread_key_delete)(key);
    }
    front_end->threads.keys.remove(key, HEDDLE_CALLER);
    return 0;
}
HEDDLE_HOOK void* pthread_getspecific(pthread_key_t key) {
    if (!self.in_program) return HEDDLE_REAL(pthread_getspecific)(key);
    return front_end->threads.keys.value_of(key, HEDDLE_CALLER);
}
HEDDLE_HOOK int pthread_setspecific(pthread_key_t key, const void* value) {
    if (!self.in_program) return HEDDLE_REAL(pthread_setspecific)(key, value);
    front_end->threads.keys.value_of(key, HEDDLE_CALLER) = const_cast<void*>(value);
    return 0;
}

HEDDLE_ALIAS(tss_delete, pthread_key_delete)
HEDDLE_ALIAS(tss_get, pthread_getspecific)
HEDDLE_ALIAS(tss_set, pthread_setspecific)
