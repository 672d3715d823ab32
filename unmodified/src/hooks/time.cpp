// Clocks, sleeps and yields.
#include <sched.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include <cerrno>

#include "deadlines.hpp"
#include "front_end.hpp"
#include "real.hpp"

using namespace heddle::unmodified;  // NOLINT: what follows are the C library's names

namespace {

/// A thread that sleeps lets others run: as for one that yields, but time passes.
void sleep_for(std::chrono::nanoseconds span, const Frames& frames, std::uintptr_t caller) {
    front_end->clock.sleep(span);
    front_end->loops.yield(frames, caller);
}

}  // namespace

HEDDLE_HOOK void heddle_pause() {
    if (!self.in_program) return;
    const Frames frames = HEDDLE_FRAMES();
    front_end->loops.yield(frames, HEDDLE_CALLER);
}
HEDDLE_HOOK int sched_yield() {
    if (!self.in_program) return HEDDLE_REAL(sched_yield)();
    const Frames frames = HEDDLE_FRAMES();
    front_end->loops.yield(frames, HEDDLE_CALLER);
    return 0;
}
HEDDLE_HOOK int nanosleep(const timespec* span, timespec* left) {
    if (!self.in_program) return HEDDLE_REAL(nanosleep)(span, left);
    const Frames frames = HEDDLE_FRAMES();
    sleep_for(duration_of(*span), frames, HEDDLE_CALLER);
    return 0;
}
HEDDLE_HOOK int clock_nanosleep(clockid_t clock, int flags, const timespec* time, timespec* left) {
    if (!self.in_program) return HEDDLE_REAL(clock_nanosleep)(clock, flags, time, left);
    const Frames frames = HEDDLE_FRAMES();
    const bool is_absolute = (flags & TIMER_ABSTIME) != 0;
    sleep_for(duration_of(*time) - (is_absolute ? front_end->run().now() : std::chrono::nanoseconds(0)), frames,
              HEDDLE_CALLER);
    return 0;
}
HEDDLE_HOOK int usleep(useconds_t microseconds) {
    if (!self.in_program) return HEDDLE_REAL(usleep)(microseconds);
    const Frames frames = HEDDLE_FRAMES();
    sleep_for(std::chrono::microseconds(microseconds), frames, HEDDLE_CALLER);
    return 0;
}
HEDDLE_HOOK unsigned sleep(unsigned seconds) {
    if (!self.in_program) return HEDDLE_REAL(sleep)(seconds);
    const Frames frames = HEDDLE_FRAMES();
    sleep_for(std::chrono::seconds(seconds), frames, HEDDLE_CALLER);
    return 0;
}

HEDDLE_HOOK int clock_gettime(clockid_t clock, timespec* time) {
    if (!self.in_program) return HEDDLE_REAL(clock_gettime)(clock, time);
    const auto now = front_end->clock.now();
    const auto seconds = std::chrono::floor<std::chrono::seconds>(now);
    *time = {.tv_sec = seconds.count(), .tv_nsec = (now - seconds).count()};
    return 0;
}
HEDDLE_HOOK int gettimeofday(timeval* time, void* zone) noexcept {
    if (!self.in_program) return HEDDLE_REAL(gettimeofday)(time, zone);
    const auto now = std::chrono::floor<std::chrono::microseconds>(front_end->clock.now());
    const auto seconds = std::chrono::floor<std::chrono::seconds>(now);
    *time = {.tv_sec = seconds.count(), .tv_usec = (now - seconds).count()};
    return 0;
}
HEDDLE_HOOK time_t time(time_t* result) noexcept {
    static const auto real = real_function<time_t(time_t*)>("time");
    if (!self.in_program) return real(result);
    const time_t now = std::chrono::floor<std::chrono::seconds>(front_end->clock.now()).count();
    if (result != nullptr) *result = now;
    return now;
}
