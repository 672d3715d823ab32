// How long a thread has had a processor, so that a busy machine changes no verdict.
#pragma once

#include <chrono>
#include <ctime>

namespace heddle::engine {

/// The time of the calling OS thread on processors, as a clock of the standard library.
struct ProcessorClock {
    using duration = std::chrono::nanoseconds;
    using rep = duration::rep;
    using period = duration::period;
    using time_point = std::chrono::time_point<ProcessorClock>;
    static constexpr bool is_steady = true;

    static time_point now() noexcept {
        timespec used{};
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
        return time_point(std::chrono::seconds(used.tv_sec) + std::chrono::nanoseconds(used.tv_nsec));
    }
};

}  // namespace heddle::engine
