// What came of a check on one engine: what it claims, what was explored and cut, and what was found.
//
// ```cpp
// const heddle::harness::Verdict nothing_yet;
// EXPECT_FALSE(nothing_yet.met());  // what was not looked at is not green
// ```
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <heddle/engine/engine.hpp>
#include <heddle/harness/check.hpp>

namespace heddle::harness {

/// An exploration, and the check that it belongs to.
struct Verdict : engine::Exploration {
    std::string name;  ///< of the check
    std::string claim;
    std::string engine;
    std::string search;
    std::string bounds;                           ///< everything that the exploration leaves out
    std::optional<engine::FailureKind> expected;  ///< set for a broken twin
    std::vector<std::string> fails_at;            ///< of a broken twin, as its check says; empty: anywhere
    double seconds = 0;                           ///< of processors, that the exploration has had
    std::uint64_t peak_bytes = 0;  ///< the most memory that the process of the exploration had; 0: not asked
    std::string token;             ///< runs the failing execution again; empty: there is none
    std::vector<engine::OperationSite> operations;  ///< that the program has performed, if that was asked for

    /// Requires: nothing. Returns: whether the check did what it promised: a broken twin failed in its way and there; every other
    /// one was explored to the end, or sampled if that is what it declares. An exploration without executions did only if
    /// the program is too big for any, and that was expected. Errors: none. Visibility: none. Source: none.
    bool met() const;
};

/// Explores what `check` offers `engine`, in this process. `limits.search` is ignored: it is the check's. Requires: the
/// check does not decline the engine. Returns: the complete verdict, but for peak_bytes; exploring nothing is a harness
/// error. Errors: none. Visibility: none. Source: none.
Verdict run_check(const Check& check, const engine::Engine& engine, engine::Limits limits = {});

/// Requires: nothing. Returns: the failing execution as text that a person can follow: what went wrong and where, then its
/// steps. Errors: none. Visibility: none. Source: none.
std::string describe(const engine::Counterexample& counterexample);

}  // namespace heddle::harness
