// Condition: threads that hold a lock wait to be notified by others that hold it.
//
// ```cpp
// heddle::Condition<> ready;
// bool done = false;  // guarded by the condition's lock
// heddle::Thread worker([&] { const std::scoped_lock guard(ready); done = true; ready.notify(); });
// worker.start();
// { const std::scoped_lock guard(ready); EXPECT_TRUE(ready.wait_for([&] { return done; })); }
// worker.join();
// ```
#pragma once

#include <concepts>
#include <cstddef>
#include <memory>
#include <optional>
#include <stop_token>
#include <type_traits>
#include <utility>

#include <heddle/detail/wait_point.hpp>
#include <heddle/errors.hpp>
#include <heddle/lock.hpp>
#include <heddle/rlock.hpp>
#include <heddle/timeout.hpp>

namespace heddle {

namespace detail {

// A Lock has no owner: that somebody holds it is all that can be asked.
template <Platform P>
bool is_owned(const BasicLock<P>& lock) {
    return lock.locked();
}
template <Platform P>
bool is_owned(const BasicRLock<P>& lock) {
    return lock.is_owned();
}

}  // namespace detail

/// Lets threads wait, with a lock given up, until others notify them. `L` is BasicRLock<P> or BasicLock<P>; several
/// conditions may share one lock, which must outlive them. It is BasicLockable, so std::scoped_lock works.
/// A wait without a time-out returns only after a notify that chose it, never spuriously.
/// With a BasicLock "owned" means that somebody holds it: a call by another thread cannot be told (docs/decisions/0004-semantics.md, D7).
/// It may be destroyed in any state, but not while a thread waits. Source: Python 3.13 threading.Condition.
template <Platform P, class L = BasicRLock<P>>
class BasicCondition {
  public:
    /// Requires: nothing. Returns: a condition with a lock of its own. Errors: std::bad_alloc. Visibility: none.
    /// Source: Python 3.13 threading.Condition.
    BasicCondition() : owned_(std::make_unique<L>()), lock_(*owned_) {}
    /// Requires: `lock` outlives it. Returns: a condition of `lock`. Errors: none. Visibility: none. Source: Python
    /// 3.13 threading.Condition.
    explicit BasicCondition(L& lock) : lock_(lock) {}
    BasicCondition(const BasicCondition&) = delete;
    BasicCondition& operator=(const BasicCondition&) = delete;

    /// As Lock::acquire(), on the lock.
    bool acquire(bool blocking = true, Seconds timeout = no_timeout) { return lock_.acquire(blocking, timeout); }
    /// As Lock::release(), on the lock.
    void release() { lock_.release(); }
    /// As Lock::acquire(), on the lock.
    void lock() { lock_.lock(); }
    /// As Lock::acquire(false), on the lock.
    [[nodiscard]] bool try_lock() { return lock_.try_lock(); }
    /// As Lock::release(), on the lock.
    void unlock() { lock_.unlock(); }
    /// As Lock::locked(), on the lock.
    [[nodiscard]] bool locked() const noexcept { return lock_.locked(); }

    /// Gives the lock up, all its levels, waits to be chosen by a notify for at most `timeout` (nullopt: for ever; zero
    /// and negative ones: not at all, but the lock is given up even so), and takes the lock again as it was.
    /// Requires: nothing. Returns: whether a notify chose this call: false if and only if none did (docs/decisions/0004-semantics.md, D1).
    /// Errors: throws RuntimeError if the lock is not owned; OverflowError above timeout_max; ValueError for NaN. The
    /// lock is held whenever it returns or throws.
    /// Visibility: the notify that chose it happens-before a return of true. Source: Python 3.13 Condition.wait.
    bool wait(const std::optional<Seconds>& timeout = std::nullopt) {
        refuse_unowned("cannot wait on un-acquired lock");
        return waiting_.wait(lock_, detail::deadline_after<P>(timeout));
    }

    /// Waits until `predicate()`, which is called with the lock held, gives something true; for at most `timeout`, which
    /// is one for the whole call.
    /// Requires: nothing. Returns: the predicate's last value; false in a condition means that the time has passed.
    /// Errors: as wait(), but only once the predicate has been false; and whatever it throws, with the lock held.
    /// Visibility: as wait(). Source: Python 3.13 Condition.wait_for.
    template <class Predicate>
    requires std::constructible_from<bool, std::invoke_result_t<Predicate&>>
    auto wait_for(Predicate predicate, const std::optional<Seconds>& timeout = std::nullopt) {
        return wait_for(std::stop_token(), std::move(predicate), timeout);
    }

    /// As wait_for(predicate, timeout), but gives up when `stop` is requested, too, which any thread may do, with or
    /// without the lock. Requires: nothing. Returns: the predicate's last value; false in a condition means that the
    /// time has passed or `stop` was requested. Errors: as wait_for(predicate, timeout). Visibility: as wait(); the
    /// request happens-before a return that it causes. Source: C++20 condition_variable_any::wait.
    template <class Predicate>
    requires std::constructible_from<bool, std::invoke_result_t<Predicate&>>
    auto wait_for(const std::stop_token& stop, Predicate predicate,
                  const std::optional<Seconds>& timeout = std::nullopt);

    /// Chooses the `n` threads that have waited longest, or all if there are fewer. They return once they get the lock,
    /// which this does not give up. Nobody waiting, or an `n` of zero or less: no effect, now or later.
    /// Requires: nothing. Returns: nothing. Errors: throws RuntimeError if the lock is not owned.
    /// Visibility: happens-before the returns of those chosen. Source: Python 3.13 Condition.notify.
    void notify(std::ptrdiff_t n = 1) {
        refuse_unowned("cannot notify on un-acquired lock");
        while (n > 0 && waiting_.notify_one()) --n;
    }

    /// Chooses every thread that waits. Otherwise as notify(). Source: Python 3.13 Condition.notify_all.
    void notify_all() {
        refuse_unowned("cannot notify on un-acquired lock");
        waiting_.notify_all();
    }

  private:
    using Waiter = typename detail::WaitPoint<P>::Waiter;

    void refuse_unowned(const char* message) const {
        if (!detail::is_owned(lock_)) throw RuntimeError(message);
    }

    std::unique_ptr<L> owned_;
    L& lock_;
    detail::WaitPoint<P> waiting_{"Condition.waiters"};
};

/// The Condition of programs; `Condition<Lock>` is one over a Lock.
template <class L = RLock>
using Condition = BasicCondition<StdPlatform, L>;

}  // namespace heddle

#include <heddle/condition.inl>
