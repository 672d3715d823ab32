// Platforms with one fault each, for broken twins: instantiate a model with one and it must fail.
//
// ```cpp declarations
// struct LosesWakes { static constexpr heddle::engine::Weakening weakening{.drops_wake_one = true}; };
// static_assert(heddle::Platform<heddle::checker::FaultyPlatform<LosesWakes>>);  // Model<this> must fail
// ```
#pragma once

#include <heddle/checker/checking_platform.hpp>

namespace heddle::checker {

/// CheckingPlatform with a fault in it: the engine spoils what its operations do, wherever they stand.
template <class Fault>
struct FaultyPlatform : BasicCheckingPlatform<&Fault::weakening> {};

namespace detail {
struct ReleaseFault {
    static constexpr Weakening weakening{.drops_release = true};
};
struct AcquireFault {
    static constexpr Weakening weakening{.drops_acquire = true};
};
struct TornFault {
    static constexpr Weakening weakening{.tears_read_modify_writes = true};
};
struct WakeOneFault {
    static constexpr Weakening weakening{.drops_wake_one = true};
};
struct WakeAllFault {
    static constexpr Weakening weakening{.wakes_one_for_all = true};
};
struct NoWakeAllFault {
    static constexpr Weakening weakening{.drops_wake_all = true};
};
}  // namespace detail

/// Every release is relaxed, that of fences and of seq_cst included.
using ReleasesRelaxed = FaultyPlatform<detail::ReleaseFault>;
/// Every acquire is relaxed, likewise.
using AcquiresRelaxed = FaultyPlatform<detail::AcquireFault>;
/// Every read-modify-write is a load and a store.
using TornReadModifyWrites = FaultyPlatform<detail::TornFault>;
/// wake_one does nothing.
using WakeOneDropped = FaultyPlatform<detail::WakeOneFault>;
/// wake_all wakes one thread only.
using WakeAllWakesOne = FaultyPlatform<detail::WakeAllFault>;
/// wake_all does nothing.
using WakeAllDropped = FaultyPlatform<detail::NoWakeAllFault>;

static_assert(Platform<ReleasesRelaxed> && Platform<TornReadModifyWrites> && Platform<WakeAllWakesOne>);

}  // namespace heddle::checker
