// Calls of the C library that the code under check must not make, since an engine cannot see what they do. They go on to
// the library itself from everywhere else. Weak: a front end may have definitions of its own.
#include <dlfcn.h>
#include <pthread.h>
#include <sys/types.h>
#include <unistd.h>

#include <cassert>
#include <cstdlib>
#include <string>

#include "thread_variables.hpp"
#include "watch.hpp"

extern "C" const char __executable_start, etext;  // of the linker: where the executable's own code lies

namespace heddle::engine {

namespace {

/// The next definition of the function that is called `name`.
template <class Function>
Function next(Function& known, const char* name) {
    if (known == nullptr) known = reinterpret_cast<Function>(dlsym(RTLD_NEXT, name));
    return known;
}

/// Libraries guard their own data; code under check is compiled into the executable.
bool is_of_the_executable(const void* code) { return code >= &__executable_start && code < &etext; }

void refuse_standard(const char* what, const char* instead, const void* caller) {
    if (Watch::in_program() && is_of_the_executable(caller))
        Watch::fail_program(FailureKind::misuse, std::string("the code under check uses ") + what +
                                                     ", which no engine sees; what it needs is " + instead);
}

void refuse_to_end(const std::string& how) {
    Watch::fail_program(FailureKind::crash, "the program ends its process: " + how);
}

}  // namespace

}  // namespace heddle::engine

using heddle::engine::next;

// `call`: the parameters without their types.
#define HEDDLE_REFUSE(name, parameters, call, what, instead)                         \
    extern "C" [[gnu::weak]] int name parameters noexcept(noexcept(::name call)) {   \
        heddle::engine::refuse_standard(what, instead, __builtin_return_address(0)); \
        static constinit decltype(&::name) known = nullptr;                          \
        return next(known, #name) call;                                              \
    }

HEDDLE_REFUSE(pthread_mutex_lock, (pthread_mutex_t * mutex), (mutex), "a std::mutex", "heddle::mutex<P>")
HEDDLE_REFUSE(pthread_mutex_trylock, (pthread_mutex_t * mutex), (mutex), "a std::mutex", "heddle::mutex<P>")
HEDDLE_REFUSE(pthread_mutex_clocklock, (pthread_mutex_t * mutex, clockid_t clock, const timespec* until),
              (mutex, clock, until), "a std::timed_mutex", "heddle::mutex<P>")
HEDDLE_REFUSE(pthread_rwlock_rdlock, (pthread_rwlock_t * lock), (lock), "a std::shared_mutex", "heddle::mutex<P>")
HEDDLE_REFUSE(pthread_rwlock_wrlock, (pthread_rwlock_t * lock), (lock), "a std::shared_mutex", "heddle::mutex<P>")
HEDDLE_REFUSE(pthread_once, (pthread_once_t * once, void (*function)()), (once, function), "std::call_once",
              "a flag under a heddle::mutex<P>")

extern "C" [[gnu::weak]] int pthread_create(pthread_t* thread, const pthread_attr_t* attributes, void* (*body)(void*),
                                            void* argument) noexcept {
    using heddle::engine::FailureKind;
    using heddle::engine::Watch;
    if (Watch::in_program())
        Watch::fail_program(
            FailureKind::misuse,
            "the code under check starts a thread (std::thread), which no engine sees; what it needs is "
            "P::spawn, and how many in dynamic_threads");
    static constinit decltype(&::pthread_create) known = nullptr;
    return next(known, "pthread_create")(thread, attributes, body, argument);
}

/// An object that is to end with its thread. One of a program ends with the thread of the program.
extern "C" [[gnu::weak]] int __cxa_thread_atexit(void (*end)(void*), void* object, void* module) noexcept {
    using namespace heddle::engine;
    if (Watch::in_program() && ThreadVariables::ends_with(end, object)) return 0;
    using Function = int (*)(void (*)(void*), void*, void*);
    static constinit Function known = nullptr;
    return next(known, "__cxa_thread_atexit")(end, object, module);
}

extern "C" [[gnu::weak]] pid_t fork() noexcept {
    using heddle::engine::FailureKind;
    using heddle::engine::Watch;
    Watch::fail_program(FailureKind::misuse, "the code under check forks: a process of its own is not explored");
    static constinit decltype(&::fork) known = nullptr;
    return next(known, "fork")();
}

extern "C" [[gnu::weak]] void __assert_fail(const char* expression, const char* file, unsigned line,
                                            const char* function) noexcept {
    using namespace heddle::engine;
    Watch::fail_program(FailureKind::crash, std::string("the assertion '") + expression + "' failed",
                        Site::current(file, line));
    static constinit decltype(&::__assert_fail) known = nullptr;
    next(known, "__assert_fail")(expression, file, line, function);
    __builtin_unreachable();
}

#define HEDDLE_REFUSE_END(name)                                                    \
    extern "C" [[gnu::weak]] void name(int status) noexcept(noexcept(::name(0))) { \
        heddle::engine::refuse_to_end(#name "(" + std::to_string(status) + ")");   \
        static constinit decltype(&::name) known = nullptr;                        \
        next(known, #name)(status);                                                \
        __builtin_unreachable();                                                   \
    }

HEDDLE_REFUSE_END(exit)
HEDDLE_REFUSE_END(_exit)
HEDDLE_REFUSE_END(_Exit)
HEDDLE_REFUSE_END(quick_exit)
