// What one execution is made of, whichever engine runs it: its objects, its steps, its failure.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <heddle/engine/exploration.hpp>
#include <heddle/engine/failure.hpp>
#include <heddle/engine/operation.hpp>

#include "call_sites.hpp"
#include "host/allocation.hpp"
#include "host/region.hpp"

namespace heddle::engine {

/// One step of an execution that is recorded.
struct Step {
    std::uint64_t thread = 0;  ///< as a counterexample numbers it
    Operation operation;
    OperationResult result{};
    bool finished = false;          ///< false: it blocked or failed
    std::uint32_t objects = 0;      ///< how many were constructed before
    std::string shown;              ///< the value, if it is shown in place
    unsigned fiber = 0;             ///< exhaustive: the thread as the graph numbers it
    unsigned first_event = 0;       ///< exhaustive: how many events the thread had before
    std::uint64_t asleep = 0;       ///< relacy: when it began to sleep; 0: it did not
    std::uint64_t took_effect = 0;  ///< relacy: when it was complete
    Calls calls{};                  ///< that led to it, if they are followed
};

/// Why an execution failed.
struct Failure {
    FailureKind kind = FailureKind::assertion;
    std::string message;
    Site site;
    std::optional<std::uint64_t> thread;
    const Object* object = nullptr;
    std::optional<std::uint64_t> other_thread;  ///< data_race, use_after_free: who made the other access
    Calls calls{};                              ///< that led to it, if no step did
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

    /// Forgets the execution before. `record`: keep its steps, for a counterexample; `follow_calls`: and which calls led to
    /// them, for the calling fiber has a stack of the program's.
    void begin(bool record, bool follow_calls = true);

    /// `has_initial`: something was written to it already. A region always counts as written.
    Object* construct(ObjectKind kind, std::uint8_t size, const char* name, Show show, bool has_initial, Site site);

    /// Whether an operation is one on no object. Of others the object may be null, where memory was overwritten.
    static constexpr bool needs_no_object(OperationKind kind) {
        return kind == OperationKind::fence || kind == OperationKind::yield;
    }
    /// Whether the operation's object exists, and is where the front end has found it. What it refers to may be any bits.
    bool is_usable(const Operation& op) const {
        const std::uintptr_t offset =
            reinterpret_cast<std::uintptr_t>(op.object) - reinterpret_cast<std::uintptr_t>(objects_);
        return offset < bytes_used_ && op.object->address == op.address;
    }
    /// Says why an operation is not possible whose object is_usable() denies, and names the object in it that was meant,
    /// or none.
    [[gnu::cold]] Failure misuse_of(Operation& op) const;

    /// A thread of the program is at the object while others may be. Of no use if is_anything_shared() already.
    void note_use(Object& object, std::uint64_t thread) {
        const auto user = static_cast<std::int8_t>(thread);
        if (object.user == Object::nobody) object.user = user;
        else if (object.user != user) shared_ = true;
    }
    /// Whether two threads have met at an object since the exploration began.
    bool is_anything_shared() const { return shared_; }
    void forget_what_is_shared() { shared_ = false; }

    /// The object has ended.
    void end(Object& object) {
        retire(object);
        --live_objects_;
    }
    /// Nobody may use the object any more.
    void retire(Object& object) {
        object.alive = false;
        object.ended_at = std::exchange(object.address, &object);
    }
    /// An object was constructed that ends with its memory, which is the program's.
    void needs_no_end() { --live_objects_; }
    /// What the execution, which is over, has not given back; nothing if that is nothing.
    std::optional<Failure> leak() const;

    /// Whether its steps are kept.
    const bool& is_recording() const { return record_; }
    /// The calls of the running fiber, if they are followed.
    Calls calls() const { return record_ && follow_calls_ ? current_calls() : Calls(); }

    /// Notes the beginning of a step. Requires: is_recording(). Valid until the execution ends.
    [[gnu::cold]] Step& note(std::uint64_t thread, const Operation& operation);

    /// Notes a step before those of its thread that began with as many events or more. Requires: is_recording(), the
    /// execution ends now, and no step has let another one go on.
    [[gnu::cold]] void note_late(Step step);

    /// Counts a step and, if it is recorded, notes its beginning; null otherwise.
    Step* step(std::uint64_t thread, const Operation& operation) {
        ++step_count_;
        return record_ ? &note(thread, operation) : nullptr;
    }

    /// If steps are kept: the latest ones, from that on with which the event `first` of its thread began, have never been.
    /// Requires: they are of one thread.
    void forget_steps(unsigned first) {
        while (!steps_.empty() && steps_.back().first_event > first) steps_.pop_back();
        if (!steps_.empty()) steps_.pop_back();
    }

    /// Notes that the object was constructed; likewise, but that is no step of the program.
    [[gnu::cold]] Step* construction(std::uint64_t thread, Object& object, std::optional<std::uint64_t> initial);

    /// Returns: a later time than before.
    std::uint64_t tick() { return ++time_; }
    /// If it is recorded, notes that the last step of the thread begins to sleep now.
    [[gnu::cold]] void falls_asleep(std::uint64_t thread);
    /// If it is recorded, notes that the last step of a thread lets another one go on.
    [[gnu::cold]] void lets_go(std::uint64_t thread, std::uint64_t sleeper);

    /// A step that let a thread go on, and when.
    struct Wake {
        std::size_t step = 0;
        std::uint64_t sleeper = 0;
        std::uint64_t time = 0;
    };
    const std::vector<Wake>& wakes() const { return wakes_; }

    const std::deque<Step>& steps() const { return steps_; }

    /// How often step() was called.
    std::uint64_t step_count() const { return step_count_; }

    /// The name of an object as people read it, the same in every process.
    std::string name_of(const Object& object) const;
    /// Where the program made it. Requires: its steps are kept, or it is made in the program's own code.
    Place created(const Object& object) const;
    /// All that were constructed, in this order.
    std::span<const Object> objects() const { return {objects_, object_count_}; }

    MemoryTracker memory;
    std::optional<Failure> failure;
    std::vector<Counterexample::Explained> legend;  ///< of the names that the front end has given

  private:
    std::uint32_t instances_of(const Object& object) const;

    static constexpr std::uint32_t most_objects = 1U << 20;
    static constexpr std::size_t bytes_of_objects = most_objects * sizeof(Object);

    Region table_;
    Object* objects_ = nullptr;  // the first object_count_ are of this execution
    std::uint32_t object_count_ = 0;
    std::size_t bytes_used_ = 0;  // of the table
    std::uint32_t live_objects_ = 0;
    bool shared_ = false;
    std::deque<Step> steps_;
    std::uint64_t step_count_ = 0;
    std::uint64_t time_ = 0;
    std::vector<Wake> wakes_;
    bool record_ = false;
    bool follow_calls_ = true;
};

}  // namespace heddle::engine
