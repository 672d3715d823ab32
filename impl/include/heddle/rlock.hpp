// RLock: a lock that its owner may take again.
//
// ```cpp
// heddle::RLock lock;
// lock.acquire();
// lock.acquire();  // its owner never waits
// EXPECT_EQ(lock.recursion_count(), 2U);
// lock.release();
// lock.release();
// ```
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <utility>

#include <heddle/detail/acquire.hpp>
#include <heddle/detail/futex_lock.hpp>
#include <heddle/detail/lock_access.hpp>
#include <heddle/errors.hpp>
#include <heddle/platform/platform.hpp>
#include <heddle/platform/std_platform.hpp>
#include <heddle/timeout.hpp>

namespace heddle {

/// A recursive lock: the thread that holds it owns it, takes it again without waiting, and alone may release it. It is
/// free when it was released as often as it was taken. Meets Lockable and TimedLockable.
/// It may be destroyed in any state, but not during a call by another thread. A thread that ends while it owns the lock
/// leaves it locked for ever: no later thread is taken for the owner (docs/decisions/0004-semantics.md, D16).
/// Source: Python 3.13 threading.RLock.
template <Platform P>
class BasicRLock {
  public:
    BasicRLock() = default;
    BasicRLock(const BasicRLock&) = delete;
    BasicRLock& operator=(const BasicRLock&) = delete;

    /// Takes the lock; waits for it if `blocking`, for at most `timeout`. The owner never waits, and its level grows by one.
    /// Requires: nothing. Returns: whether the lock was taken; on false nothing has changed.
    /// Errors: those of Lock.acquire, also for the owner.
    /// Visibility: the release() that made it free happens-before a return of true; false orders nothing.
    /// Source: Python 3.13 RLock.acquire.
    bool acquire(bool blocking = true, Seconds timeout = no_timeout) {
        return detail::acquire<P>(*this, blocking, timeout);
    }

    /// Undoes one acquire of the owner; the last one frees the lock and lets exactly one waiting thread proceed.
    /// Requires: nothing. Returns: nothing.
    /// Errors: throws RuntimeError if the calling thread does not own the lock; then nothing has changed.
    /// Visibility: the last one happens-before the next successful acquire. Source: Python 3.13 RLock.release.
    void release() {
        if (!is_owned()) [[unlikely]]
            throw_not_owned();
        const std::uint32_t level = level_.read() - 1;
        level_.write(level);
        if (level == 0) free();
    }

    /// Requires: nothing. Returns: whether somebody owns the lock at some instant during the call. Errors: none.
    /// Visibility: none. Source: Python 3.14 RLock.locked.
    [[nodiscard]] bool locked() const noexcept { return core_.locked(); }

    /// Requires: nothing. Returns: whether the calling thread owns the lock. Errors: none. Visibility: none. Source:
    /// Python 3.13 RLock._is_owned.
    [[nodiscard]] bool is_owned() const noexcept {
        // Relaxed: nobody else ever writes this thread's id, so to read it is to read the thread's own write.
        return owner_.load(std::memory_order_relaxed) == P::thread_id();
    }

    /// Requires: nothing. Returns: how often the calling thread has still to release the lock; zero if it does not
    /// own it. Errors: none. Visibility: none. Source: Python 3.13 RLock._recursion_count.
    [[nodiscard]] std::uint32_t recursion_count() const { return is_owned() ? level_.read() : 0; }

    /// As acquire(), under the name that std::scoped_lock expects.
    void lock() {
        if (enter_again()) return;
        core_.lock();
        own(1);
    }

    /// As acquire(false), under the name that std::unique_lock expects.
    [[nodiscard]] bool try_lock() {
        if (enter_again()) return true;
        if (!core_.try_lock()) return false;
        own(1);
        return true;
    }

    /// As release(), under the name that std::scoped_lock expects.
    void unlock() { release(); }

    /// Takes the lock, waiting at most `timeout`; zero and negative ones mean one try. Requires: nothing. Returns:
    /// whether it was taken. Errors: as acquire(true, timeout), a negative one excepted. Visibility: as acquire().
    /// Source: C++20 TimedLockable.
    template <class Rep, class Period>
    [[nodiscard]] bool try_lock_for(const std::chrono::duration<Rep, Period>& timeout) {
        return lock_before(detail::deadline_after<P>(Seconds(timeout)));
    }

    /// Takes the lock, waiting until `when` on its clock at the latest. As try_lock_for().
    template <class Clock, class Duration>
    [[nodiscard]] bool try_lock_until(const std::chrono::time_point<Clock, Duration>& when) {
        return lock_before(detail::deadline_until<P>(when));
    }

  private:
    friend struct detail::LockAccess;

    // Takes the lock before the deadline, if it can. Returns: whether it did.
    bool lock_before(Deadline deadline) {
        if (enter_again()) return true;
        if (!core_.lock_before(deadline)) return false;
        own(1);
        return true;
    }

    // Gives up all levels at once, for a wait that must let others in. Returns: how many they were.
    // Errors: throws RuntimeError if the calling thread does not own the lock. Source: Python 3.13 RLock._release_save.
    std::uint32_t release_save() {
        if (!is_owned()) throw_not_owned();
        const std::uint32_t level = level_.read();
        free();
        return level;
    }

    // Takes the lock at the level that release_save() returned. `slept`: as for LockAccess::lock_after_wait.
    // Source: Python 3.13 RLock._acquire_restore.
    void acquire_restore(std::uint32_t level, bool slept) {
        core_.lock_after_wait(slept);
        own(level);
    }

    static constexpr std::uint64_t nobody = 0;  // no thread has this id

    bool enter_again() {
        if (!is_owned()) return false;
        level_.write(level_.read() + 1);
        return true;
    }

    // Requires: core_ is held, by this thread. Relaxed: see is_owned().
    void own(std::uint32_t level) {
        level_.write(level);
        owner_.store(P::thread_id(), std::memory_order_relaxed);
    }
    void free() {
        owner_.store(nobody, std::memory_order_relaxed);  // relaxed: see is_owned()
        (void)core_.unlock();
    }

    [[noreturn, gnu::cold, gnu::noinline]] static void throw_not_owned() {
        throw RuntimeError("cannot release un-acquired lock");
    }

    detail::LockCore<P> core_{"RLock.state"};
    typename P::template atomic<std::uint64_t> owner_{nobody, "RLock.owner"};
    typename P::template plain<std::uint32_t> level_{0, "RLock.level"};  // changed by the owner only
};

/// The RLock of programs.
using RLock = BasicRLock<StdPlatform>;

}  // namespace heddle
