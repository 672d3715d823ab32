#include "hooks/standard_counts.hpp"

#include <fmt/format.h>

namespace heddle::unmodified {

void check_standard_count(std::int64_t found, std::int64_t change, std::uintptr_t caller) {
    using Counts = Sites::Known::Counts;
    const OutsideProgram outside;
    const Sites::Known& site = front_end->sites.of(caller, self.calls);
    if (site.counts == Counts::down_latch && (change > 0 || found + change < 0))
        front_end->fail(engine::FailureKind::misuse, caller, "a latch is counted down below zero");
    if (site.counts == Counts::up_semaphore && (change < 0 || found + change > site.most))
        front_end->fail(engine::FailureKind::misuse, caller,
                        fmt::format("a semaphore is released above its max(), which is {}", site.most));
}

}  // namespace heddle::unmodified
