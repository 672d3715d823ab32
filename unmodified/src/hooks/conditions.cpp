// Condition variables.
#include <pthread.h>

#include <cerrno>
#include <condition_variable>
#include <mutex>

#include <fmt/format.h>

#include "deadlines.hpp"
#include "front_end.hpp"
#include "real.hpp"
#include "hooks/conditions.hpp"
#include "hooks/entry.hpp"
#include "hooks/monitor.hpp"
#include "hooks/mutexes.hpp"

namespace heddle::unmodified {
namespace {

using engine::OperationKind;

engine::Object* object_of(const pthread_cond_t* condition, std::uintptr_t caller) {
    return front_end->lockable_at(condition, engine::ObjectKind::condition, caller);
}

int notify(pthread_cond_t* condition, std::uint64_t waiters, std::uintptr_t caller) {
    front_end->perform({.kind = OperationKind::notify, .object = object_of(condition, caller), .value = waiters},
                       caller);
    return 0;
}

/// The running thread begins to wait. All who wait for one condition at once must have let go the same mutex
/// ([thread.condition.condvar] 9; POSIX, pthread_cond_wait()).
void enlist(const pthread_cond_t* condition, const pthread_mutex_t* mutex, std::uintptr_t caller) {
    self.waits_for = condition;
    self.waits_with = mutex;
    std::uint64_t waiters =
        front_end->perform({.kind = OperationKind::enlist, .object = object_of(condition, caller)}, caller).value;
    for (unsigned thread = 0; waiters != 0; ++thread, waiters >>= 1U) {
        if ((waiters & 1U) == 0) continue;
        const ThreadState& other = front_end->storage.state(thread);
        if (other.waits_for == condition && other.waits_with != mutex)
            front_end->fail(
                engine::FailureKind::misuse, caller,
                fmt::format("a thread waits for a condition with another mutex than thread {}, which waits too",
                            number_of(thread)));
    }
}

}  // namespace

int wait(pthread_cond_t* condition, pthread_mutex_t* mutex, std::chrono::nanoseconds deadline, std::uintptr_t caller) {
    engine::Object* const object = object_of(condition, caller);
    if (mutex->__data.__owner != static_cast<int>(front_end->witness().thread()))
        front_end->fail(engine::FailureKind::misuse, caller, "a thread waits with a mutex that it does not hold");
    WakeUps& wake_ups = front_end->wake_ups;
    if (wake_ups.comes_back(heddle_entered, caller)) return 0;
    front_end->timed_waits.begin(deadline, caller);
    enlist(condition, mutex, caller);
    const unsigned count = release(mutex, caller);
    const auto slept = front_end->perform({.kind = OperationKind::sleep,
                                           .object = object,
                                           .value = wake_ups.may_come(caller) ? 1U : 0U,
                                           .deadline = deadline},
                                          caller);
    const bool timed_out = static_cast<engine::WaitOutcome>(slept.value) == engine::WaitOutcome::timed_out;
    if (timed_out) front_end->timed_waits.timed_out(caller);  // while others may still take the mutex
    reclaim(mutex, count, caller);
    if (timed_out) front_end->timed_waits.go_on(caller);
    return timed_out ? ETIMEDOUT : 0;
}

}  // namespace heddle::unmodified

using namespace heddle::unmodified;  // NOLINT: what follows are the C library's names

HEDDLE_ENTRY(pthread_cond_wait, heddle_cond_wait)
HEDDLE_BODY int heddle_cond_wait(pthread_cond_t* condition, pthread_mutex_t* mutex) {
    if (!self.in_program) return HEDDLE_REAL(pthread_cond_wait)(condition, mutex);
    return wait(condition, mutex, heddle::engine::no_deadline, HEDDLE_CALLER);
}
// As libstdc++ has it, which would hide which of the calls of a function it was.
HEDDLE_ENTRY(_ZNSt18condition_variable4waitERSt11unique_lockISt5mutexE, heddle_condition_variable_wait)
HEDDLE_BODY void heddle_condition_variable_wait(std::condition_variable* condition,
                                                std::unique_lock<std::mutex>* lock) {
    if (!self.in_program) HEDDLE_REAL(pthread_cond_wait)(condition->native_handle(), lock->mutex()->native_handle());
    else wait(condition->native_handle(), lock->mutex()->native_handle(), heddle::engine::no_deadline, HEDDLE_CALLER);
}
HEDDLE_ENTRY(pthread_cond_timedwait, heddle_cond_timedwait)
HEDDLE_BODY int heddle_cond_timedwait(pthread_cond_t* condition, pthread_mutex_t* mutex, const timespec* until) {
    if (!self.in_program) return HEDDLE_REAL(pthread_cond_timedwait)(condition, mutex, until);
    return wait(condition, mutex, deadline_of(until), HEDDLE_CALLER);
}
HEDDLE_ENTRY(pthread_cond_clockwait, heddle_cond_clockwait)
HEDDLE_BODY int heddle_cond_clockwait(pthread_cond_t* condition, pthread_mutex_t* mutex, clockid_t clock,
                                      const timespec* until) {
    if (!self.in_program) return HEDDLE_REAL(pthread_cond_clockwait)(condition, mutex, clock, until);
    return wait(condition, mutex, deadline_of(until), HEDDLE_CALLER);
}
HEDDLE_HOOK int pthread_cond_signal(pthread_cond_t* condition) {
    if (!self.in_program) return HEDDLE_REAL(pthread_cond_signal)(condition);
    return notify(condition, 1, HEDDLE_CALLER);
}
HEDDLE_HOOK int pthread_cond_broadcast(pthread_cond_t* condition) {
    if (!self.in_program) return HEDDLE_REAL(pthread_cond_broadcast)(condition);
    return notify(condition, heddle::engine::every_waiter, HEDDLE_CALLER);
}
HEDDLE_HOOK int pthread_cond_init(pthread_cond_t* condition, const pthread_condattr_t* attributes) {
    const int status = HEDDLE_REAL(pthread_cond_init)(condition, attributes);
    if (self.in_program && status == 0) assign(condition, HEDDLE_CALLER);
    return status;
}
HEDDLE_HOOK int pthread_cond_destroy(pthread_cond_t* condition) {
    if (!self.in_program) return HEDDLE_REAL(pthread_cond_destroy)(condition);
    end(condition, HEDDLE_CALLER);
    return 0;
}

HEDDLE_ALIAS(cnd_wait, pthread_cond_wait)
HEDDLE_ALIAS(cnd_signal, pthread_cond_signal)
HEDDLE_ALIAS(cnd_broadcast, pthread_cond_broadcast)
HEDDLE_ALIAS(cnd_destroy, pthread_cond_destroy)
