// Points in time as the C library has them, on the clock of an execution. There is one clock: it moves only when a wait
// times out or a thread sleeps, whatever clock a program asks for.
#pragma once

#include <chrono>
#include <ctime>

#include <heddle/engine/operation.hpp>

namespace heddle::unmodified {

inline std::chrono::nanoseconds duration_of(const timespec& time) {
    return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
}

/// Of an absolute time; null: there is none.
inline std::chrono::nanoseconds deadline_of(const timespec* time) {
    return time == nullptr ? engine::no_deadline : duration_of(*time);
}

}  // namespace heddle::unmodified
