#include "clock.hpp"

#include <algorithm>

#include "front_end.hpp"

namespace heddle::unmodified {

namespace {

constexpr unsigned most_looks_at_one_time = 2;  // a span is measured from the first to the second
constexpr std::chrono::nanoseconds first_advance = std::chrono::microseconds(1);
constexpr unsigned most_doublings = 40;  // to advance by thirteen days
// Loops that look at the clock go round 65,536 times and more, and are not to come to its end.
constexpr std::chrono::nanoseconds last_instant = std::chrono::nanoseconds::max() / 2;
constexpr std::int64_t most_advances = 1 << 17;

}  // namespace

std::chrono::nanoseconds VirtualClock::now(std::uintptr_t caller) {
    const OutsideProgram outside;
    if (front_end_.wake_ups.is_trial()) return front_end_.run().now();  // no time passes in it
    ++self.all_clock_looks;
    if (!front_end_.sites.of(caller, self.calls).is_of_timed_wait) ++self.programs_clock_looks;
    front_end_.loops.looks_at_the_clock();
    if (++self.clock_looks > most_looks_at_one_time) {
        const unsigned doublings = std::min(self.clock_looks - most_looks_at_one_time - 1, most_doublings);
        const auto now = front_end_.run().now();
        const auto advance =
            std::min(first_advance * (std::int64_t{1} << doublings), (last_instant - now) / most_advances);
        front_end_.witness().pass_time(now + std::max(advance, std::chrono::nanoseconds(0)));
        front_end_.loops.leaves_trace();
    }
    return front_end_.run().now();
}

void VirtualClock::sleep(std::chrono::nanoseconds span) {
    const OutsideProgram outside;
    front_end_.witness().pass_time(front_end_.run().now() + std::max(span, std::chrono::nanoseconds(0)));
}

}  // namespace heddle::unmodified
