// Threads that a program declares alike: of which executions one is explored for many, and whether they are.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <heddle/engine/program.hpp>

#include "exhaustive/graph/alike.hpp"
#include "execution/execution.hpp"
#include "renamed.hpp"
#include "schedule.hpp"
#include "trace.hpp"

namespace heddle::engine::exhaustive {

/// What a program declares is believed only as far as it is seen: threads with the same past must take the same next step, and
/// each execution that is explored is had again with the threads' numbers exchanged in one of the possible ways, in turn,
/// to its end. Where one order of the threads would not do, each is explored, and that is said.
class AlikeThreads {
  public:
    /// The next runs are of that program. `every_permutation`: whatever it declares.
    void begin_program(const Program& program, bool every_permutation);

    /// Of which threads one order is explored; null: of none.
    const Alike* explored() const { return alike_ ? &*alike_ : nullptr; }
    /// From now on each order is explored, for that reason.
    void explore_each(std::string_view why);
    /// Why the order was not left out that the program lets be left out; nothing if it was.
    std::optional<std::string> cut() const;

    /// The running thread has come to an event. Fails the run if a thread like it did something else in its place; ends it, if
    /// it is of no use where one order is explored.
    void look_at(const Trace& trace, Schedule& schedule, EventId id);

    /// In how many other orders a complete execution is to be run, which is the next one. Requires: explored().
    std::uint64_t renamings_due();
    /// Another order of a complete execution; another one each time. Requires: explored().
    Decider& rename(const Graph& graph);
    Renamed& renamed() { return renamed_; }
    /// Has run it. Returns: how that ended for the program, whose failure may be that its threads are not alike.
    RunEnd judge(RunEnd end, bool has_taken_back, Execution& execution);

  private:
    bool has_addresses() const;

    std::optional<Alike> alike_;
    std::string_view why_;
    std::uint64_t executions_ = 0;
    std::uint64_t renamings_ = 0;
    Renamed renamed_;
};

}  // namespace heddle::engine::exhaustive
