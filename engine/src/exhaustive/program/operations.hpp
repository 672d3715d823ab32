// What each operation on an object is made of: events, blocking, accesses to memory.
#pragma once

#include <array>
#include <vector>

#include "blocking.hpp"
#include "races.hpp"
#include "recorder.hpp"
#include "retries.hpp"
#include "trace.hpp"

namespace heddle::engine::exhaustive {

/// Where dispatch() leads. It may assume that the object was constructed in this execution and is alive. Its own state is
/// where the objects are, and whose weak compare-exchange has failed already.
class Operations {
  public:
    Operations(const Trace& trace, Execution& execution, Recorder& recorder, Blocking& blocking, Races& races,
               Retries& retries)
        : trace_(trace),
          execution_(execution),
          recorder_(recorder),
          blocking_(blocking),
          races_(races),
          retries_(retries) {}

    void begin_thread(unsigned thread, bool weak_cas_may_fail) { weak_cas_may_fail_[thread] = weak_cas_may_fail; }
    /// Whether a weak compare-exchange of the running thread may fail without cause.
    bool weak_cas_may_fail() const { return weak_cas_may_fail_[trace_.running()]; }
    /// What a compare-exchange of the running thread may write; nothing for any other operation.
    Modification compared(const Operation& op) const;
    /// The running thread has constructed the object. Requires: one that has a value has a first value.
    void begin_object(const Object& object, std::optional<std::uint64_t> initial);
    /// The object is memory that the program brings along.
    void begin_adopted(const Object& object, LocationId location);
    /// Requires: the object has a value, or the result is not used.
    LocationId location(const Object& object) const { return locations_[object.id]; }

    /// Called by dispatch() before each of the following.
    void check(const Operation& op);
    OperationResult load(const Operation& op);
    OperationResult store(const Operation& op);
    OperationResult read_modify_write(const Operation& op);
    OperationResult access(const Operation& op);
    OperationResult destroy(const Operation& op);
    OperationResult wait(const Operation& op);
    OperationResult wake(const Operation& op) { return blocking_.wake(location(*op.object), op); }
    [[gnu::always_inline]] OperationResult lock(const Operation& op) {
        return blocking_.lock(location(*op.object), op);
    }
    [[gnu::always_inline]] OperationResult unlock(const Operation& op) {
        return blocking_.unlock(location(*op.object));
    }
    OperationResult enlist(const Operation& op) { return blocking_.enlist(location(*op.object), op); }
    OperationResult sleep(const Operation& op) { return blocking_.sleep(op); }
    OperationResult notify(const Operation& op) { return blocking_.notify(location(*op.object), op); }

  private:
    Modification modification(const Operation& op) const;

    const Trace& trace_;
    Execution& execution_;
    Recorder& recorder_;
    Blocking& blocking_;
    Races& races_;
    Retries& retries_;
    std::vector<LocationId> locations_;  // by number of the object
    std::array<bool, most_threads + 1> weak_cas_may_fail_{};
};

}  // namespace heddle::engine::exhaustive

#include "operations.inl"
