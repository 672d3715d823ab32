// Memory: who may access what, when its life ends, and when it is handed out again.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "execution/execution.hpp"
#include "schedule.hpp"
#include "trace.hpp"

namespace heddle::engine::exhaustive {

/// None of this is an event: what is asked and noted here is decided by the clock of the running thread's last event. It may
/// assume that the thread has one, and that every object was announced by begin_object() in this execution.
class Races {
  public:
    Races(const Trace& trace, Schedule& schedule, const Execution& execution)
        : trace_(trace), schedule_(schedule), execution_(execution) {}

    /// The running thread has constructed plain data or a region.
    void begin_object(const Object& object);

    /// Fails the run if the running thread cannot know that the location exists.
    void check_published(LocationId location, Site site);
    /// A read or a write of plain data. Fails the run if another access is unordered with it.
    void access(Object& object, const Operation& op);
    /// Fails the run if another thread may still use the object, which is destroyed. `location`: of one that has a value.
    void check_unused(const Object& object, LocationId location);
    /// The values that the running thread has seen in atomics. Valid until the next call.
    std::span<const std::uint64_t> seen();
    const Clock& known() const { return trace_.graph()[trace_.last_event()].before; }
    /// A thread that has a step at the location, or the queue beside it, which is not known. A wake of a futex is no use of the
    /// word: the kernel knows its address (docs/decisions/0015-a-wake-may-come-late.md).
    std::optional<unsigned> used_by_other(const Object& object, LocationId location) const;
    /// Fails the run: the running thread and `other` are at the object at the same time.
    [[noreturn, gnu::cold]] void fail_between(FailureKind kind, const Object& object, unsigned other, Site site,
                                              std::string message);

  private:
    /// Who last accessed plain data: threads, and the number of their events so far.
    struct Accesses {
        unsigned writer = nobody;
        unsigned written_at = 0;
        std::uint32_t readers = 0;                            ///< since it was written, one bit each
        std::array<std::uint16_t, most_threads + 1> read_at;  ///< of the readers

        static constexpr unsigned nobody = ~0U;
    };

    std::optional<unsigned> accessed_by_other(const Accesses& accesses, bool reads_count) const;

    const Trace& trace_;
    Schedule& schedule_;
    const Execution& execution_;
    std::vector<Accesses> accesses_;  // by number of the object
    std::vector<std::uint64_t> seen_;
};

}  // namespace heddle::engine::exhaustive
