#include "timed_waits.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "front_end.hpp"

namespace heddle::unmodified {

namespace {
constexpr unsigned most_time_outs = 2;  // of waits at one place
}

void TimedWaits::timed_out(std::uintptr_t caller) const {
    const std::uint64_t here = Sites::number(caller, self.calls);
    const auto place = std::find_if(self.time_outs.begin(), self.time_outs.end(),
                                    [here](const TimeOuts& one) { return one.site == here || one.count == 0; });
    if (place == self.time_outs.end()) return;
    place->site = here;
    const OutsideProgram outside;
    if (++place->count > most_time_outs)
        front_end_.cut_off(fmt::format("more than {} time-outs of the wait", most_time_outs), caller);
}

}  // namespace heddle::unmodified
