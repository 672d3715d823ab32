// pthread_create and what belongs to it. A pthread_t of the program is a number that this library gives.
#include <pthread.h>
#include <unistd.h>

#include <cerrno>
#include <memory>

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

/// A thread of the program that is no thread of an execution.
struct OutsideThread {
    using Start = void* (*)(void*);
    OutsideThread(Start its_start, void* its_argument) : start(its_start), argument(its_argument) {
        ++heddle::unmodified::threads_outside;
    }
    OutsideThread(const OutsideThread&) = delete;
    OutsideThread& operator=(const OutsideThread&) = delete;
    ~OutsideThread() { --heddle::unmodified::threads_outside; }

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
    if (!self.in_program) {
        if (!is_programs(start, argument)) return HEDDLE_REAL(pthread_create)(handle, attributes, start, argument);
        auto thread = std::make_unique<OutsideThread>(start, argument);
        const int status = HEDDLE_REAL(pthread_create)(handle, attributes, &OutsideThread::run, thread.get());
        if (status == 0) static_cast<void>(thread.release());  // it is its own
        return status;
    }
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
    if (!self.in_program) {
        const int status = HEDDLE_REAL(pthread_key_create)(key, end);
        if (status == 0) heddle::unmodified::ThreadKeys::note_outside(*key, end);
        return status;
    }
    unsigned made = 0;
    if (!front_end->threads.keys.create(made, end)) return EAGAIN;
    *key = made;
    return 0;
}
HEDDLE_HOOK int pthread_key_delete(pthread_key_t key) {
    if (!self.in_program) {
        heddle::unmodified::ThreadKeys::note_outside(key, nullptr);
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
