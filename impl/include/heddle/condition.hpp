// Condition: threads that hold a lock wait to be notified by others that hold it.
#pragma once

#include <concepts>
#include <cstddef>
#include <memory>
#include <optional>
#include <stop_token>
#include <type_traits>
#include <utility>

#include <heddle/detail/wait_list.hpp>
#include <heddle/errors.hpp>
#include <heddle/lock.hpp>
#include <heddle/rlock.hpp>
#include <heddle/timeout.hpp>

namespace heddle {

namespace detail {

// What a Condition needs of its lock: who owns it, giving it up whole, taking it back.
template <Platform P>
bool is_owned(const BasicLock<P>& lock) {
    return lock.locked();
}
template <Platform P>
bool is_owned(const BasicRLock<P>& lock) {
    return lock.is_owned();
}

struct NoLevel {};
template <Platform P>
NoLevel release_whole(BasicLock<P>& lock) {
    lock.release();
    return {};
}
template <Platform P>
std::uint32_t release_whole(BasicRLock<P>& lock) {
    return lock.release_save();
}

template <Platform P>
void take_back(BasicLock<P>& lock, NoLevel) {
    lock.lock_soon();
}
template <Platform P>
void take_back(BasicRLock<P>& lock, std::uint32_t level) {
    lock.acquire_restore(level);
}

}  // namespace detail

/// Lets threads wait, with a lock given up, until others notify them. `L` is BasicRLock<P> or BasicLock<P>; several
/// conditions may share one lock, which must outlive them. It is BasicLockable, so std::scoped_lock works.
/// A wait without a time-out returns only after a notify that chose it, never spuriously.
/// With a BasicLock "owned" means that somebody holds it: a call by another thread cannot be told (decision D7).
/// It may be destroyed in any state, but not while a thread waits. Source: Python 3.13 threading.Condition.
template <Platform P, class L = BasicRLock<P>>
class BasicCondition {
  public:
    /// A condition with a lock of its own.
    BasicCondition() : owned_(std::make_unique<L>()), lock_(*owned_) {}
    /// A condition of `lock`.
    explicit BasicCondition(L& lock) : lock_(lock) {}
    BasicCondition(const BasicCondition&) = delete;
    BasicCondition& operator=(const BasicCondition&) = delete;

    /// The lock's own operations; see there.
    bool acquire(bool blocking = true, Seconds timeout = no_timeout) { return lock_.acquire(blocking, timeout); }
    void release() { lock_.release(); }
    void lock() { lock_.lock(); }
    [[nodiscard]] bool try_lock() { return lock_.try_lock(); }
    void unlock() { lock_.unlock(); }
    [[nodiscard]] bool locked() const noexcept { return lock_.locked(); }

    /// Gives the lock up, all its levels, waits to be chosen by a notify for at most `timeout` (nullopt: for ever; zero
    /// and negative ones: not at all, but the lock is given up even so), and takes the lock again as it was.
    /// Requires: nothing. Returns: whether a notify chose this call: false if and only if none did (decision D1).
    /// Errors: throws RuntimeError if the lock is not owned; OverflowError above timeout_max; ValueError for NaN. The
    /// lock is held whenever it returns or throws.
    /// Visibility: the notify that chose it happens-before a return of true. Source: Python 3.13 Condition.wait.
    bool wait(std::optional<Seconds> timeout = std::nullopt) {
        refuse_unowned("cannot wait on un-acquired lock");
        return wait_before(timeout ? detail::deadline_after<P>(*timeout) : Deadline::never());
    }

    /// Waits until `predicate()`, which is called with the lock held, gives something true; for at most `timeout`, which
    /// is one for the whole call.
    /// Requires: nothing. Returns: the predicate's last value; false in a condition means that the time has passed.
    /// Errors: as wait(), but only once the predicate has been false; and whatever it throws, with the lock held.
    /// Visibility: as wait(). Source: Python 3.13 Condition.wait_for.
    template <class Predicate>
    requires std::constructible_from<bool, std::invoke_result_t<Predicate&>>
    auto wait_for(Predicate predicate, std::optional<Seconds> timeout = std::nullopt) {
        auto result = predicate();
        if (static_cast<bool>(result)) return result;
        refuse_unowned("cannot wait on un-acquired lock");
        const Deadline deadline = timeout ? detail::deadline_after<P>(*timeout) : Deadline::never();
        for (bool chosen = true; chosen && !static_cast<bool>(result); result = predicate())
            chosen = wait_before(deadline);
        return result;
    }

    /// The same, but gives up when `stop` is requested, too, which any thread may do, with or without the lock.
    /// Returns: the predicate's last value; false in a condition means that the time has passed or `stop` was requested.
    /// Visibility: as wait(); the request happens-before a return that it causes. Source: C++20
    /// condition_variable_any::wait.
    template <class Predicate>
    requires std::constructible_from<bool, std::invoke_result_t<Predicate&>>
    auto wait_for(const std::stop_token& stop, Predicate predicate, std::optional<Seconds> timeout = std::nullopt) {
        auto result = predicate();
        if (static_cast<bool>(result)) return result;
        refuse_unowned("cannot wait on un-acquired lock");
        const Deadline deadline = timeout ? detail::deadline_after<P>(*timeout) : Deadline::never();
        for (bool chosen = true; chosen && !static_cast<bool>(result) && !stop.stop_requested(); result = predicate()) {
            typename detail::WaitList<P>::Waiter self;
            // Unregistered before `self` is gone; a request that has come already interrupts it at once.
            const std::stop_callback interrupt(stop, [&self] { self.interrupt(); });
            chosen = wait_as(self, deadline);
        }
        return result;
    }

    /// Chooses the `n` threads that have waited longest, or all if there are fewer. They return once they get the lock,
    /// which this does not give up. Nobody waiting, or an `n` of zero or less: no effect, now or later.
    /// Requires: nothing. Returns: nothing. Errors: throws RuntimeError if the lock is not owned.
    /// Visibility: happens-before the returns of those chosen. Source: Python 3.13 Condition.notify.
    void notify(std::ptrdiff_t n = 1) {
        refuse_unowned("cannot notify on un-acquired lock");
        for (; n > 0 && !waiters_.empty(); --n) waiters_.choose_first(notified);
    }

    /// Chooses every thread that waits. Otherwise as notify(). Source: Python 3.13 Condition.notify_all.
    void notify_all() {
        refuse_unowned("cannot notify on un-acquired lock");
        while (!waiters_.empty()) waiters_.choose_first(notified);
    }

  private:
    static constexpr FutexWord notified = 1;

    void refuse_unowned(const char* message) const {
        if (!detail::is_owned(lock_)) throw RuntimeError(message);
    }

    // Whether the thread was chosen is decided under the lock, also when its time has passed.
    bool wait_before(Deadline deadline) {
        typename detail::WaitList<P>::Waiter self;
        return wait_as(self, deadline);
    }
    bool wait_as(typename detail::WaitList<P>::Waiter& self, Deadline deadline) {
        waiters_.add(self);
        const auto level = detail::release_whole(lock_);
        self.sleep(deadline);
        detail::take_back(lock_, level);
        if (self.chosen_for() == notified) return true;
        waiters_.remove(self);
        return false;
    }

    std::unique_ptr<L> owned_;
    L& lock_;
    detail::WaitList<P> waiters_{"Condition.waiters"};
};

/// The Condition of programs; `Condition<Lock>` is one over a Lock.
template <class L = RLock>
using Condition = BasicCondition<StdPlatform, L>;

}  // namespace heddle
