// Spin locks of the C library: mutexes that say in their one word who holds them.
#include <pthread.h>

#include <cerrno>

#include "front_end.hpp"
#include "real.hpp"
#include "hooks/entry.hpp"
#include "hooks/monitor.hpp"
#include "hooks/mutexes.hpp"

namespace heddle::unmodified {
namespace {

constexpr int unused_spin_lock =
    1;                           // as the C library leaves it. Source: glibc, sysdeps/x86_64/nptl/pthread_spin_init.c
constexpr int no_spin_lock = 0;  // memory before that, and after the end

/// While the running thread holds it.
int held_by_running() { return -own_number(); }

engine::Object* object_of(pthread_spinlock_t* lock, std::uintptr_t caller) {
    engine::Object* const object =
        front_end->lockable_at(const_cast<const int*>(lock), engine::ObjectKind::mutex, caller);
    if (*lock == no_spin_lock)
        front_end->fail(engine::FailureKind::misuse, caller, "a spin lock is used that was not initialised");
    return object;
}

int lock(pthread_spinlock_t* lock, std::uintptr_t caller) {
    front_end->lock_until(engine::no_deadline, object_of(lock, caller), caller);
    *lock = held_by_running();
    return 0;
}

int try_lock(pthread_spinlock_t* lock, std::uintptr_t caller) {
    engine::Object* const object = object_of(lock, caller);
    const auto address = reinterpret_cast<std::uintptr_t>(lock);
    if (!front_end->try_lock(object, address, heddle_entered, caller)) return EBUSY;
    *lock = held_by_running();
    return 0;
}

int unlock(pthread_spinlock_t* lock, std::uintptr_t caller) {
    engine::Object* const object = object_of(lock, caller);
    if (*lock != held_by_running())
        front_end->fail(engine::FailureKind::misuse, caller, "a thread unlocks a spin lock that it does not hold");
    *lock = unused_spin_lock;
    front_end->perform({.kind = engine::OperationKind::unlock, .object = object}, caller);
    return 0;
}

int destroy(pthread_spinlock_t* lock, std::uintptr_t caller) {
    object_of(lock, caller);
    if (*lock != unused_spin_lock)
        front_end->fail(engine::FailureKind::misuse, caller, "a spin lock is destroyed while it is locked");
    end(lock, caller);
    *lock = no_spin_lock;
    return 0;
}

}  // namespace
}  // namespace heddle::unmodified

using namespace heddle::unmodified;  // NOLINT: what follows are the C library's names

HEDDLE_HOOK int pthread_spin_init(pthread_spinlock_t* lock, int shared) noexcept {
    const int status = HEDDLE_REAL(pthread_spin_init)(lock, shared);
    if (self.in_program && status == 0) assign(lock, HEDDLE_CALLER);
    return status;
}
HEDDLE_HOOK int pthread_spin_destroy(pthread_spinlock_t* lock) noexcept {
    if (!self.in_program) return HEDDLE_REAL(pthread_spin_destroy)(lock);
    return destroy(lock, HEDDLE_CALLER);
}
HEDDLE_HOOK int pthread_spin_lock(pthread_spinlock_t* spin_lock) noexcept {
    if (!self.in_program) return HEDDLE_REAL(pthread_spin_lock)(spin_lock);
    return lock(spin_lock, HEDDLE_CALLER);
}
HEDDLE_ENTRY(pthread_spin_trylock, heddle_spin_trylock)
HEDDLE_BODY int heddle_spin_trylock(pthread_spinlock_t* lock) noexcept {
    if (!self.in_program) return HEDDLE_REAL(pthread_spin_trylock)(lock);
    return try_lock(lock, HEDDLE_CALLER);
}
HEDDLE_HOOK int pthread_spin_unlock(pthread_spinlock_t* lock) noexcept {
    if (!self.in_program) return HEDDLE_REAL(pthread_spin_unlock)(lock);
    return unlock(lock, HEDDLE_CALLER);
}
