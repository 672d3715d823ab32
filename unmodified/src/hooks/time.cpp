// Clocks, sleeps and yields.
#include <sched.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>
#include <x86intrin.h>

#include <cerrno>

#include "deadlines.hpp"
#include "front_end.hpp"
#include "real.hpp"
#include "hooks/entry.hpp"
#include "hooks/handles.hpp"

using namespace heddle::unmodified;  // NOLINT: what follows are the C library's names

namespace {

/// A thread that sleeps lets others run: as for one that yields, but time passes.
void sleep_for(std::chrono::nanoseconds span, std::uintptr_t caller) {
    front_end->clock.sleep(span);
    front_end->loops.yield(heddle_entered, caller);
}

timespec time_of_execution(std::uintptr_t caller) {
    const auto now = front_end->clock.now(caller);
    const auto seconds = std::chrono::floor<std::chrono::seconds>(now);
    return {.tv_sec = seconds.count(), .tv_nsec = (now - seconds).count()};
}

}  // namespace

HEDDLE_ENTRY(heddle_pause, heddle_paused)
HEDDLE_BODY void heddle_paused() {
    if (!self.in_program) return;
    front_end->loops.yield(heddle_entered, HEDDLE_CALLER);
}
HEDDLE_ENTRY(sched_yield, heddle_sched_yield)
HEDDLE_BODY int heddle_sched_yield() {
    if (!self.in_program) return HEDDLE_REAL(sched_yield)();
    front_end->loops.yield(heddle_entered, HEDDLE_CALLER);
    return 0;
}
HEDDLE_ALIAS(thrd_yield, sched_yield)
HEDDLE_ENTRY(nanosleep, heddle_nanosleep)
HEDDLE_BODY int heddle_nanosleep(const timespec* span, timespec* left) {
    if (!self.in_program) return HEDDLE_REAL(nanosleep)(span, left);
    sleep_for(duration_of(*span), HEDDLE_CALLER);
    return 0;
}
HEDDLE_ALIAS(thrd_sleep, nanosleep)
HEDDLE_ENTRY(clock_nanosleep, heddle_clock_nanosleep)
HEDDLE_BODY int heddle_clock_nanosleep(clockid_t clock, int flags, const timespec* time, timespec* left) {
    if (!self.in_program) return HEDDLE_REAL(clock_nanosleep)(clock, flags, time, left);
    const bool is_absolute = (flags & TIMER_ABSTIME) != 0;
    sleep_for(duration_of(*time) - (is_absolute ? front_end->run().now() : std::chrono::nanoseconds(0)), HEDDLE_CALLER);
    return 0;
}
HEDDLE_ENTRY(usleep, heddle_usleep)
HEDDLE_BODY int heddle_usleep(useconds_t microseconds) {
    if (!self.in_program) return HEDDLE_REAL(usleep)(microseconds);
    sleep_for(std::chrono::microseconds(microseconds), HEDDLE_CALLER);
    return 0;
}
HEDDLE_ENTRY(sleep, heddle_sleep)
HEDDLE_BODY unsigned heddle_sleep(unsigned seconds) {
    if (!self.in_program) return HEDDLE_REAL(sleep)(seconds);
    sleep_for(std::chrono::seconds(seconds), HEDDLE_CALLER);
    return 0;
}

HEDDLE_HOOK int clock_gettime(clockid_t clock, timespec* time) {
    if (!self.in_program) return HEDDLE_REAL(clock_gettime)(clock, time);
    *time = time_of_execution(call_of_program(HEDDLE_CALLER));
    return 0;
}
/// A processor that ticks once a nanosecond.
HEDDLE_HOOK unsigned long long heddle_rdtsc() {
    if (!self.in_program) return __rdtsc();
    return static_cast<unsigned long long>(front_end->clock.now(call_of_program(HEDDLE_CALLER)).count());
}
HEDDLE_HOOK int timespec_get(timespec* time, int base) noexcept {
    if (!self.in_program || base != TIME_UTC) return HEDDLE_REAL(timespec_get)(time, base);
    *time = time_of_execution(call_of_program(HEDDLE_CALLER));
    return base;
}
/// What the processors have worked: the same clock.
HEDDLE_HOOK clock_t clock() noexcept {
    static const auto real = real_function<clock_t()>("clock");
    if (!self.in_program) return real();
    return std::chrono::floor<std::chrono::duration<clock_t, std::ratio<1, CLOCKS_PER_SEC>>>(
               front_end->clock.now(call_of_program(HEDDLE_CALLER)))
        .count();
}
HEDDLE_HOOK int gettimeofday(timeval* time, void* zone) noexcept {
    if (!self.in_program) return HEDDLE_REAL(gettimeofday)(time, zone);
    const auto now =
        std::chrono::floor<std::chrono::microseconds>(front_end->clock.now(call_of_program(HEDDLE_CALLER)));
    const auto seconds = std::chrono::floor<std::chrono::seconds>(now);
    *time = {.tv_sec = seconds.count(), .tv_usec = (now - seconds).count()};
    return 0;
}
HEDDLE_HOOK time_t time(time_t* result) noexcept {
    static const auto real = real_function<time_t(time_t*)>("time");
    if (!self.in_program) return real(result);
    const time_t now =
        std::chrono::floor<std::chrono::seconds>(front_end->clock.now(call_of_program(HEDDLE_CALLER))).count();
    if (result != nullptr) *result = now;
    return now;
}
