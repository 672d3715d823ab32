// What cannot be followed: a test that does it is red, and says what it did.
#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstdlib>
#include <string>

#include "front_end.hpp"
#include "real.hpp"
#include "hooks/eventfd.hpp"

using namespace heddle::unmodified;  // NOLINT: what follows are the C library's names

namespace {

void refuse(const char* name, const char* why, std::uintptr_t caller) {
    if (!self.in_program) return;
    front_end->fail(heddle::engine::FailureKind::misuse, caller, std::string(name) + " is not followed: " + why);
}

constexpr auto processes = "a second process would run on unseen";
constexpr auto signals = "a handler runs between any two steps";
constexpr auto endings = "a thread that ends elsewhere than in its function is not unwound";
constexpr auto kernel_waits = "the kernel lets threads wait there, and does not tell";
constexpr auto library_threads = "a thread of the C library does the rest, unseen";
constexpr auto flags_of_eventfd = "eventfd() itself takes the flags";
constexpr auto two_descriptors = "an eventfd has one descriptor";
constexpr auto loading = "memory of a library that comes later is not put back for the next execution";
constexpr auto shared_memory = "who else writes there is not seen";
constexpr auto mapped_memory = "it lies elsewhere in each execution";
constexpr auto other_stacks = "what a thread leaves behind is looked for on the stack that it began with";
constexpr auto library_atomics = "the standard library uses atomics there, in code without hooks";
constexpr auto other_generators = "what it is told to keep its numbers in, it changes unseen";
constexpr auto exits = "the end of the program is the end of the test's function";

}  // namespace

#define HEDDLE_REFUSE(name, why) refuse(#name "()", why, HEDDLE_CALLER)

HEDDLE_HOOK pid_t fork() noexcept { return HEDDLE_REFUSE(fork, processes), HEDDLE_REAL(fork)(); }
/// The real one returns twice to a frame of ours that the second process has left by then.
HEDDLE_HOOK pid_t vfork() noexcept { return HEDDLE_REFUSE(vfork, processes), HEDDLE_REAL(fork)(); }
/// Libraries map memory for themselves.
HEDDLE_HOOK void* mmap(void* place, std::size_t size, int access, int flags, int file, off_t from) noexcept {
    if (front_end != nullptr && front_end->modules.is_seen(HEDDLE_CALLER))
        HEDDLE_REFUSE(mmap, (flags & MAP_SHARED) != 0 ? shared_memory : mapped_memory);
    return HEDDLE_REAL(mmap)(place, size, access, flags, file, from);
}
HEDDLE_ALIAS(mmap64, mmap)
HEDDLE_HOOK int sigaction(int number, const struct sigaction* action, struct sigaction* before) noexcept {
    static const auto real = real_function<int(int, const struct sigaction*, struct sigaction*)>("sigaction");
    return HEDDLE_REFUSE(sigaction, signals), real(number, action, before);
}
HEDDLE_HOOK sighandler_t signal(int number, sighandler_t handler) noexcept {
    return HEDDLE_REFUSE(signal, signals), HEDDLE_REAL(signal)(number, handler);
}
HEDDLE_HOOK int raise(int number) noexcept { return HEDDLE_REFUSE(raise, signals), HEDDLE_REAL(raise)(number); }
HEDDLE_HOOK int pthread_kill(pthread_t thread, int number) noexcept {
    return HEDDLE_REFUSE(pthread_kill, signals), HEDDLE_REAL(pthread_kill)(thread, number);
}
HEDDLE_HOOK int pthread_cancel(pthread_t thread) {
    return HEDDLE_REFUSE(pthread_cancel, endings), HEDDLE_REAL(pthread_cancel)(thread);
}
HEDDLE_HOOK void pthread_exit(void* result) {
    static const auto real = real_function<void(void*)>("pthread_exit");
    HEDDLE_REFUSE(pthread_exit, endings);
    real(result);
    std::abort();  // not reached
}
HEDDLE_HOOK void thrd_exit(int result) {
    static const auto real = real_function<void(int)>("thrd_exit");
    HEDDLE_REFUSE(thrd_exit, endings);
    real(result);
    std::abort();  // not reached
}
HEDDLE_HOOK void* dlopen(const char* name, int flags) noexcept {
    // A library that looks for another one at run time must do without.
    if (front_end != nullptr && front_end->is_exploring() && front_end->modules.is_library_of_program(HEDDLE_CALLER))
        return nullptr;
    return HEDDLE_REFUSE(dlopen, loading), HEDDLE_REAL(dlopen)(name, flags);
}

/// Most of what it does concerns nobody else.
HEDDLE_HOOK int heddle_fcntl(int descriptor, int command, long argument) __asm__("fcntl");
HEDDLE_HOOK int heddle_fcntl(int descriptor, int command, long argument) {
    static const auto real = real_function<int(int, int, long)>("fcntl");
    if (EventCounters::has(descriptor)) HEDDLE_REFUSE(fcntl, flags_of_eventfd);
    if (command == F_SETLK || command == F_SETLKW || command == F_OFD_SETLK || command == F_OFD_SETLKW)
        HEDDLE_REFUSE(fcntl, kernel_waits);
    return real(descriptor, command, argument);
}
HEDDLE_ALIAS(fcntl64, fcntl)
HEDDLE_HOOK int dup(int descriptor) noexcept {
    if (EventCounters::has(descriptor)) HEDDLE_REFUSE(dup, two_descriptors);
    return HEDDLE_REAL(dup)(descriptor);
}

// Of a few whole numbers or addresses each: they are handed on as they come.
#define HEDDLE_REFUSED(name, why)                                                                          \
    HEDDLE_HOOK long heddle_refused_##name(long a, long b, long c, long d, long e, long f) __asm__(#name); \
    HEDDLE_HOOK long heddle_refused_##name(long a, long b, long c, long d, long e, long f) {               \
        static const auto real = real_function<long(long, long, long, long, long, long)>(#name);           \
        return HEDDLE_REFUSE(name, why), real(a, b, c, d, e, f);                                           \
    }
HEDDLE_REFUSED(posix_spawn, processes)
HEDDLE_REFUSED(posix_spawnp, processes)
HEDDLE_REFUSED(system, processes)
HEDDLE_REFUSED(popen, processes)
HEDDLE_REFUSED(execve, processes)
HEDDLE_REFUSED(execv, processes)
HEDDLE_REFUSED(execvp, processes)
HEDDLE_REFUSED(fexecve, processes)
HEDDLE_REFUSED(daemon, processes)
HEDDLE_REFUSED(kill, signals)
HEDDLE_REFUSED(killpg, signals)
HEDDLE_REFUSED(tgkill, signals)
HEDDLE_REFUSED(sigqueue, signals)
HEDDLE_REFUSED(pthread_sigqueue, signals)
HEDDLE_REFUSED(sigwait, signals)
HEDDLE_REFUSED(sigwaitinfo, signals)
HEDDLE_REFUSED(sigtimedwait, signals)
HEDDLE_REFUSED(signalfd, signals)
HEDDLE_REFUSED(sigset, signals)
HEDDLE_REFUSED(bsd_signal, signals)
HEDDLE_REFUSED(sysv_signal, signals)
HEDDLE_REFUSED(sigsuspend, signals)
HEDDLE_REFUSED(sigpause, signals)
HEDDLE_REFUSED(pause, signals)
HEDDLE_REFUSED(alarm, signals)
HEDDLE_REFUSED(ualarm, signals)
HEDDLE_REFUSED(setitimer, signals)
HEDDLE_REFUSED(timer_create, signals)
HEDDLE_REFUSED(shmat, shared_memory)
HEDDLE_REFUSED(shm_open, shared_memory)
HEDDLE_REFUSED(sem_open, shared_memory)
HEDDLE_REFUSED(swapcontext, other_stacks)
HEDDLE_REFUSED(setcontext, other_stacks)
HEDDLE_REFUSED(pipe, kernel_waits)
HEDDLE_REFUSED(pipe2, kernel_waits)
HEDDLE_REFUSED(socket, kernel_waits)
HEDDLE_REFUSED(socketpair, kernel_waits)
HEDDLE_REFUSED(poll, kernel_waits)
HEDDLE_REFUSED(ppoll, kernel_waits)
HEDDLE_REFUSED(__poll_chk, kernel_waits)
HEDDLE_REFUSED(__ppoll_chk, kernel_waits)
HEDDLE_REFUSED(select, kernel_waits)
HEDDLE_REFUSED(pselect, kernel_waits)
HEDDLE_REFUSED(epoll_create, kernel_waits)
HEDDLE_REFUSED(epoll_create1, kernel_waits)
HEDDLE_REFUSED(epoll_wait, kernel_waits)
HEDDLE_REFUSED(epoll_pwait, kernel_waits)
HEDDLE_REFUSED(epoll_pwait2, kernel_waits)
HEDDLE_REFUSED(timerfd_create, kernel_waits)
HEDDLE_REFUSED(inotify_init, kernel_waits)
HEDDLE_REFUSED(inotify_init1, kernel_waits)
HEDDLE_REFUSED(fanotify_init, kernel_waits)
HEDDLE_REFUSED(mq_open, kernel_waits)
HEDDLE_REFUSED(mq_send, kernel_waits)
HEDDLE_REFUSED(mq_timedsend, kernel_waits)
HEDDLE_REFUSED(mq_receive, kernel_waits)
HEDDLE_REFUSED(mq_timedreceive, kernel_waits)
HEDDLE_REFUSED(msgget, kernel_waits)
HEDDLE_REFUSED(msgsnd, kernel_waits)
HEDDLE_REFUSED(msgrcv, kernel_waits)
HEDDLE_REFUSED(semget, kernel_waits)
HEDDLE_REFUSED(semop, kernel_waits)
HEDDLE_REFUSED(semtimedop, kernel_waits)
HEDDLE_REFUSED(flock, kernel_waits)
HEDDLE_REFUSED(lockf, kernel_waits)
HEDDLE_REFUSED(lockf64, kernel_waits)
HEDDLE_REFUSED(mq_notify, library_threads)
HEDDLE_REFUSED(getaddrinfo_a, library_threads)
HEDDLE_REFUSED(aio_read, library_threads)
HEDDLE_REFUSED(aio_read64, library_threads)
HEDDLE_REFUSED(aio_write, library_threads)
HEDDLE_REFUSED(aio_write64, library_threads)
HEDDLE_REFUSED(aio_fsync, library_threads)
HEDDLE_REFUSED(aio_fsync64, library_threads)
HEDDLE_REFUSED(aio_suspend, library_threads)
HEDDLE_REFUSED(aio_suspend64, library_threads)
HEDDLE_REFUSED(lio_listio, library_threads)
HEDDLE_REFUSED(lio_listio64, library_threads)
HEDDLE_REFUSED(initstate, other_generators)
HEDDLE_REFUSED(setstate, other_generators)
HEDDLE_REFUSED(quick_exit, exits)
HEDDLE_REFUSED(on_exit, exits)

// ThreadSanitizer's own, which have no function behind them: here or nowhere.
#define HEDDLE_REFUSED_HERE(name, why) \
    HEDDLE_HOOK void* name() { return HEDDLE_REFUSE(name, why), nullptr; }
HEDDLE_REFUSED_HERE(__tsan_create_fiber, other_stacks)
HEDDLE_REFUSED_HERE(__tsan_switch_to_fiber, other_stacks)

/// Of a promise whose value comes when its thread ends: what the standard library does then, in code without hooks, counts
/// the owners of the shared state and stores that it is ready.
HEDDLE_HOOK void heddle_at_thread_exit(void* promise) __asm__(
    "_ZNSt13__future_base13_State_baseV211_Make_ready6_M_setEv");
HEDDLE_HOOK void heddle_at_thread_exit(void* promise) {
    static const auto real = real_function<void(void*)>("_ZNSt13__future_base13_State_baseV211_Make_ready6_M_setEv");
    HEDDLE_REFUSE(std::promise::set_value_at_thread_exit, library_atomics);
    real(promise);
}

HEDDLE_HOOK void exit(int status) noexcept {
    static const auto real = real_function<void(int)>("exit");
    HEDDLE_REFUSE(exit, exits);
    real(status);
    std::abort();  // not reached
}
