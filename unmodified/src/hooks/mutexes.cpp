// Mutexes of every kind. Owner and count are kept where the C library keeps them, in the mutex: whoever reads them holds it.
#include <pthread.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "deadlines.hpp"
#include "front_end.hpp"
#include "real.hpp"
#include "hooks/entry.hpp"
#include "hooks/monitor.hpp"
#include "hooks/mutexes.hpp"

namespace heddle::unmodified {

namespace {

using engine::ObjectKind;
using engine::OperationKind;

constexpr int kind_bits = 3;        // PTHREAD_MUTEX_NORMAL and so on; Source: glibc, nptl/pthreadP.h
constexpr int unusual_bits = 0x70;  // robust, of inherited or protected priority

int kind_of(const pthread_mutex_t* mutex) { return mutex->__data.__kind & kind_bits; }
bool is_own(const pthread_mutex_t* mutex) { return mutex->__data.__owner == own_number(); }

engine::Object* object_of(const pthread_mutex_t* mutex, std::uintptr_t caller) {
    engine::Object* const object = front_end->lockable_at(mutex, ObjectKind::mutex, caller);
    if ((mutex->__data.__kind & unusual_bits) != 0)
        front_end->fail(engine::FailureKind::misuse, caller,
                        "robust mutexes, and those that change priorities, are not followed");
    return object;
}

/// Who holds a mutex is no trace that the program leaves. Returns: how often it was held.
unsigned note_holder(pthread_mutex_t* mutex, int owner, unsigned count) {
    front_end->polling_loops.before_step();
    mutex->__data.__owner = owner;
    const unsigned before = std::exchange(mutex->__data.__count, count);
    front_end->polling_loops.after_step();
    return before;
}

void own(pthread_mutex_t* mutex) { note_holder(mutex, own_number(), 1); }

/// A thread locks what it holds already. Returns: 0 if it holds it once more, or an error; -1 if it must wait.
int lock_again(pthread_mutex_t* mutex, bool tries) {
    if (!is_own(mutex)) return -1;
    if (kind_of(mutex) == PTHREAD_MUTEX_RECURSIVE) {
        ++mutex->__data.__count;
        return 0;
    }
    return kind_of(mutex) == PTHREAD_MUTEX_ERRORCHECK && !tries ? EDEADLK : -1;
}

/// In a trial, of a wait that comes back without a cause, there is nobody else: what changes is the mutex's memory.
void note_change(const pthread_mutex_t* mutex) {
    constexpr std::size_t owner_and_count = 16;
    front_end->wake_ups.before_access(reinterpret_cast<std::uintptr_t>(mutex), owner_and_count, true);
}

/// Returns: whether the mutex is the running thread's, for the rest of a trial.
bool take_in_trial(pthread_mutex_t* mutex) {
    note_change(mutex);
    if (mutex->__data.__owner == 0) own(mutex);
    return is_own(mutex);
}

int destroy(pthread_mutex_t* mutex, std::uintptr_t caller) {
    object_of(mutex, caller);
    if (mutex->__data.__owner != 0)
        front_end->fail(engine::FailureKind::misuse, caller, "a mutex is destroyed while it is locked");
    end(mutex, caller);
    return 0;
}

}  // namespace

int lock(pthread_mutex_t* mutex, std::chrono::nanoseconds deadline, std::uintptr_t caller) {
    engine::Object* const object = object_of(mutex, caller);
    if (const int again = lock_again(mutex, false); again != -1) return again;
    if (front_end->wake_ups.is_trial() && take_in_trial(mutex)) return 0;
    if (!front_end->lock_until(deadline, object, caller)) return ETIMEDOUT;
    own(mutex);
    return 0;
}

int try_lock(pthread_mutex_t* mutex, std::uintptr_t caller) {
    engine::Object* const object = object_of(mutex, caller);
    if (const int again = lock_again(mutex, true); again != -1) return again;
    if (front_end->wake_ups.is_trial()) return take_in_trial(mutex) ? 0 : EBUSY;
    if (!front_end->try_lock(object, reinterpret_cast<std::uintptr_t>(mutex), heddle_entered, caller)) return EBUSY;
    own(mutex);
    return 0;
}

int unlock(pthread_mutex_t* mutex, std::uintptr_t caller) {
    object_of(mutex, caller);
    if (!is_own(mutex)) {
        const int kind = kind_of(mutex);
        if (kind == PTHREAD_MUTEX_RECURSIVE || kind == PTHREAD_MUTEX_ERRORCHECK) return EPERM;
        front_end->fail(engine::FailureKind::misuse, caller, "a thread unlocks a mutex that it does not hold");
    }
    if (front_end->wake_ups.is_trial()) note_change(mutex);
    if (mutex->__data.__count == 1) release(mutex, caller);
    else --mutex->__data.__count;
    return 0;
}

unsigned release(pthread_mutex_t* mutex, std::uintptr_t caller) {
    const unsigned count = note_holder(mutex, 0, 0);
    if (!front_end->wake_ups.is_trial())
        front_end->perform({.kind = OperationKind::unlock, .object = object_of(mutex, caller)}, caller);
    self.unlocked_at = front_end->witness().events();
    return count;
}

void reclaim(pthread_mutex_t* mutex, unsigned count, std::uintptr_t caller) {
    lock(mutex, engine::no_deadline, caller);
    mutex->__data.__count = count;
}

}  // namespace heddle::unmodified

using namespace heddle::unmodified;  // NOLINT: what follows are the C library's names

HEDDLE_ENTRY(pthread_mutex_lock, heddle_mutex_lock)
HEDDLE_BODY int heddle_mutex_lock(pthread_mutex_t* mutex) {
    if (!self.in_program) return HEDDLE_REAL(pthread_mutex_lock)(mutex);
    front_end->polling_loops.come_to_lock(heddle_entered, HEDDLE_CALLER);
    return lock(mutex, heddle::engine::no_deadline, HEDDLE_CALLER);
}
HEDDLE_ENTRY(pthread_mutex_trylock, heddle_mutex_trylock)
HEDDLE_BODY int heddle_mutex_trylock(pthread_mutex_t* mutex) {
    if (!self.in_program) return HEDDLE_REAL(pthread_mutex_trylock)(mutex);
    front_end->polling_loops.come_to_lock(heddle_entered, HEDDLE_CALLER);
    return try_lock(mutex, HEDDLE_CALLER);
}
HEDDLE_ENTRY(pthread_mutex_timedlock, heddle_mutex_timedlock)
HEDDLE_BODY int heddle_mutex_timedlock(pthread_mutex_t* mutex, const timespec* until) {
    if (!self.in_program) return HEDDLE_REAL(pthread_mutex_timedlock)(mutex, until);
    front_end->polling_loops.come_to_lock(heddle_entered, HEDDLE_CALLER);
    return lock(mutex, deadline_of(until), HEDDLE_CALLER);
}
HEDDLE_ENTRY(pthread_mutex_clocklock, heddle_mutex_clocklock)
HEDDLE_BODY int heddle_mutex_clocklock(pthread_mutex_t* mutex, clockid_t clock, const timespec* until) {
    if (!self.in_program) return HEDDLE_REAL(pthread_mutex_clocklock)(mutex, clock, until);
    front_end->polling_loops.come_to_lock(heddle_entered, HEDDLE_CALLER);
    return lock(mutex, deadline_of(until), HEDDLE_CALLER);
}
HEDDLE_HOOK int pthread_mutex_unlock(pthread_mutex_t* mutex) {
    if (!self.in_program) return HEDDLE_REAL(pthread_mutex_unlock)(mutex);
    return unlock(mutex, HEDDLE_CALLER);
}
HEDDLE_HOOK int pthread_mutex_init(pthread_mutex_t* mutex, const pthread_mutexattr_t* attributes) {
    const int status = HEDDLE_REAL(pthread_mutex_init)(mutex, attributes);
    if (self.in_program && status == 0) assign(mutex, HEDDLE_CALLER);
    return status;
}
HEDDLE_HOOK int pthread_mutex_destroy(pthread_mutex_t* mutex) {
    if (!self.in_program) return HEDDLE_REAL(pthread_mutex_destroy)(mutex);
    return destroy(mutex, HEDDLE_CALLER);
}

HEDDLE_ALIAS(mtx_lock, pthread_mutex_lock)  // fails only if it checks for errors
HEDDLE_ALIAS(mtx_destroy, pthread_mutex_destroy)
