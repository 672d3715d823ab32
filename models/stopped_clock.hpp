// A clock for calls that take a point in time: what a model calls must not ask the machine.
#pragma once

#include <chrono>

namespace heddle::models {

/// It stands, an hour before the deadline.
struct StoppedClock {
    using duration = std::chrono::seconds;
    using rep = duration::rep;
    using period = duration::period;
    using time_point = std::chrono::time_point<StoppedClock>;
    static constexpr bool is_steady = true;
    static time_point now() { return time_point(duration(0)); }
    static time_point in_an_hour() { return time_point(std::chrono::hours(1)); }
};

}  // namespace heddle::models
