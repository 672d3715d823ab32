// Points in time as the C library has them, on the clock of an execution. There is one clock: it moves only when a wait
// times out or a thread sleeps, whatever clock a program asks for.
#pragma once

#include <chrono>
#include <ctime>

#include <heddle/engine/operation.hpp>

#include "front_end.hpp"
#include "options.hpp"

namespace heddle::unmodified {

inline std::chrono::nanoseconds duration_of(const timespec& time) {
    return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
}

/// Of a wait until then, which does not end with its time if that was asked for; one whose time has come only looks.
inline std::chrono::nanoseconds deadline_at(std::chrono::nanoseconds time) {
    return options.time_outs || time <= front_end->run().now() ? time : engine::no_deadline;
}

/// Of an absolute time; null: there is none.
inline std::chrono::nanoseconds deadline_of(const timespec* time) {
    return time == nullptr ? engine::no_deadline : deadline_at(duration_of(*time));
}

}  // namespace heddle::unmodified
