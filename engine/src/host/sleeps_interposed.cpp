// Calls by which a thread lets time pass, or others run, or waits for the kernel: time is a choice of an engine, and what it
// does not see does not end a wait of the program.
#include "interposed.hpp"

#include <sched.h>
#include <unistd.h>

#include <ctime>

#define HEDDLE_REFUSE_SLEEP(name, parameters, call)                                   \
    HEDDLE_REFUSE(name, parameters, call, "a sleep of the system (std::this_thread)", \
                  "a wait with a deadline, or P::yield()")
HEDDLE_REFUSE_SLEEP(nanosleep, (const timespec* span, timespec* left), (span, left))
HEDDLE_REFUSE_SLEEP(clock_nanosleep, (clockid_t clock, int flags, const timespec* time, timespec* left),
                    (clock, flags, time, left))
HEDDLE_REFUSE_SLEEP(usleep, (useconds_t microseconds), (microseconds))
#define HEDDLE_REFUSE_SLEEP_WORDS(name) \
    HEDDLE_REFUSE_WORDS(name, "a sleep of the system (" #name ")", "a wait with a deadline, or P::yield()")
HEDDLE_REFUSE_SLEEP_WORDS(sleep)
HEDDLE_REFUSE_SLEEP_WORDS(thrd_sleep)

#define HEDDLE_REFUSE_KERNEL_WAIT(name) \
    HEDDLE_REFUSE_WORDS(name, "a wait in the kernel (" #name ")", "P::wait, or a condition variable")
HEDDLE_REFUSE_KERNEL_WAIT(poll)
HEDDLE_REFUSE_KERNEL_WAIT(ppoll)
HEDDLE_REFUSE_KERNEL_WAIT(select)
HEDDLE_REFUSE_KERNEL_WAIT(pselect)
HEDDLE_REFUSE_KERNEL_WAIT(epoll_wait)
HEDDLE_REFUSE_KERNEL_WAIT(epoll_pwait)
HEDDLE_REFUSE_KERNEL_WAIT(pause)
HEDDLE_REFUSE_KERNEL_WAIT(sigsuspend)
HEDDLE_REFUSE_KERNEL_WAIT(sigwait)
HEDDLE_REFUSE_KERNEL_WAIT(sigwaitinfo)
HEDDLE_REFUSE_KERNEL_WAIT(sigtimedwait)

HEDDLE_REFUSE_WORDS(thrd_yield, "thrd_yield()", "P::yield()")
HEDDLE_REFUSE(sched_yield, (), (), "std::this_thread::yield()", "P::yield()")

namespace heddle::engine {

/// Declared in the front end's libstdcxx_atomics.hpp: between two tries of std::lock, which it makes in any case.
int yield_in_standard_lock() noexcept;
int yield_in_standard_lock() noexcept { return Watch::in_program() ? 0 : sched_yield(); }

}  // namespace heddle::engine
