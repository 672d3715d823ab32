// Calls of the C library by which threads wait for each other: an engine cannot see what they do, so the code under check
// must not make them. They go on to the library itself from everywhere else. Weak: a front end may have definitions of its own.
#include "interposed.hpp"

#include <pthread.h>
#include <semaphore.h>

#include <ctime>

#include "thread_variables.hpp"

HEDDLE_REFUSE(pthread_mutex_lock, (pthread_mutex_t * mutex), (mutex), "a std::mutex", "heddle::mutex<P>")
HEDDLE_REFUSE(pthread_mutex_trylock, (pthread_mutex_t * mutex), (mutex), "a std::mutex", "heddle::mutex<P>")
HEDDLE_REFUSE(pthread_mutex_timedlock, (pthread_mutex_t * mutex, const timespec* until), (mutex, until),
              "a std::timed_mutex", "heddle::timed_mutex<P>")
HEDDLE_REFUSE(pthread_mutex_clocklock, (pthread_mutex_t * mutex, clockid_t clock, const timespec* until),
              (mutex, clock, until), "a std::timed_mutex", "heddle::timed_mutex<P>")

#define HEDDLE_REFUSE_SHARED(name, parameters, call) \
    HEDDLE_REFUSE(name, parameters, call, "a std::shared_mutex", "heddle::shared_mutex<P>")
HEDDLE_REFUSE_SHARED(pthread_rwlock_rdlock, (pthread_rwlock_t * lock), (lock))
HEDDLE_REFUSE_SHARED(pthread_rwlock_tryrdlock, (pthread_rwlock_t * lock), (lock))
HEDDLE_REFUSE_SHARED(pthread_rwlock_timedrdlock, (pthread_rwlock_t * lock, const timespec* until), (lock, until))
HEDDLE_REFUSE_SHARED(pthread_rwlock_clockrdlock, (pthread_rwlock_t * lock, clockid_t clock, const timespec* until),
                     (lock, clock, until))
HEDDLE_REFUSE_SHARED(pthread_rwlock_wrlock, (pthread_rwlock_t * lock), (lock))
HEDDLE_REFUSE_SHARED(pthread_rwlock_trywrlock, (pthread_rwlock_t * lock), (lock))
HEDDLE_REFUSE_SHARED(pthread_rwlock_timedwrlock, (pthread_rwlock_t * lock, const timespec* until), (lock, until))
HEDDLE_REFUSE_SHARED(pthread_rwlock_clockwrlock, (pthread_rwlock_t * lock, clockid_t clock, const timespec* until),
                     (lock, clock, until))

HEDDLE_REFUSE(pthread_once, (pthread_once_t * once, void (*function)()), (once, function),
              "std::call_once (or a std::future)", "heddle::once_flag<P>")
HEDDLE_REFUSE(pthread_spin_lock, (pthread_spinlock_t * lock), (lock), "a pthread_spinlock_t", "heddle::mutex<P>")
HEDDLE_REFUSE(pthread_spin_trylock, (pthread_spinlock_t * lock), (lock), "a pthread_spinlock_t", "heddle::mutex<P>")
HEDDLE_REFUSE(pthread_barrier_wait, (pthread_barrier_t * barrier), (barrier), "a pthread_barrier_t",
              "heddle::barrier<P>")

#define HEDDLE_REFUSE_SEMAPHORE(name, parameters, call) \
    HEDDLE_REFUSE(name, parameters, call, "a sem_t", "heddle::counting_semaphore<P>")
HEDDLE_REFUSE_SEMAPHORE(sem_wait, (sem_t * semaphore), (semaphore))
HEDDLE_REFUSE_SEMAPHORE(sem_trywait, (sem_t * semaphore), (semaphore))
HEDDLE_REFUSE_SEMAPHORE(sem_timedwait, (sem_t * semaphore, const timespec* until), (semaphore, until))
HEDDLE_REFUSE_SEMAPHORE(sem_post, (sem_t * semaphore), (semaphore))

HEDDLE_REFUSE_SEMAPHORE(sem_clockwait, (sem_t * semaphore, clockid_t clock, const timespec* until),
                        (semaphore, clock, until))

#define HEDDLE_REFUSE_CONDITION(name) HEDDLE_REFUSE_WORDS(name, "a pthread_cond_t", "heddle::condition_variable<P>")
HEDDLE_REFUSE_CONDITION(pthread_cond_wait)
HEDDLE_REFUSE_CONDITION(pthread_cond_timedwait)
HEDDLE_REFUSE_CONDITION(pthread_cond_clockwait)
HEDDLE_REFUSE_CONDITION(pthread_cond_signal)
HEDDLE_REFUSE_CONDITION(pthread_cond_broadcast)

HEDDLE_INTERPOSE(int, pthread_create,
                 (pthread_t * thread, const pthread_attr_t* attributes, void* (*body)(void*), void* argument),
                 (thread, attributes, body, argument),
                 if (heddle::engine::Watch::in_program()) heddle::engine::Watch::fail_program(
                     heddle::engine::FailureKind::misuse,
                     "the code under check starts a thread (std::thread), which no engine sees; what it needs is "
                     "P::spawn, and how many in dynamic_threads"))
HEDDLE_INTERPOSE(int, pthread_cancel, (pthread_t thread), (thread),
                 heddle::engine::refuse(HEDDLE_CALLER, "cancels a thread", "which is not supported"))

extern "C" [[gnu::weak]] void pthread_exit(void* result) {
    heddle::engine::refuse(HEDDLE_CALLER, "calls pthread_exit", "which is not supported");
    static constinit decltype(&::pthread_exit) known = nullptr;
    heddle::engine::next(known, "pthread_exit")(result);
    __builtin_unreachable();
}

/// An object that is to end with its thread. One of a program ends with the thread of the program.
// NOLINTNEXTLINE(bugprone-reserved-identifier,readability-identifier-naming): the name that compilers call
extern "C" [[gnu::weak]] int __cxa_thread_atexit(void (*end)(void*), void* object, void* module) noexcept {
    using namespace heddle::engine;
    if (Watch::in_program() && ThreadVariables::ends_with(end, object)) return 0;
    using Function = int (*)(void (*)(void*), void*, void*);
    static constinit Function known = nullptr;
    return next(known, "__cxa_thread_atexit")(end, object, module);
}
