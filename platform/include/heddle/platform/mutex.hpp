// std::mutex and std::condition_variable for code that is written against a Platform.
//
// ```cpp
// heddle::mutex<heddle::StdPlatform> mutex{"mutex"};
// heddle::condition_variable<heddle::StdPlatform> not_empty{"not empty"};
// std::unique_lock guard(mutex);
// EXPECT_FALSE(not_empty.wait_for(guard, std::chrono::milliseconds(1), [] { return false; }));
// ```
#pragma once

#include <chrono>
#include <concepts>
#include <condition_variable>
#include <mutex>
#include <utility>

#include <heddle/platform/platform.hpp>
#include <heddle/platform/std_platform.hpp>

namespace heddle {

/// Which types stand for std::mutex and std::condition_variable on a platform: `mutex` and `condition_variable`, both
/// made from an optional name. Every platform specialises it; a checker, for all platforms that derive from its own.
template <Platform P>
struct StandardLocks;

/// std::mutex on platform `P`: the standard one in a program, the checker's own under a checker. Takes a name for reports.
template <Platform P>
using mutex = typename StandardLocks<P>::mutex;

/// std::condition_variable on platform `P`, likewise; it waits with a `std::unique_lock<heddle::mutex<P>>`.
template <Platform P>
using condition_variable = typename StandardLocks<P>::condition_variable;

/// std::mutex that takes a name.
class NamedMutex : public std::mutex {
  public:
    /// The name is for checkers. Requires: nothing. Returns: a free mutex. Errors: none. Visibility: none.
    /// Source: C++20 std::mutex.
    constexpr explicit NamedMutex(const char* /*name*/ = nullptr) noexcept {}
};

/// std::condition_variable that takes a name, and waits with a NamedMutex.
class NamedConditionVariable : private std::condition_variable {
  public:
    using Guard = std::unique_lock<NamedMutex>;

    /// The name is for checkers. Requires: nothing. Returns: one that nobody waits for. Errors: as std::condition_variable.
    /// Visibility: none. Source: C++20 std::condition_variable.
    explicit NamedConditionVariable(const char* /*name*/ = nullptr) {}

    using std::condition_variable::notify_all;
    using std::condition_variable::notify_one;

    /// Requires: `guard` holds the mutex with which all others wait. Returns: nothing, after a notify or without cause.
    /// Errors: none. Visibility: that of the mutex. Source: C++20 std::condition_variable::wait.
    void wait(Guard& guard) {
        Standard standard(guard);
        std::condition_variable::wait(standard.guard);
    }
    /// Waits until `predicate()` is true. Requires: as wait(guard). Returns: nothing. Errors: what the predicate throws.
    /// Visibility: that of the mutex. Source: C++20 std::condition_variable::wait.
    template <class Predicate>
    requires std::predicate<Predicate&>
    void wait(Guard& guard, Predicate predicate) {
        while (!predicate()) wait(guard);
    }

    /// Requires: as wait(guard). Returns: timeout if the time was out when it came back. Errors: what the clock throws.
    /// Visibility: that of the mutex. Source: C++20 std::condition_variable::wait_until.
    template <class Clock, class Duration>
    std::cv_status wait_until(Guard& guard, const std::chrono::time_point<Clock, Duration>& when) {
        Standard standard(guard);
        return std::condition_variable::wait_until(standard.guard, when);
    }
    /// Requires: as wait(guard). Returns: the predicate's last value. Errors: what the predicate or the clock throws.
    /// Visibility: that of the mutex. Source: C++20 std::condition_variable::wait_until.
    template <class Clock, class Duration, class Predicate>
    requires std::predicate<Predicate&>
    bool wait_until(Guard& guard, const std::chrono::time_point<Clock, Duration>& when, Predicate predicate) {
        while (!predicate())
            if (wait_until(guard, when) == std::cv_status::timeout) return predicate();
        return true;
    }

    /// Requires: as wait(guard). Returns: timeout if `timeout` was over when it came back. Errors: none.
    /// Visibility: that of the mutex. Source: C++20 std::condition_variable::wait_for.
    template <class Rep, class Period>
    std::cv_status wait_for(Guard& guard, const std::chrono::duration<Rep, Period>& timeout) {
        Standard standard(guard);
        return std::condition_variable::wait_for(standard.guard, timeout);
    }
    /// Requires: as wait(guard). Returns: the predicate's last value. Errors: what the predicate throws.
    /// Visibility: that of the mutex. Source: C++20 std::condition_variable::wait_for.
    template <class Rep, class Period, class Predicate>
    requires std::predicate<Predicate&>
    bool wait_for(Guard& guard, const std::chrono::duration<Rep, Period>& timeout, Predicate predicate) {
        return wait_until(guard, std::chrono::steady_clock::now() + timeout, std::move(predicate));
    }

  private:
    // The mutex of a guard that goes on to hold it, for the standard's own wait.
    struct Standard {
        explicit Standard(Guard& held) : guard(*held.mutex(), std::adopt_lock) {}
        Standard(const Standard&) = delete;
        Standard& operator=(const Standard&) = delete;
        ~Standard() { guard.release(); }
        std::unique_lock<std::mutex> guard;
    };
};

template <>
struct StandardLocks<StdPlatform> {
    using mutex = NamedMutex;
    using condition_variable = NamedConditionVariable;
};

static_assert(sizeof(NamedMutex) == sizeof(std::mutex) &&
                  sizeof(NamedConditionVariable) == sizeof(std::condition_variable),
              "a name costs nothing in a program");

}  // namespace heddle
