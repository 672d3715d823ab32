// A point in time after which a wait gives up.
//
// ```cpp
// const auto deadline = heddle::Deadline::after(heddle::StdPlatform::now(), std::chrono::seconds(1));
// EXPECT_FALSE(deadline.passed(heddle::StdPlatform::now()));
// EXPECT_TRUE(heddle::Deadline::never().is_never());
// ```
#pragma once

#include <heddle/platform/requirements.hpp>

#include <chrono>
#include <cstdint>
#include <limits>

namespace heddle {

/// A point on a platform's monotonic clock (nanoseconds since its epoch), or "never".
/// A time-out is turned into a Deadline once, at the entry of a call; every wait of that call then shares it.
class Deadline {
  public:
    /// A deadline that never passes.
    /// Requires: nothing. Returns: that. Errors: none. Visibility: none. Source: none.
    static constexpr Deadline never() noexcept { return Deadline{forever}; }

    /// The deadline `timeout` after `now`. Requires: `timeout` is not NaN.
    /// Returns: a deadline that has already passed when `timeout` is zero or negative; a sum beyond the clock's
    /// range saturates to the clock's last instant (292 years) and so never becomes "never" or the past.
    /// Errors: none. Visibility: none. Source: docs/decisions/0004-semantics.md, D2.
    static constexpr Deadline after(std::chrono::nanoseconds now, std::chrono::duration<double> timeout) noexcept {
        if (timeout.count() <= 0.0) return Deadline{now.count()};
        const double room_ns = static_cast<double>(last_instant - now.count());
        const double wanted_ns = timeout.count() * 1e9;
        if (wanted_ns >= room_ns) return Deadline{last_instant};
        const auto whole_ns = static_cast<std::int64_t>(wanted_ns);
        const bool has_fraction = static_cast<double>(whole_ns) < wanted_ns;  // round up: never early
        return Deadline{now.count() + whole_ns + (has_fraction ? 1 : 0)};
    }

    /// Requires: nothing. Returns: whether it is never(). Errors: none. Visibility: none. Source: none.
    constexpr bool is_never() const noexcept { return at_ns_ == forever; }

    /// Requires: not is_never(). Returns: its distance from the clock's epoch. Errors: none. Visibility: none. Source: none.
    constexpr std::chrono::nanoseconds since_epoch() const noexcept { return std::chrono::nanoseconds{at_ns_}; }

    /// Requires: nothing. Returns: whether the deadline has passed at `now`. Errors: none. Visibility: none. Source: none.
    constexpr bool passed(std::chrono::nanoseconds now) const noexcept { return !is_never() && at_ns_ <= now.count(); }

  private:
    static constexpr std::int64_t forever = std::numeric_limits<std::int64_t>::max();
    static constexpr std::int64_t last_instant = forever - 1;

    explicit constexpr Deadline(std::int64_t at_ns) noexcept : at_ns_(at_ns) {}

    std::int64_t at_ns_;
};

}  // namespace heddle
