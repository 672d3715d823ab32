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
#include "host/region.hpp"

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
    /// As a MemoryTracker.
    explicit Execution(std::uintptr_t place, MemoryTracker::Reuse* reuse = nullptr)
        : memory(place, reuse), table_(place + places::apart / 2, bytes_of_objects) {}

    /// Forgets the execution before. `record`: keep its steps, for a counterexample.
    void begin(bool record);

    /// `has_initial`: something was written to it already. A region always counts as written.
    Object* construct(ObjectKind kind, std::uint8_t size, const char* name, Show show, bool has_initial, Site site);

    /// Whether the operation's object exists, and is where the front end has found it. What it refers to may be any bits.
    bool is_usable(const Operation& op) const {
        const std::uintptr_t offset =
            reinterpret_cast<std::uintptr_t>(op.object) - reinterpret_cast<std::uintptr_t>(objects_);
        return offset < object_count_ * sizeof(Object) && op.object->alive && op.object->home == op.home;
    }

    /// Says why an operation is not possible whose object is_usable() denies, and notes the step.
    Failure misuse_of(Operation op, std::uint64_t thread);

    /// A thread of the program is at the object while others may be.
    void note_use(Object& object, std::uint64_t thread) {
        if (shared_) return;
        const auto user = static_cast<std::int8_t>(thread);
        if (object.user == Object::nobody) object.user = user;
        else if (object.user != user) shared_ = true;
    }
    /// Whether two threads have met at an object since the exploration began.
    bool is_anything_shared() const { return shared_; }
    void forget_what_is_shared() { shared_ = false; }

    /// The object has ended.
    void end(Object& object) {
        object.alive = false;
        --live_objects_;
    }
    /// What the execution, which is over, has not given back; nothing if that is nothing.
    std::optional<Failure> leak() const;

    /// Notes the beginning of a step; returns null unless recording. Valid until the next call.
    Step* step(std::uint64_t thread, const Operation& operation) {
        ++step_count_;
        return record_ ? &steps_.emplace_back(Step{.thread = thread, .operation = operation}) : nullptr;
    }

    std::uint64_t step_count() const { return step_count_; }

    /// The name of an object as people read it, the same in every process.
    std::string name_of(const Object& object) const;

    /// Where a thread has only looked at the end of a recorded execution, long and without a yield; nothing if none has.
    std::optional<Site> loop_without_yield() const;

    /// Says in `found` what was recorded of the execution, which has failed, and how to have it again.
    void describe_failure(Exploration& found, Replay replay) const;

    MemoryTracker memory;
    std::optional<Failure> failure;

  private:
    Counterexample counterexample() const;
    std::uint32_t instances_of(const Object& object) const;
    Counterexample::Step described(const Step& step) const;

    static constexpr std::uint32_t most_objects = 1U << 20;
    static constexpr std::size_t bytes_of_objects = most_objects * sizeof(Object);

    Region table_;
    Object* objects_ = nullptr;  // the first object_count_ are of this execution
    std::uint32_t object_count_ = 0;
    std::uint32_t live_objects_ = 0;
    bool shared_ = false;
    std::deque<Step> steps_;
    std::uint64_t step_count_ = 0;
    bool record_ = false;
};

}  // namespace heddle::engine
