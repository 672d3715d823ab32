// Clocks of the library, as the code under check sees them: the time of an execution, like Platform::now(). What the machine
// says would be another time in each execution.
#include <sys/time.h>

#include <chrono>
#include <ctime>
#include <optional>

#include <heddle/engine/run.hpp>

#include "interposed.hpp"

namespace heddle::engine {

namespace {

std::optional<std::chrono::nanoseconds> time_of_program(const void* caller) {
    if (!is_call_of_program(caller)) return std::nullopt;
    return Run::current()->now();
}

int ask_machine(clockid_t clock, timespec* time) {
    static constinit decltype(&::clock_gettime) known = nullptr;
    return next(known, "clock_gettime")(clock, time);
}

std::chrono::nanoseconds time_of_machine(clockid_t clock) {
    timespec time{};
    ask_machine(clock, &time);
    return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
}

timespec as_timespec(std::chrono::nanoseconds time) {
    const auto seconds = std::chrono::floor<std::chrono::seconds>(time);
    return {.tv_sec = seconds.count(), .tv_nsec = (time - seconds).count()};
}

template <class Clock>
typename Clock::time_point now_of(clockid_t clock, const void* caller) {
    const auto time = time_of_program(caller);
    return typename Clock::time_point(time ? *time : time_of_machine(clock));
}

}  // namespace

}  // namespace heddle::engine

// libstdc++'s own are the same but for the question whose code has called.
[[gnu::weak]] std::chrono::steady_clock::time_point std::chrono::steady_clock::now() noexcept {
    return heddle::engine::now_of<std::chrono::steady_clock>(CLOCK_MONOTONIC, HEDDLE_CALLER);
}
[[gnu::weak]] std::chrono::system_clock::time_point std::chrono::system_clock::now() noexcept {
    return heddle::engine::now_of<std::chrono::system_clock>(CLOCK_REALTIME, HEDDLE_CALLER);
}

extern "C" [[gnu::weak]] int clock_gettime(clockid_t clock, timespec* time) noexcept {
    const bool is_of_processor = clock == CLOCK_PROCESS_CPUTIME_ID || clock == CLOCK_THREAD_CPUTIME_ID;
    const auto now = is_of_processor ? std::nullopt : heddle::engine::time_of_program(HEDDLE_CALLER);
    if (!now) return heddle::engine::ask_machine(clock, time);
    *time = heddle::engine::as_timespec(*now);
    return 0;
}

extern "C" [[gnu::weak]] std::time_t time(std::time_t* time) noexcept {
    const auto program = heddle::engine::time_of_program(HEDDLE_CALLER);
    const auto now = program ? *program : heddle::engine::time_of_machine(CLOCK_REALTIME);
    const std::time_t seconds = std::chrono::floor<std::chrono::seconds>(now).count();
    if (time != nullptr) *time = seconds;
    return seconds;
}

extern "C" [[gnu::weak]] int gettimeofday(timeval* time, void* zone) noexcept {
    const auto now = heddle::engine::time_of_program(HEDDLE_CALLER);
    static constinit decltype(&::gettimeofday) known = nullptr;
    if (!now) return heddle::engine::next(known, "gettimeofday")(time, zone);
    const auto microseconds = std::chrono::floor<std::chrono::microseconds>(*now).count();
    *time = {.tv_sec = microseconds / 1'000'000, .tv_usec = microseconds % 1'000'000};
    return 0;
}

extern "C" [[gnu::weak]] int timespec_get(timespec* time, int base) noexcept {
    const auto now = heddle::engine::time_of_program(HEDDLE_CALLER);
    static constinit decltype(&::timespec_get) known = nullptr;
    if (!now) return heddle::engine::next(known, "timespec_get")(time, base);
    *time = heddle::engine::as_timespec(*now);
    return base;
}
