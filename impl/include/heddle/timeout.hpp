// Time-outs as Python takes them, turned into deadlines.
//
// ```cpp
// heddle::Event never_set;
// EXPECT_FALSE(never_set.wait(std::chrono::milliseconds(1)));  // every std::chrono duration is a heddle::Seconds
// EXPECT_THROW(never_set.wait(heddle::timeout_max * 2), heddle::OverflowError);
// ```
#pragma once

#include <chrono>
#include <cmath>
#include <optional>

#include <heddle/errors.hpp>
#include <heddle/platform/platform.hpp>

namespace heddle {

/// A relative time-out. Every std::chrono duration converts to it.
using Seconds = std::chrono::duration<double>;

/// The longest time-out that a call accepts (Python TIMEOUT_MAX on Linux).
inline constexpr Seconds timeout_max{9223372036.0};

/// The time-out of Lock.acquire that stands for "wait for ever": exactly minus one second, as in Python.
inline constexpr Seconds no_timeout{-1.0};

namespace detail {

inline void refuse_nan(Seconds timeout) {
    if (std::isnan(timeout.count())) throw ValueError("timeout must be a number, it is NaN");
}

inline void refuse_nan_and_negative(Seconds timeout) {
    refuse_nan(timeout);
    if (timeout.count() < 0.0) throw ValueError("'timeout' must be a non-negative number");
}

/// What the queues refuse before they look whether they have to wait. (By reference, as in every call with an optional
/// time-out: GCC 12 passes one by value through the stack, in pieces that stall the load of the whole.)
inline void refuse_nan_and_negative(const std::optional<Seconds>& timeout) {
    if (timeout) refuse_nan_and_negative(*timeout);
}

/// The deadline of a call that waits for at most `timeout` from now; zero and negative ones have passed already.
/// Errors: ValueError if it is NaN; OverflowError above timeout_max.
template <Platform P>
Deadline deadline_after(Seconds timeout) {
    refuse_nan(timeout);
    if (timeout > timeout_max) throw OverflowError("timeout is larger than timeout_max (9223372036 s)");
    return Deadline::after(P::now(), timeout);
}

/// The same where no time-out means for ever.
template <Platform P>
Deadline deadline_after(const std::optional<Seconds>& timeout) {
    return timeout ? deadline_after<P>(*timeout) : Deadline::never();
}

/// The deadline of a C++ style wait until `when` on any clock; past the range of the platform's clock it saturates.
/// Errors: ValueError if it is NaN.
template <Platform P, class Clock, class Duration>
Deadline deadline_until(const std::chrono::time_point<Clock, Duration>& when) {
    const Seconds left(when - Clock::now());
    refuse_nan(left);
    return Deadline::after(P::now(), left);
}

}  // namespace detail
}  // namespace heddle
