// A mutex and a condition variable that engines know as such: one step each, no futex underneath.
//
// ```cpp declarations
// struct Guarded {
//     heddle::checker::mutex<heddle::checker::CheckingPlatform> mutex{"mutex"};
//     void thread(int) { const std::lock_guard guard(mutex); }
// };
// const heddle::engine::Program program = heddle::checker::program_of<Guarded>(2);
// ```
#pragma once

#include <concepts>
#include <condition_variable>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>

#include <heddle/checker/checking_platform.hpp>
#include <heddle/platform/mutex.hpp>

namespace heddle::checker {

namespace detail {

/// A lock by its specification. Any thread may unlock it; which waiting thread takes it next is open.
class SpecifiedLock {
  public:
    // What std::lock_guard and its like call is always inlined, down to where an operation is on the stack: it would be a
    // call in tail position otherwise, and the line of the guard would be no longer among the calls of the step.
    explicit SpecifiedLock(const char* name = "lock", Site site = Site::current())
        : handle_("a lock", ObjectKind::mutex, sizeof(FutexWord), name, nullptr, unlocked, site) {}

    [[gnu::always_inline]] void lock(Site site = Site::current()) {
        handle_.perform({.kind = OperationKind::lock, .site = site});
    }
    void lock_after_wait(bool /*slept*/, Site site = Site::current()) { lock(site); }
    bool lock_before(Deadline deadline, Site site = Site::current()) {
        return handle_.perform({.kind = OperationKind::lock, .deadline = to_engine(deadline), .site = site}).success;
    }
    [[gnu::always_inline]] bool try_lock(Site site = Site::current()) noexcept {
        return handle_.perform({.kind = OperationKind::try_lock, .site = site}).success;
    }
    /// Returns: whether it was locked.
    [[gnu::always_inline]] bool unlock(Site site = Site::current()) {
        return handle_.perform({.kind = OperationKind::unlock, .site = site}).success;
    }
    bool locked(Site site = Site::current()) const noexcept {
        return handle_.perform({.kind = OperationKind::load, .order = std::memory_order_relaxed, .site = site}).value !=
               unlocked;
    }

  private:
    static constexpr std::uint64_t unlocked = 0;
    Handle handle_;
};

/// A try has found a mutex locked. std::lock, which holds another one then, backs off and tries again as often as it must: two
/// threads can do so for ever. Who yields in between waits, and is no matter of this.
inline void back_off(Site site) {
    constexpr unsigned most_back_offs = 2;
    const std::string_view file = site.file_name();
    ThreadLocals& locals = ThreadLocals::of_this_thread("a mutex");
    if (locals.held == 0 || !(file.ends_with("/mutex") || file.ends_with("/unique_lock.h"))) return;
    if (++locals.back_offs > most_back_offs)
        Run::require("a mutex").cut("what a thread does after std::lock has found a mutex locked " +
                                    std::to_string(most_back_offs + 1) + " times");
}

/// std::mutex under a checker. To unlock one that the thread does not hold is misuse, and so is to destroy one that is held,
/// or to end holding one.
class CheckedMutex {
  public:
    explicit CheckedMutex(const char* name = "mutex", Site site = Site::current()) : lock_(name, site) {}
    CheckedMutex(const CheckedMutex&) = delete;
    CheckedMutex& operator=(const CheckedMutex&) = delete;
    ~CheckedMutex() {
        if (holder_ != nobody && Run::current() != nullptr)
            CheckingPlatform::misuse("a mutex is destroyed while a thread holds it", Site{});
    }

    [[gnu::always_inline]] void lock(Site site = Site::current()) {
        lock_.lock(site);
        hold();
    }
    [[gnu::always_inline]] bool try_lock(Site site = Site::current()) {
        const bool taken = lock_.try_lock(site);
        if (taken) hold();
        else back_off(site);
        return taken;
    }
    /// Whether the thread is in time.
    bool lock_before(Deadline deadline, Site site) {
        const bool taken = lock_.lock_before(deadline, site);
        if (taken) hold();
        return taken;
    }
    /// Only the thread itself changes the answer.
    bool is_held_here() const { return holder_ == self(); }
    [[gnu::always_inline]] void unlock(Site site = Site::current()) {
        if (holder_ != self()) CheckingPlatform::misuse("a thread unlocks a mutex that it does not hold", site);
        holder_ = nobody;
        --ThreadLocals::of_this_thread("a mutex").held;
        lock_.unlock(site);
    }

  private:
    static constexpr std::uint64_t nobody = ~std::uint64_t{0};

    static std::uint64_t self() { return Run::require("a mutex").thread_index(); }

    void hold() {
        holder_ = self();
        ++ThreadLocals::of_this_thread("a mutex").held;
    }

    SpecifiedLock lock_;
    std::uint64_t holder_ = nobody;  // changes only while lock_ is held
};

/// A point in time of a clock of the standard library. A checker's time is a choice: only the distance from now counts.
template <class Clock, class Duration>
Deadline deadline_at(const std::chrono::time_point<Clock, Duration>& when) {
    return Deadline::after(CheckingPlatform::now(), when - Clock::now());
}

/// std::condition_variable and std::condition_variable_any under a checker: notify_one wakes any of those who wait, and a wait comes back without cause
/// as often as the model's spurious_wakeups says. Time-outs are choices.
class CheckedConditionVariable {
  public:
    explicit CheckedConditionVariable(const char* name = "condition_variable", Site site = Site::current())
        : handle_("a condition variable", ObjectKind::condition, 0, name, nullptr, nothing, site) {}

    void notify_one(Site site = Site::current()) {
        handle_.perform({.kind = OperationKind::notify, .value = 1, .site = site});
    }
    void notify_all(Site site = Site::current()) {
        handle_.perform({.kind = OperationKind::notify, .value = engine::every_waiter, .site = site});
    }

    template <class Lock>
    void wait(Lock& lock, Site site = Site::current()) {
        wait_before(lock, Deadline::never(), site);
    }
    template <class Lock, class Predicate>
    requires std::predicate<Predicate&>
    void wait(Lock& lock, Predicate predicate, Site site = Site::current()) {
        while (!predicate()) wait(lock, site);
    }

    template <class Lock, class Clock, class Duration>
    std::cv_status wait_until(Lock& lock, const std::chrono::time_point<Clock, Duration>& when,
                              Site site = Site::current()) {
        return status(wait_before(lock, deadline_at(when), site));
    }
    template <class Lock, class Clock, class Duration, class Predicate>
    requires std::predicate<Predicate&>
    bool wait_until(Lock& lock, const std::chrono::time_point<Clock, Duration>& when, Predicate predicate,
                    Site site = Site::current()) {
        return wait_before(lock, deadline_at(when), predicate, site);
    }

    template <class Lock, class Rep, class Period>
    std::cv_status wait_for(Lock& lock, std::chrono::duration<Rep, Period> timeout, Site site = Site::current()) {
        return status(wait_before(lock, Deadline::after(CheckingPlatform::now(), timeout), site));
    }
    template <class Lock, class Rep, class Period, class Predicate>
    requires std::predicate<Predicate&>
    bool wait_for(Lock& lock, std::chrono::duration<Rep, Period> timeout, Predicate predicate,
                  Site site = Site::current()) {
        return wait_before(lock, Deadline::after(CheckingPlatform::now(), timeout), predicate, site);
    }

  private:
    static constexpr std::uint64_t nothing = 0;

    static std::cv_status status(WaitResult result) {
        return result == WaitResult::timed_out ? std::cv_status::timeout : std::cv_status::no_timeout;
    }

    template <class Lock, class Predicate>
    bool wait_before(Lock& lock, Deadline deadline, Predicate& predicate, Site site) {
        while (!predicate())
            if (wait_before(lock, deadline, site) == WaitResult::timed_out) return predicate();
        return true;
    }

    template <class Lock>
    WaitResult wait_before(Lock& lock, Deadline deadline, Site site) {
        handle_.perform({.kind = OperationKind::enlist, .site = site});
        unlock(lock, site);
        const auto woken =
            handle_.perform({.kind = OperationKind::sleep, .deadline = to_engine(deadline), .site = site});
        relock(lock, site);
        return from_engine(static_cast<engine::WaitOutcome>(woken.value));
    }

    // A guard of a checker's mutex goes on to hold it.
    static void unlock(std::unique_lock<CheckedMutex>& guard, Site site) { guard.mutex()->unlock(site); }
    static void relock(std::unique_lock<CheckedMutex>& guard, Site site) { guard.mutex()->lock(site); }
    template <class Lock>
    static void unlock(Lock& lock, Site /*site*/) {
        lock.unlock();
    }
    template <class Lock>
    static void relock(Lock& lock, Site /*site*/) {
        lock.lock();
    }

    Handle handle_;
};

}  // namespace detail

/// The names of <heddle/platform/mutex.hpp>, as models spell them.
using heddle::condition_variable;
using heddle::mutex;

/// A checking platform on which every heddle::Lock is one by its specification. What is built from locks has far fewer
/// executions on it; that the real lock meets the specification is what the models of Lock show
/// (docs/decisions/0006-locks-by-specification.md).
template <class Base>
struct LocksBySpecification : Base {
    using lock_core = detail::SpecifiedLock;
};

static_assert(Platform<LocksBySpecification<CheckingPlatform>>);

}  // namespace heddle::checker

/// On a checking platform both are steps that the engines know.
template <heddle::Platform P>
requires std::derived_from<P, heddle::checker::CheckingPlatform>
struct heddle::StandardLocks<P> {
    using mutex = checker::detail::CheckedMutex;
    using condition_variable = checker::detail::CheckedConditionVariable;
};
