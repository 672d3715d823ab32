// Checks: programs that a front end has registered, with what must hold of them.
//
// ```cpp
// heddle::harness::register_check({.name = "FlagIsSeen", .claim = "the flag is seen"});
// for (const auto& check : heddle::harness::registered_checks()) EXPECT_FALSE(check.claim.empty());
// ```
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <heddle/engine/engine.hpp>

namespace heddle::harness {

/// What a front end gives one engine to explore.
struct Offer {
    engine::Program program;
    std::string declined;  ///< why the engine is not asked; empty: it is
    std::string bounds;    ///< what the front end leaves out for this engine; empty: nothing
};

/// A claim, and the programs that show it. The harness knows nothing else of a front end.
struct Check {
    std::string name;
    std::string claim;
    std::string invariants;                       ///< ids of what it shows, separated by blanks; may be empty
    std::string breaks;                           ///< of a broken twin: ids of what its fault breaks, likewise
    std::optional<engine::FailureKind> expected;  ///< set for a broken twin: how it must fail
    /// Of a broken twin: where, too. One of these stands in the failure's message, or is the name of an object for which a
    /// thread waits in vain; empty: anywhere.
    std::vector<std::string> fails_at;
    engine::Search search;                             ///< of engines that have a choice
    std::map<std::string, Offer, std::less<>> offers;  ///< by the name of the engine

    /// Requires: nothing. Returns: what the check has for that engine; nothing of its program if it has none, and then
    /// `declined` says so. Errors: none. Visibility: none. Source: none.
    const Offer& offer(const engine::Engine& engine) const;
};

/// Requires: called before main() or by one thread. Returns: true. Errors: aborts with a message if a check of that name
/// is registered. Visibility: none. Source: none.
bool register_check(Check check);

/// Requires: no check is being registered. Returns: all checks of this program, in the order of their names; they stay where
/// they are until another is registered. Errors: none. Visibility: none. Source: none.
const std::vector<Check>& registered_checks();

}  // namespace heddle::harness
