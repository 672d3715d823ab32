// Threads, mutexes and conditions of C11 are POSIX's in other types: what differs is how they begin, and what they return. What
// does not differ at all is another name beside the function of POSIX (HEDDLE_ALIAS).
#include <pthread.h>
#include <threads.h>

#include <cerrno>
#include <cstdint>
#include <type_traits>

#include "deadlines.hpp"
#include "front_end.hpp"
#include "real.hpp"
#include "hooks/conditions.hpp"
#include "hooks/entry.hpp"
#include "hooks/handles.hpp"
#include "hooks/monitor.hpp"
#include "hooks/mutexes.hpp"

namespace heddle::unmodified {
namespace {

// Source: glibc, nptl/mtx_init.c and its neighbours.
static_assert(sizeof(mtx_t) == sizeof(pthread_mutex_t) && sizeof(cnd_t) == sizeof(pthread_cond_t) &&
              sizeof(once_flag) == sizeof(pthread_once_t));
static_assert(std::is_same_v<thrd_t, pthread_t> && std::is_same_v<tss_t, pthread_key_t>);
// What an alias returns.
static_assert(thrd_success == 0);

pthread_mutex_t* as_posix(mtx_t* mutex) { return reinterpret_cast<pthread_mutex_t*>(mutex); }
pthread_cond_t* as_posix(cnd_t* condition) { return reinterpret_cast<pthread_cond_t*>(condition); }

/// On AMD64 an int is returned in the low half of where an address is: the C library itself calls both in one way.
Threads::Start as_posix(thrd_start_t function) {
    return reinterpret_cast<Threads::Start>(reinterpret_cast<void (*)()>(function));
}

int result_of(int error) {
    switch (error) {
        case 0:
            return thrd_success;
        case EBUSY:
            return thrd_busy;
        case ETIMEDOUT:
            return thrd_timedout;
        case ENOMEM:
            return thrd_nomem;
        default:
            return thrd_error;
    }
}

}  // namespace
}  // namespace heddle::unmodified

using namespace heddle::unmodified;  // NOLINT: what follows are the C library's names

HEDDLE_HOOK int mtx_init(mtx_t* mutex, int type) {
    const int result = HEDDLE_REAL(mtx_init)(mutex, type);
    if (self.in_program && result == thrd_success) assign(mutex, HEDDLE_CALLER);
    return result;
}
HEDDLE_ENTRY(mtx_trylock, heddle_mtx_trylock)
HEDDLE_BODY int heddle_mtx_trylock(mtx_t* mutex) {
    if (!self.in_program) return HEDDLE_REAL(mtx_trylock)(mutex);
    return result_of(try_lock(as_posix(mutex), HEDDLE_CALLER));
}
HEDDLE_ENTRY(mtx_timedlock, heddle_mtx_timedlock)
HEDDLE_BODY int heddle_mtx_timedlock(mtx_t* mutex, const timespec* until) {
    if (!self.in_program) return HEDDLE_REAL(mtx_timedlock)(mutex, until);
    return result_of(lock(as_posix(mutex), deadline_of(until), HEDDLE_CALLER));
}
HEDDLE_HOOK int mtx_unlock(mtx_t* mutex) {
    if (!self.in_program) return HEDDLE_REAL(mtx_unlock)(mutex);
    return result_of(unlock(as_posix(mutex), HEDDLE_CALLER));
}

HEDDLE_HOOK int cnd_init(cnd_t* condition) {
    const int result = HEDDLE_REAL(cnd_init)(condition);
    if (self.in_program && result == thrd_success) assign(condition, HEDDLE_CALLER);
    return result;
}
HEDDLE_ENTRY(cnd_timedwait, heddle_cnd_timedwait)
HEDDLE_BODY int heddle_cnd_timedwait(cnd_t* condition, mtx_t* mutex, const timespec* until) {
    if (!self.in_program) return HEDDLE_REAL(cnd_timedwait)(condition, mutex, until);
    return result_of(wait(as_posix(condition), as_posix(mutex), deadline_of(until), HEDDLE_CALLER));
}

HEDDLE_HOOK int thrd_create(thrd_t* thread, thrd_start_t function, void* argument) {
    if (!self.in_program) return result_of(pthread_create(thread, nullptr, as_posix(function), argument));
    *thread = start(as_posix(function), argument, HEDDLE_CALLER);
    return thrd_success;
}
HEDDLE_HOOK int thrd_join(thrd_t thread, int* result) {
    if (!self.in_program) return HEDDLE_REAL(thrd_join)(thread, result);
    void* its = nullptr;
    const int error = join(thread, &its, heddle::engine::no_deadline, HEDDLE_CALLER);
    if (error == 0 && result != nullptr) *result = static_cast<int>(reinterpret_cast<std::uintptr_t>(its));
    return result_of(error);
}

HEDDLE_HOOK int tss_create(tss_t* key, tss_dtor_t end) { return result_of(pthread_key_create(key, end)); }
