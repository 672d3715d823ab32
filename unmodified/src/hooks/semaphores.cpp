// Semaphores of the C library, and its barriers.
#include <pthread.h>
#include <semaphore.h>

#include <cerrno>
#include <climits>
#include <cstdarg>

#include "deadlines.hpp"
#include "front_end.hpp"
#include "real.hpp"
#include "hooks/entry.hpp"
#include "hooks/errors.hpp"
#include "hooks/monitor.hpp"

namespace heddle::unmodified {
namespace {

using engine::no_deadline;

/// The count is the first word, as the C library leaves it. Source: glibc, sysdeps/nptl/internaltypes.h, struct new_sem.
unsigned& count_of(sem_t* semaphore) { return *reinterpret_cast<unsigned*>(semaphore); }

/// Source: glibc, sysdeps/nptl/internaltypes.h, struct pthread_barrier.
struct BarrierState {
    unsigned arrived;
    unsigned round;
    unsigned count;
};

void change(Monitor& monitor, sem_t* semaphore, unsigned count) {
    monitor.tell(count_of(semaphore), count);
    count_of(semaphore) = count;
}

/// Takes one, if there is one. Returns: 0; otherwise -1, with errno set.
int take(sem_t* semaphore, int error, std::uintptr_t caller) {
    if (Monitor::look(semaphore, count_of(semaphore), heddle_entered, caller) == 0) return fail_with(error);
    Monitor monitor(semaphore, caller);
    if (count_of(semaphore) == 0) return fail_with(error);
    change(monitor, semaphore, count_of(semaphore) - 1);
    return 0;
}

int wait(sem_t* semaphore, std::chrono::nanoseconds deadline, std::uintptr_t caller) {
    if (deadline <= front_end->run().now()) return take(semaphore, ETIMEDOUT, caller);
    Monitor monitor(semaphore, caller);
    if (!monitor.wait_for([&] { return count_of(semaphore) != 0; }, deadline)) return fail_with(ETIMEDOUT);
    change(monitor, semaphore, count_of(semaphore) - 1);
    return 0;
}

int post(sem_t* semaphore, std::uintptr_t caller) {
    Monitor monitor(semaphore, caller);
    if (count_of(semaphore) == SEM_VALUE_MAX) return fail_with(EOVERFLOW);
    change(monitor, semaphore, count_of(semaphore) + 1);
    monitor.notify_all();
    return 0;
}

int arrive(pthread_barrier_t* barrier, std::uintptr_t caller) {
    Monitor monitor(barrier, caller);
    auto& state = *reinterpret_cast<BarrierState*>(barrier);
    if (++state.arrived == state.count) {
        state.arrived = 0;
        ++state.round;
        monitor.notify_all();
        return PTHREAD_BARRIER_SERIAL_THREAD;
    }
    const unsigned round = state.round;
    monitor.wait_for([&] { return state.round != round; });
    return 0;
}

}  // namespace
}  // namespace heddle::unmodified

using namespace heddle::unmodified;  // NOLINT: what follows are the C library's names

HEDDLE_HOOK int sem_init(sem_t* semaphore, int shared, unsigned count) noexcept {
    const int status = HEDDLE_REAL(sem_init)(semaphore, shared, count);
    if (self.in_program && status == 0) assign(semaphore, HEDDLE_CALLER);
    return status;
}
HEDDLE_HOOK int sem_destroy(sem_t* semaphore) noexcept {
    if (self.in_program) end(semaphore, HEDDLE_CALLER);
    return HEDDLE_REAL(sem_destroy)(semaphore);
}
HEDDLE_HOOK int sem_wait(sem_t* semaphore) {
    if (!self.in_program) return HEDDLE_REAL(sem_wait)(semaphore);
    return wait(semaphore, no_deadline, HEDDLE_CALLER);
}
HEDDLE_ENTRY(sem_timedwait, heddle_sem_timedwait)
HEDDLE_BODY int heddle_sem_timedwait(sem_t* semaphore, const timespec* until) {
    if (!self.in_program) return HEDDLE_REAL(sem_timedwait)(semaphore, until);
    return wait(semaphore, deadline_of(until), HEDDLE_CALLER);
}
HEDDLE_ENTRY(sem_clockwait, heddle_sem_clockwait)
HEDDLE_BODY int heddle_sem_clockwait(sem_t* semaphore, clockid_t clock, const timespec* until) {
    if (!self.in_program) return HEDDLE_REAL(sem_clockwait)(semaphore, clock, until);
    return wait(semaphore, deadline_of(until), HEDDLE_CALLER);
}
HEDDLE_ENTRY(sem_trywait, heddle_sem_trywait)
HEDDLE_BODY int heddle_sem_trywait(sem_t* semaphore) noexcept {
    if (!self.in_program) return HEDDLE_REAL(sem_trywait)(semaphore);
    return take(semaphore, EAGAIN, HEDDLE_CALLER);
}
HEDDLE_HOOK int sem_post(sem_t* semaphore) noexcept {
    if (!self.in_program) return HEDDLE_REAL(sem_post)(semaphore);
    return post(semaphore, HEDDLE_CALLER);
}
HEDDLE_ENTRY(sem_getvalue, heddle_sem_getvalue)
HEDDLE_BODY int heddle_sem_getvalue(sem_t* semaphore, int* value) noexcept {
    if (!self.in_program) return HEDDLE_REAL(sem_getvalue)(semaphore, value);
    *value = static_cast<int>(Monitor::look(semaphore, count_of(semaphore), heddle_entered, HEDDLE_CALLER));
    return 0;
}

HEDDLE_HOOK int pthread_barrier_init(pthread_barrier_t* barrier, const pthread_barrierattr_t* attributes,
                                     unsigned count) noexcept {
    const int status = HEDDLE_REAL(pthread_barrier_init)(barrier, attributes, count);
    if (self.in_program && status == 0) assign(barrier, HEDDLE_CALLER);
    return status;
}
HEDDLE_HOOK int pthread_barrier_destroy(pthread_barrier_t* barrier) noexcept {
    if (!self.in_program) return HEDDLE_REAL(pthread_barrier_destroy)(barrier);
    end(barrier, HEDDLE_CALLER);
    return 0;
}
HEDDLE_HOOK int pthread_barrier_wait(pthread_barrier_t* barrier) noexcept {
    if (!self.in_program) return HEDDLE_REAL(pthread_barrier_wait)(barrier);
    return arrive(barrier, HEDDLE_CALLER);
}
