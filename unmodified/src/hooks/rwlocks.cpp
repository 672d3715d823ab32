// Locks of readers and writers. Readers are preferred, as the C library does by default.
#include <pthread.h>

#include <cerrno>

#include "deadlines.hpp"
#include "front_end.hpp"
#include "real.hpp"
#include "hooks/monitor.hpp"

namespace heddle::unmodified {
namespace {

int own_number() { return static_cast<int>(front_end->witness().thread()); }

int lock_shared(pthread_rwlock_t* lock, std::chrono::nanoseconds deadline, bool waits, std::uintptr_t caller) {
    Monitor monitor(lock, caller);
    const auto is_free = [&] { return lock->__data.__cur_writer == 0; };
    if (lock->__data.__cur_writer == own_number()) return waits ? EDEADLK : EBUSY;
    if (!waits && !is_free()) return EBUSY;
    if (!monitor.wait_for(is_free, deadline)) return ETIMEDOUT;
    ++lock->__data.__readers;
    return 0;
}

int lock_alone(pthread_rwlock_t* lock, std::chrono::nanoseconds deadline, bool waits, std::uintptr_t caller) {
    Monitor monitor(lock, caller);
    const auto is_free = [&] { return lock->__data.__cur_writer == 0 && lock->__data.__readers == 0; };
    if (lock->__data.__cur_writer == own_number()) return waits ? EDEADLK : EBUSY;
    if (!waits && !is_free()) return EBUSY;
    if (!monitor.wait_for(is_free, deadline)) return ETIMEDOUT;
    lock->__data.__cur_writer = own_number();
    return 0;
}

int unlock(pthread_rwlock_t* lock, std::uintptr_t caller) {
    Monitor monitor(lock, caller);
    if (lock->__data.__cur_writer == own_number()) {
        lock->__data.__cur_writer = 0;
    } else {
        if (lock->__data.__readers == 0)
            front_end->fail(engine::FailureKind::misuse, caller, "a thread unlocks a lock that nobody holds");
        --lock->__data.__readers;
    }
    if (lock->__data.__readers == 0) monitor.notify_all();
    return 0;
}

}  // namespace
}  // namespace heddle::unmodified

using namespace heddle::unmodified;  // NOLINT: what follows are the C library's names
using heddle::engine::no_deadline;

HEDDLE_HOOK int pthread_rwlock_init(pthread_rwlock_t* lock, const pthread_rwlockattr_t* attributes) {
    const int status = HEDDLE_REAL(pthread_rwlock_init)(lock, attributes);
    if (self.in_program) assign(lock, HEDDLE_CALLER);
    return status;
}
HEDDLE_HOOK int pthread_rwlock_destroy(pthread_rwlock_t* lock) {
    if (!self.in_program) return HEDDLE_REAL(pthread_rwlock_destroy)(lock);
    assign(lock, HEDDLE_CALLER);
    return 0;
}
HEDDLE_HOOK int pthread_rwlock_rdlock(pthread_rwlock_t* lock) {
    if (!self.in_program) return HEDDLE_REAL(pthread_rwlock_rdlock)(lock);
    return lock_shared(lock, no_deadline, true, HEDDLE_CALLER);
}
HEDDLE_HOOK int pthread_rwlock_tryrdlock(pthread_rwlock_t* lock) {
    if (!self.in_program) return HEDDLE_REAL(pthread_rwlock_tryrdlock)(lock);
    return lock_shared(lock, no_deadline, false, HEDDLE_CALLER);
}
HEDDLE_HOOK int pthread_rwlock_timedrdlock(pthread_rwlock_t* lock, const timespec* until) {
    if (!self.in_program) return HEDDLE_REAL(pthread_rwlock_timedrdlock)(lock, until);
    return lock_shared(lock, deadline_of(until), true, HEDDLE_CALLER);
}
HEDDLE_HOOK int pthread_rwlock_clockrdlock(pthread_rwlock_t* lock, clockid_t clock, const timespec* until) {
    if (!self.in_program) return HEDDLE_REAL(pthread_rwlock_clockrdlock)(lock, clock, until);
    return lock_shared(lock, deadline_of(until), true, HEDDLE_CALLER);
}
HEDDLE_HOOK int pthread_rwlock_wrlock(pthread_rwlock_t* lock) {
    if (!self.in_program) return HEDDLE_REAL(pthread_rwlock_wrlock)(lock);
    return lock_alone(lock, no_deadline, true, HEDDLE_CALLER);
}
HEDDLE_HOOK int pthread_rwlock_trywrlock(pthread_rwlock_t* lock) {
    if (!self.in_program) return HEDDLE_REAL(pthread_rwlock_trywrlock)(lock);
    return lock_alone(lock, no_deadline, false, HEDDLE_CALLER);
}
HEDDLE_HOOK int pthread_rwlock_timedwrlock(pthread_rwlock_t* lock, const timespec* until) {
    if (!self.in_program) return HEDDLE_REAL(pthread_rwlock_timedwrlock)(lock, until);
    return lock_alone(lock, deadline_of(until), true, HEDDLE_CALLER);
}
HEDDLE_HOOK int pthread_rwlock_clockwrlock(pthread_rwlock_t* lock, clockid_t clock, const timespec* until) {
    if (!self.in_program) return HEDDLE_REAL(pthread_rwlock_clockwrlock)(lock, clock, until);
    return lock_alone(lock, deadline_of(until), true, HEDDLE_CALLER);
}
HEDDLE_HOOK int pthread_rwlock_unlock(pthread_rwlock_t* lock) {
    if (!self.in_program) return HEDDLE_REAL(pthread_rwlock_unlock)(lock);
    return unlock(lock, HEDDLE_CALLER);
}
