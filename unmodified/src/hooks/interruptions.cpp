// What a thread lets others do to it: signals that it blocks, and whether it may be cancelled. Nobody can do either, since
// handlers and pthread_cancel are refused: what is set is given back.
#include <pthread.h>
#include <signal.h>

#include <cerrno>
#include <utility>

#include "front_end.hpp"
#include "real.hpp"
#include "hooks/errors.hpp"
#include "hooks/thread_attributes.hpp"

namespace heddle::unmodified {
namespace {

/// Returns: 0, or an error.
int block(int how, const sigset_t* signals, sigset_t* before) {
    sigset_t& blocked = thread_attributes.of_running(signals != nullptr).blocked;
    const sigset_t given = signals == nullptr ? sigset_t{} : *signals;  // which may be where the old ones go
    if (before != nullptr) *before = blocked;
    if (signals == nullptr) return 0;
    if (how != SIG_BLOCK && how != SIG_UNBLOCK && how != SIG_SETMASK) return EINVAL;
    if (how == SIG_SETMASK) sigemptyset(&blocked);
    for (int number = 1; number != NSIG; ++number)
        if (sigismember(&given, number) == 1)
            how == SIG_UNBLOCK ? sigdelset(&blocked, number) : sigaddset(&blocked, number);
    return 0;
}

/// The same, of what is 0 or 1.
int change(int& value, int wanted, int* before) {
    if (wanted != 0 && wanted != 1) return EINVAL;
    const int old = std::exchange(value, wanted);
    if (before != nullptr) *before = old;
    return 0;
}

static_assert(PTHREAD_CANCEL_ENABLE + PTHREAD_CANCEL_DISABLE == 1 &&
              PTHREAD_CANCEL_DEFERRED + PTHREAD_CANCEL_ASYNCHRONOUS == 1);

}  // namespace
}  // namespace heddle::unmodified

using namespace heddle::unmodified;  // NOLINT: what follows are the C library's names

HEDDLE_HOOK int pthread_sigmask(int how, const sigset_t* signals, sigset_t* before) noexcept {
    if (!self.in_program) return HEDDLE_REAL(pthread_sigmask)(how, signals, before);
    return block(how, signals, before);
}
HEDDLE_HOOK int sigprocmask(int how, const sigset_t* signals, sigset_t* before) noexcept {
    if (!self.in_program) return HEDDLE_REAL(sigprocmask)(how, signals, before);
    return told_by_errno(block(how, signals, before));
}
HEDDLE_HOOK int pthread_setcancelstate(int state, int* before) {
    if (!self.in_program) return HEDDLE_REAL(pthread_setcancelstate)(state, before);
    return change(thread_attributes.of_running(true).cancel_state, state, before);
}
HEDDLE_HOOK int pthread_setcanceltype(int type, int* before) {
    if (!self.in_program) return HEDDLE_REAL(pthread_setcanceltype)(type, before);
    return change(thread_attributes.of_running(true).cancel_type, type, before);
}
