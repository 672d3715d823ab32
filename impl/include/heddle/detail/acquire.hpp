// The arguments of an acquire, as Python checks them.
#pragma once

#include <heddle/detail/lock_access.hpp>
#include <heddle/errors.hpp>
#include <heddle/timeout.hpp>

namespace heddle::detail {

/// acquire(blocking, timeout) of a lock that has lock(), try_lock() and, for LockAccess, lock_before(deadline).
/// Errors: those of Lock.acquire; the arguments are checked first, whatever the state.
template <Platform P, class AnyLock>
bool acquire(AnyLock& lock, bool blocking, Seconds timeout) {
    if (!blocking) {
        if (timeout != no_timeout) throw ValueError("can't specify a timeout for a non-blocking call");
        return lock.try_lock();
    }
    if (timeout == no_timeout) {
        lock.lock();
        return true;
    }
    if (timeout.count() < 0.0) throw ValueError("timeout value must be a non-negative number");
    return LockAccess::lock_before(lock, deadline_after<P>(timeout));
}

}  // namespace heddle::detail
