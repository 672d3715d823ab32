// A failing execution as data: what there was, what happened, what went wrong. Reporters read it, in whichever process.
//
// ```cpp
// heddle::engine::Counterexample found{.kind = heddle::failure::deadlock};
// found.steps.push_back({.thread = 1, .place = {"queue.hpp", 120}});
// for (const auto& step : found.steps) EXPECT_EQ(step.place.line, 120U);
// ```
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <heddle/engine/failure.hpp>
#include <heddle/engine/operation.hpp>

namespace heddle::engine {

/// A place in the source that means the same in every process and checkout: what follows `include/`, otherwise the last
/// two components of the path.
struct Place {
    std::string file;
    std::uint32_t line = 0;  ///< 0: no place in particular

    bool operator==(const Place&) const = default;
};

/// Nothing in it refers to the process that found it: objects and threads are numbers, values are text.
struct Counterexample {
    struct Object {
        std::string name;  ///< unique in the execution
        ObjectKind kind = ObjectKind::atomic;
        Place created;

        bool operator==(const Object&) const = default;
    };

    /// What a name stands for that would be too long wherever it is said.
    struct Explained {
        std::string name;
        std::string text;

        bool operator==(const Explained&) const = default;
    };

    /// The thread that makes the instance, runs after() and destroys it.
    static constexpr std::uint64_t main_thread = ~std::uint64_t{0};

    /// A wait that sleeps takes effect twice: where it begins to sleep, and where it goes on.
    enum class Part : std::uint8_t { whole, falls_asleep, goes_on };

    struct Step {
        std::uint64_t thread = 0;  ///< or main_thread
        OperationKind kind = OperationKind::yield;
        std::optional<std::size_t> object;  ///< which of the objects; nothing for fence, spawn and yield
        std::memory_order order = std::memory_order_relaxed;
        std::memory_order failure_order = std::memory_order_relaxed;
        Part part = Part::whole;
        std::string value;     ///< stored, added, compared-in; plain data: read or written; empty: it cannot be shown
        std::string expected;  ///< compare_exchange, wait
        std::string read;      ///< what it read
        std::uint64_t asked = 0;  ///< wake, notify: how many at most
        std::uint64_t gave = 0;   ///< wake, notify: how many; spawn: the thread; wait, sleep: a WaitOutcome
        bool has_deadline = false;
        bool success = false;                   ///< as OperationResult says
        bool finished = false;                  ///< false: it blocked or failed
        std::optional<std::size_t> reads_from;  ///< the earlier step whose value it read, or that let it go on
        /// Set where memory is weak: a load read something older than what this earlier step had stored; a store is
        /// older, in the modification order, than what this earlier step had stored.
        std::optional<std::size_t> newer;
        Place place;  ///< in the program: not in a library that was only used there
        /// The calls that led to it, from the operation's own place outward; empty where debug information lacks it.
        std::vector<Place> called;

        bool operator==(const Step&) const = default;
    };

    FailureKind kind = FailureKind::assertion;
    std::string message;
    Place place;                            ///< of what failed; line 0: no place in particular
    std::optional<std::uint64_t> thread;    ///< that failed, or main_thread
    std::optional<std::size_t> object;      ///< that it is about
    std::optional<std::size_t> other_step;  ///< data_race, use_after_free: the other one at the object
    std::vector<Object> objects;
    /// In an order in which they may have taken effect, what went wrong last: one without stale loads if there is one,
    /// otherwise one with as few as can be.
    std::vector<Step> steps;
    std::vector<Explained> legend;  ///< of names in objects and values, in the order in which they came up
    std::size_t left_out = 0;       ///< steps that happened too, and that the failure does not depend on

    /// Requires: nothing. Returns: whether no interleaving of the steps explains what they read. Errors: none.
    /// Visibility: none. Source: none.
    bool needs_weak_memory() const {
        for (const Step& step : steps)
            if (step.newer) return true;
        return false;
    }

    bool operator==(const Counterexample&) const = default;
};

}  // namespace heddle::engine
