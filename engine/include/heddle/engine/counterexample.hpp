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

    struct Step {
        std::uint64_t thread = 0;
        OperationKind kind = OperationKind::yield;
        std::optional<std::size_t> object;  ///< which of the objects; nothing for fence, spawn and yield
        std::memory_order order = std::memory_order_relaxed;
        std::memory_order failure_order = std::memory_order_relaxed;
        std::string value;        ///< stored, added, compared-in
        std::string expected;     ///< compare_exchange, wait
        std::string read;         ///< what it read
        std::uint64_t asked = 0;  ///< wake, notify: how many at most
        std::uint64_t gave = 0;   ///< wake, notify: how many; spawn: the thread; wait, sleep: a WaitOutcome
        bool has_deadline = false;
        bool success = false;   ///< as OperationResult says
        bool finished = false;  ///< false: it blocked or failed
        bool stale = false;     ///< a load that did not read the latest store
        Place place;

        bool operator==(const Step&) const = default;
    };

    FailureKind kind = FailureKind::assertion;
    std::string message;
    Place place;                                ///< of what failed; line 0: no place in particular
    std::optional<std::uint64_t> thread;        ///< that failed
    std::optional<std::size_t> object;          ///< that it is about
    std::optional<std::uint64_t> other_thread;  ///< data_race, use_after_free: the other one at the object
    std::vector<Object> objects;
    std::vector<Step> steps;

    bool operator==(const Counterexample&) const = default;
};

}  // namespace heddle::engine
