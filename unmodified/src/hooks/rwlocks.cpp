// Locks of readers and writers. A writer that waits holds up no reader, unless the lock is of the one kind of which the C library
// promises that.
#include <pthread.h>

#include <cerrno>

#include "deadlines.hpp"
#include "front_end.hpp"
#include "real.hpp"
#include "hooks/entry.hpp"
#include "hooks/monitor.hpp"
#include "hooks/mutexes.hpp"

namespace heddle::unmodified {
namespace {

unsigned& readers_of(pthread_rwlock_t* lock) { return lock->__data.__readers; }
int& writer_of(pthread_rwlock_t* lock) { return lock->__data.__cur_writer; }

/// The writers that wait, where they hold readers up: a bit of each.
unsigned& who_waits(pthread_rwlock_t* lock) { return lock->__data.__writers; }
bool holds_readers_up(pthread_rwlock_t* lock) {
    constexpr unsigned kind = PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP;
    return lock->__data.__flags == kind;
}

constexpr std::uint32_t one_writer = ~std::uint32_t{0};

/// As one number, whether there is a writer, and how many readers there are.
std::uint32_t holders_of(pthread_rwlock_t* lock) { return writer_of(lock) != 0 ? one_writer : readers_of(lock); }

/// What a try depends on, as one number. Who waits to write is as good as one who writes: the C library lets no other writer
/// try meanwhile either.
std::uint32_t found_by_try(pthread_rwlock_t* lock) { return who_waits(lock) != 0 ? one_writer : holders_of(lock); }

/// The threads that read: a bit of each, in a member that the C library leaves for later. POSIX lets a thread read more than
/// once, and the bit is gone with the first time that it stops; C++ does not.
unsigned long& who_reads(pthread_rwlock_t* lock) { return lock->__data.__pad2; }
unsigned own_bit() { return 1U << static_cast<unsigned>(own_number()); }
static_assert(engine::most_adopted_threads < 32, "each thread has a bit");

/// C++ requires of its own mutexes what POSIX does not.
void require_of_shared_mutex(bool holds, std::uintptr_t caller, const char* otherwise) {
    const OutsideProgram outside;
    if (!holds && front_end->sites.of(caller, self.calls).is_of_shared_mutex)
        front_end->fail(engine::FailureKind::misuse, caller, otherwise);
}

/// The lock changes, and whoever tries it finds that. Requires: in the monitor.
template <class Change>
void change(Monitor& monitor, pthread_rwlock_t* lock, const Change& changes) {
    const std::uint32_t before = found_by_try(lock);
    changes();
    monitor.tell(before, found_by_try(lock));
}

struct Reading {
    static bool is_free(std::uint32_t holders) { return static_cast<std::int32_t>(holders) >= 0; }
    static bool wait(Monitor& monitor, pthread_rwlock_t* lock, std::chrono::nanoseconds deadline) {
        return monitor.wait_for([&] { return is_free(found_by_try(lock)); }, deadline);
    }
    static void take(pthread_rwlock_t* lock, std::uintptr_t caller) {
        require_of_shared_mutex((who_reads(lock) & own_bit()) == 0, caller,
                                "a thread takes a shared lock that it holds already");
        ++readers_of(lock);
        who_reads(lock) |= own_bit();
    }
};
struct Writing {
    static bool is_free(std::uint32_t holders) { return holders == 0; }
    static bool wait(Monitor& monitor, pthread_rwlock_t* lock, std::chrono::nanoseconds deadline) {
        const auto nobody_holds = [lock] { return is_free(holders_of(lock)); };
        if (!nobody_holds() && holds_readers_up(lock)) change(monitor, lock, [lock] { who_waits(lock) |= own_bit(); });
        if (monitor.wait_for(nobody_holds, deadline)) return true;
        if ((who_waits(lock) & own_bit()) == 0) return false;
        change(monitor, lock, [lock] { who_waits(lock) &= ~own_bit(); });
        monitor.notify_all();  // readers may have waited for nothing else
        return false;
    }
    static void take(pthread_rwlock_t* lock, std::uintptr_t) {
        writer_of(lock) = own_number();
        who_waits(lock) &= ~own_bit();
    }
};

/// Requires: in the monitor, and it is free.
template <class How>
int take(Monitor& monitor, pthread_rwlock_t* lock, std::uintptr_t caller) {
    change(monitor, lock, [&] { How::take(lock, caller); });
    return 0;
}

template <class How>
int try_lock(pthread_rwlock_t* lock, int error, std::uintptr_t caller) {
    const std::uint32_t told = Monitor::look(lock, found_by_try(lock), heddle_entered, caller);
    if (!How::is_free(told)) return error;
    Monitor monitor(lock, caller);
    return How::is_free(found_by_try(lock)) ? take<How>(monitor, lock, caller) : error;
}

template <class How>
int take_lock(pthread_rwlock_t* lock, std::chrono::nanoseconds deadline, std::uintptr_t caller) {
    if (deadline <= front_end->run().now()) return try_lock<How>(lock, ETIMEDOUT, caller);
    Monitor monitor(lock, caller);
    if (writer_of(lock) == own_number()) return EDEADLK;
    if (!How::wait(monitor, lock, deadline)) return ETIMEDOUT;
    return take<How>(monitor, lock, caller);
}

void give_up_reading(pthread_rwlock_t* lock, std::uintptr_t caller) {
    if (readers_of(lock) == 0)
        front_end->fail(engine::FailureKind::misuse, caller, "a thread unlocks a lock that nobody holds");
    require_of_shared_mutex((who_reads(lock) & own_bit()) != 0, caller,
                            "a thread gives up a shared lock that it does not hold");
    --readers_of(lock);
    who_reads(lock) &= ~static_cast<unsigned long>(own_bit());
}

int unlock(pthread_rwlock_t* lock, std::uintptr_t caller) {
    Monitor monitor(lock, caller);
    change(monitor, lock, [&] {
        if (writer_of(lock) == own_number()) writer_of(lock) = 0;
        else give_up_reading(lock, caller);
    });
    if (readers_of(lock) == 0) monitor.notify_all();
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
    end(lock, HEDDLE_CALLER);
    return 0;
}
HEDDLE_HOOK int pthread_rwlock_rdlock(pthread_rwlock_t* lock) {
    if (!self.in_program) return HEDDLE_REAL(pthread_rwlock_rdlock)(lock);
    return take_lock<Reading>(lock, no_deadline, HEDDLE_CALLER);
}
HEDDLE_ENTRY(pthread_rwlock_tryrdlock, heddle_rwlock_tryrdlock)
HEDDLE_BODY int heddle_rwlock_tryrdlock(pthread_rwlock_t* lock) {
    if (!self.in_program) return HEDDLE_REAL(pthread_rwlock_tryrdlock)(lock);
    return try_lock<Reading>(lock, EBUSY, HEDDLE_CALLER);
}
HEDDLE_ENTRY(pthread_rwlock_timedrdlock, heddle_rwlock_timedrdlock)
HEDDLE_BODY int heddle_rwlock_timedrdlock(pthread_rwlock_t* lock, const timespec* until) {
    if (!self.in_program) return HEDDLE_REAL(pthread_rwlock_timedrdlock)(lock, until);
    return take_lock<Reading>(lock, deadline_of(until), HEDDLE_CALLER);
}
HEDDLE_ENTRY(pthread_rwlock_clockrdlock, heddle_rwlock_clockrdlock)
HEDDLE_BODY int heddle_rwlock_clockrdlock(pthread_rwlock_t* lock, clockid_t clock, const timespec* until) {
    if (!self.in_program) return HEDDLE_REAL(pthread_rwlock_clockrdlock)(lock, clock, until);
    return take_lock<Reading>(lock, deadline_of(until), HEDDLE_CALLER);
}
HEDDLE_HOOK int pthread_rwlock_wrlock(pthread_rwlock_t* lock) {
    if (!self.in_program) return HEDDLE_REAL(pthread_rwlock_wrlock)(lock);
    return take_lock<Writing>(lock, no_deadline, HEDDLE_CALLER);
}
HEDDLE_ENTRY(pthread_rwlock_trywrlock, heddle_rwlock_trywrlock)
HEDDLE_BODY int heddle_rwlock_trywrlock(pthread_rwlock_t* lock) {
    if (!self.in_program) return HEDDLE_REAL(pthread_rwlock_trywrlock)(lock);
    return try_lock<Writing>(lock, EBUSY, HEDDLE_CALLER);
}
HEDDLE_ENTRY(pthread_rwlock_timedwrlock, heddle_rwlock_timedwrlock)
HEDDLE_BODY int heddle_rwlock_timedwrlock(pthread_rwlock_t* lock, const timespec* until) {
    if (!self.in_program) return HEDDLE_REAL(pthread_rwlock_timedwrlock)(lock, until);
    return take_lock<Writing>(lock, deadline_of(until), HEDDLE_CALLER);
}
HEDDLE_ENTRY(pthread_rwlock_clockwrlock, heddle_rwlock_clockwrlock)
HEDDLE_BODY int heddle_rwlock_clockwrlock(pthread_rwlock_t* lock, clockid_t clock, const timespec* until) {
    if (!self.in_program) return HEDDLE_REAL(pthread_rwlock_clockwrlock)(lock, clock, until);
    return take_lock<Writing>(lock, deadline_of(until), HEDDLE_CALLER);
}
HEDDLE_HOOK int pthread_rwlock_unlock(pthread_rwlock_t* lock) {
    if (!self.in_program) return HEDDLE_REAL(pthread_rwlock_unlock)(lock);
    return unlock(lock, HEDDLE_CALLER);
}
