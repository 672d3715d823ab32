// What one execution is made of, whichever engine runs it: its objects, its steps, its failure.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <heddle/engine/failure.hpp>
#include <heddle/engine/operation.hpp>

#include "host/allocation.hpp"

namespace heddle::checker {

/// One step of an execution, for the report.
struct Step {
    std::uint64_t thread = 0;
    Operation operation;
    OperationResult result{};
    bool finished = false;  ///< false: it blocked or failed
    bool stale = false;     ///< a load that did not read the latest store
};

/// Why an execution failed.
struct Failure {
    FailureKind kind = FailureKind::assertion;
    std::string message;
    Site site;
    std::optional<std::uint64_t> thread;
    const Object* object = nullptr;
    std::optional<std::uint64_t> other_thread;  ///< data race: who made the other access
};

/// Plain data and regions hold no value of their own for an engine; everything else does.
constexpr bool has_value(ObjectKind kind) { return kind != ObjectKind::plain && kind != ObjectKind::region; }

/// The state of one execution that does not depend on the engine.
class Execution {
  public:
    Execution() = default;
    explicit Execution(MemoryTracker::Reuse& reuse) : memory(reuse) {}

    /// Forgets the execution before. `record`: keep its steps, for a report.
    void begin(bool record);

    Object* construct(ObjectKind kind, std::uint8_t size, const char* name, Show show, bool initialised, Site site);

    /// Notes the beginning of a step; returns null unless recording. Valid until the next call.
    Step* step(std::uint64_t thread, const Operation& operation) {
        ++step_count_;
        return record_ ? &steps_.emplace_back(Step{.thread = thread, .operation = operation}) : nullptr;
    }

    const std::deque<Step>& steps() const { return steps_; }
    std::uint64_t step_count() const { return step_count_; }
    std::uint32_t instances_of(const Object& object) const;

    MemoryTracker memory;
    std::optional<Failure> failure;

  private:
    std::deque<Object> objects_;  // reused: only the first object_count_ are of this execution
    std::uint32_t object_count_ = 0;
    std::deque<Step> steps_;
    std::uint64_t step_count_ = 0;
    bool record_ = false;
};

/// The name of an object as reports print it.
std::string name_of(const Execution& execution, const Object& object);

/// The failing execution as text: what went wrong and where, then its steps.
std::string describe(const Execution& execution, const Failure& failure);

}  // namespace heddle::checker
