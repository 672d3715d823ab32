// What heddle's own waits ask of a lock, and its users do not.
#pragma once

#include <cstdint>

#include <heddle/platform/platform.hpp>

namespace heddle {

template <Platform P>
class BasicLock;
template <Platform P>
class BasicRLock;

namespace detail {

/// The door to the private members of the locks. A wait gives its lock up whole, and takes it back as it was.
struct LockAccess {
    struct NoLevel {};

    /// Takes the lock after a wait for a notify, whose sender is about to release it. `slept`: whether the thread was asleep
    /// until then (see FutexLock::lock_after_wait).
    template <Platform P>
    static void lock_after_wait(BasicLock<P>& lock, bool slept) {
        lock.core_.lock_after_wait(slept);
    }

    /// Takes the lock before the deadline, if it can. Returns: whether it did.
    template <class AnyLock>
    static bool lock_before(AnyLock& lock, Deadline deadline) {
        return lock.lock_before(deadline);
    }

    /// Releases all levels at once.
    /// Returns: what take_back() needs. Errors: throws RuntimeError if the lock is not held, an RLock by the calling thread.
    template <Platform P>
    static NoLevel release_whole(BasicLock<P>& lock) {
        lock.release();
        return {};
    }
    template <Platform P>
    static std::uint32_t release_whole(BasicRLock<P>& lock) {
        return lock.release_save();
    }

    /// Undoes release_whole() at the end of a wait. `slept`: as for lock_after_wait().
    template <Platform P>
    static void take_back(BasicLock<P>& lock, NoLevel, bool slept) {
        lock_after_wait(lock, slept);
    }
    template <Platform P>
    static void take_back(BasicRLock<P>& lock, std::uint32_t level, bool slept) {
        lock.acquire_restore(level, slept);
    }
};

}  // namespace detail
}  // namespace heddle
