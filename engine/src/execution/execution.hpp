// What one execution is made of, whichever engine runs it: its objects, its steps, its failure.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>

#include <heddle/engine/exploration.hpp>
#include <heddle/engine/failure.hpp>
#include <heddle/engine/operation.hpp>

#include "host/allocation.hpp"

namespace heddle::engine {

/// One step of an execution that is recorded.
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

/// Notes what a step gave, if it is recorded. Returns: the same.
[[gnu::always_inline]] inline OperationResult finished(Step* step, const OperationResult& result) {
    if (step != nullptr) {
        step->result = result;
        step->finished = true;
    }
    return result;
}

/// Plain data and regions hold no value of their own for an engine; everything else does.
constexpr bool has_value(ObjectKind kind) { return kind != ObjectKind::plain && kind != ObjectKind::region; }

/// The state of one execution that does not depend on the engine.
class Execution {
  public:
    Execution() = default;
    explicit Execution(MemoryTracker::Reuse& reuse) : memory(reuse) {}

    /// Forgets the execution before. `record`: keep its steps, for a counterexample.
    void begin(bool record);

    /// `has_initial`: something was written to it already. A region always counts as written.
    Object* construct(ObjectKind kind, std::uint8_t size, const char* name, Show show, bool has_initial, Site site);

    /// Notes the beginning of a step; returns null unless recording. Valid until the next call.
    Step* step(std::uint64_t thread, const Operation& operation) {
        ++step_count_;
        return record_ ? &steps_.emplace_back(Step{.thread = thread, .operation = operation}) : nullptr;
    }

    std::uint64_t step_count() const { return step_count_; }

    /// The name of an object as people read it, the same in every process.
    std::string name_of(const Object& object) const;

    /// Says in `found` what was recorded of the execution, which has failed, and how to have it again.
    void describe_failure(Exploration& found, Replay replay) const;

    MemoryTracker memory;
    std::optional<Failure> failure;

  private:
    Counterexample counterexample() const;
    std::uint32_t instances_of(const Object& object) const;
    Counterexample::Step described(const Step& step) const;

    std::deque<Object> objects_;  // reused: only the first object_count_ are of this execution
    std::uint32_t object_count_ = 0;
    std::deque<Step> steps_;
    std::uint64_t step_count_ = 0;
    bool record_ = false;
};

}  // namespace heddle::engine
