// Why the exhaustive engine is not asked about a model.
#pragma once

namespace heddle::models {

/// Smaller models cover the same ground on that engine: QueueTakesFromTwoProducers, QueueHandsOver.
inline constexpr auto too_large = "more executions than a minute explores; Relacy bounds it in preemptions";

}  // namespace heddle::models
