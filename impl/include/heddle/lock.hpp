// Lock: a non-recursive, unowned binary lock.
//
// ```cpp
// heddle::Lock lock;
// const std::scoped_lock guard(lock);
// EXPECT_FALSE(lock.acquire(false));  // it is not recursive
// EXPECT_FALSE(lock.acquire(true, std::chrono::milliseconds(1)));
// ```
#pragma once

#include <chrono>

#include <heddle/detail/acquire.hpp>
#include <heddle/detail/futex_lock.hpp>
#include <heddle/detail/lock_access.hpp>
#include <heddle/errors.hpp>
#include <heddle/platform/platform.hpp>
#include <heddle/platform/std_platform.hpp>
#include <heddle/timeout.hpp>

namespace heddle {

/// A lock that any thread may release, as in Python; it has no owner and is not recursive.
/// Meets Lockable and TimedLockable, so std::scoped_lock, std::unique_lock and std::condition_variable_any work.
/// It may be destroyed in any state, but not during a call by another thread.
/// Source: Python 3.13 threading.Lock.
template <Platform P>
class BasicLock {
  public:
    BasicLock() = default;
    BasicLock(const BasicLock&) = delete;
    BasicLock& operator=(const BasicLock&) = delete;

    /// Takes the lock; waits for it if `blocking`, for at most `timeout` (no_timeout: for ever; zero: one try).
    /// Requires: nothing. A caller that already holds it waits for another thread to release it.
    /// Returns: whether the lock was taken; on false nothing has changed.
    /// Errors: throws ValueError if `timeout` is NaN, is negative and not no_timeout, or is given although not
    /// `blocking`; OverflowError above timeout_max. The arguments are checked first, whatever the state.
    /// Visibility: the release() that made it free happens-before a return of true; false orders nothing.
    /// Source: Python 3.13 Lock.acquire.
    bool acquire(bool blocking = true, Seconds timeout = no_timeout) {
        return detail::acquire<P>(core_, blocking, timeout);
    }

    /// Frees the lock and lets exactly one waiting thread proceed. Any thread may call it.
    /// Requires: nothing. Returns: nothing.
    /// Errors: throws RuntimeError if the lock is not held; then nothing has changed.
    /// Visibility: happens-before the next successful acquire. Source: Python 3.13 Lock.release.
    void release() {
        if (!core_.unlock()) throw_not_held();
    }

    /// Whether somebody holds the lock at some instant during the call.
    /// Requires: nothing. Returns: that. Errors: none. Visibility: none. Source: Python 3.13 Lock.locked.
    [[nodiscard]] bool locked() const noexcept { return core_.locked(); }

    /// As acquire(), under the name that std::scoped_lock expects.
    void lock() { core_.lock(); }

    /// As acquire(false), under the name that std::unique_lock expects.
    [[nodiscard]] bool try_lock() noexcept { return core_.try_lock(); }

    /// As release(), under the name that std::scoped_lock expects.
    void unlock() { release(); }

    /// Takes the lock, waiting at most `timeout`; zero and negative ones mean one try.
    /// Requires: nothing. Returns: whether it was taken. Errors: as acquire(true, timeout), a negative one excepted.
    /// Visibility: as acquire. Source: C++20 TimedLockable.
    template <class Rep, class Period>
    [[nodiscard]] bool try_lock_for(const std::chrono::duration<Rep, Period>& timeout) {
        return core_.lock_before(detail::deadline_after<P>(Seconds(timeout)));
    }

    /// Takes the lock, waiting until `when` on its clock at the latest. As try_lock_for().
    template <class Clock, class Duration>
    [[nodiscard]] bool try_lock_until(const std::chrono::time_point<Clock, Duration>& when) {
        return core_.lock_before(detail::deadline_until<P>(when));
    }

  private:
    friend struct detail::LockAccess;

    [[noreturn, gnu::cold, gnu::noinline]] static void throw_not_held() { throw RuntimeError("release unlocked lock"); }

    detail::LockCore<P> core_{"Lock.state"};
};

/// The Lock of programs.
using Lock = BasicLock<StdPlatform>;

static_assert(sizeof(Lock) == sizeof(FutexWord), "a lock is one word");

}  // namespace heddle
