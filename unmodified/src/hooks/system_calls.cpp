#include "hooks/system_calls.hpp"

#include <sys/syscall.h>

#include <algorithm>
#include <iterator>

namespace heddle::unmodified {
namespace {

struct Named {
    long number;
    const char* name;
};

#define HEDDLE_NAMED(name) \
    { SYS_##name, #name }
// Those that programs make by themselves: without a function of the C library, or in place of one.
constexpr Named named[] = {
    HEDDLE_NAMED(read),
    HEDDLE_NAMED(close),
    HEDDLE_NAMED(open),
    HEDDLE_NAMED(openat),
    HEDDLE_NAMED(mmap),
    HEDDLE_NAMED(munmap),
    HEDDLE_NAMED(mprotect),
    HEDDLE_NAMED(mremap),
    HEDDLE_NAMED(madvise),
    HEDDLE_NAMED(brk),
    HEDDLE_NAMED(ioctl),
    HEDDLE_NAMED(fcntl),
    HEDDLE_NAMED(flock),
    HEDDLE_NAMED(poll),
    HEDDLE_NAMED(ppoll),
    HEDDLE_NAMED(select),
    HEDDLE_NAMED(pselect6),
    HEDDLE_NAMED(epoll_create),
    HEDDLE_NAMED(epoll_create1),
    HEDDLE_NAMED(epoll_ctl),
    HEDDLE_NAMED(epoll_wait),
    HEDDLE_NAMED(epoll_pwait),
    HEDDLE_NAMED(epoll_pwait2),
    HEDDLE_NAMED(pipe),
    HEDDLE_NAMED(pipe2),
    HEDDLE_NAMED(socket),
    HEDDLE_NAMED(socketpair),
    HEDDLE_NAMED(eventfd),
    HEDDLE_NAMED(eventfd2),
    HEDDLE_NAMED(signalfd4),
    HEDDLE_NAMED(timerfd_create),
    HEDDLE_NAMED(timerfd_settime),
    HEDDLE_NAMED(inotify_init1),
    HEDDLE_NAMED(memfd_create),
    HEDDLE_NAMED(userfaultfd),
    HEDDLE_NAMED(fork),
    HEDDLE_NAMED(vfork),
    HEDDLE_NAMED(clone),
    HEDDLE_NAMED(clone3),
    HEDDLE_NAMED(execve),
    HEDDLE_NAMED(execveat),
    HEDDLE_NAMED(exit),
    HEDDLE_NAMED(exit_group),
    HEDDLE_NAMED(wait4),
    HEDDLE_NAMED(waitid),
    HEDDLE_NAMED(ptrace),
    HEDDLE_NAMED(pidfd_open),
    HEDDLE_NAMED(kill),
    HEDDLE_NAMED(tkill),
    HEDDLE_NAMED(tgkill),
    HEDDLE_NAMED(rt_sigaction),
    HEDDLE_NAMED(rt_sigprocmask),
    HEDDLE_NAMED(rt_sigtimedwait),
    HEDDLE_NAMED(rt_sigqueueinfo),
    HEDDLE_NAMED(rt_sigsuspend),
    HEDDLE_NAMED(pause),
    HEDDLE_NAMED(alarm),
    HEDDLE_NAMED(setitimer),
    HEDDLE_NAMED(timer_create),
    HEDDLE_NAMED(sched_yield),
    HEDDLE_NAMED(nanosleep),
    HEDDLE_NAMED(clock_nanosleep),
    HEDDLE_NAMED(clock_gettime),
    HEDDLE_NAMED(gettimeofday),
    HEDDLE_NAMED(time),
    HEDDLE_NAMED(getrusage),
    HEDDLE_NAMED(sched_setaffinity),
    HEDDLE_NAMED(sched_setscheduler),
    HEDDLE_NAMED(sched_getscheduler),
    HEDDLE_NAMED(sched_setattr),
    HEDDLE_NAMED(setpriority),
    HEDDLE_NAMED(getpriority),
    HEDDLE_NAMED(prctl),
    HEDDLE_NAMED(arch_prctl),
    HEDDLE_NAMED(membarrier),
    HEDDLE_NAMED(futex_waitv),
    HEDDLE_NAMED(rseq),
    HEDDLE_NAMED(set_robust_list),
    HEDDLE_NAMED(get_robust_list),
    HEDDLE_NAMED(set_tid_address),
    HEDDLE_NAMED(io_setup),
    HEDDLE_NAMED(io_submit),
    HEDDLE_NAMED(io_getevents),
    HEDDLE_NAMED(io_uring_setup),
    HEDDLE_NAMED(io_uring_enter),
    HEDDLE_NAMED(io_uring_register),
    HEDDLE_NAMED(mq_open),
    HEDDLE_NAMED(mq_timedsend),
    HEDDLE_NAMED(mq_timedreceive),
    HEDDLE_NAMED(msgget),
    HEDDLE_NAMED(msgsnd),
    HEDDLE_NAMED(msgrcv),
    HEDDLE_NAMED(semget),
    HEDDLE_NAMED(semop),
    HEDDLE_NAMED(semtimedop),
    HEDDLE_NAMED(shmget),
    HEDDLE_NAMED(shmat),
    HEDDLE_NAMED(perf_event_open),
    HEDDLE_NAMED(process_vm_readv),
    HEDDLE_NAMED(process_vm_writev),
};
#undef HEDDLE_NAMED

}  // namespace

std::string name_of_system_call(long number) {
    const auto* const found =
        std::find_if(std::begin(named), std::end(named), [number](const Named& one) { return one.number == number; });
    return found == std::end(named) ? std::to_string(number) : found->name;
}

}  // namespace heddle::unmodified
