// Turns of loops that wait, which were left out since the loop has found nothing new: whether a thread would have gone on
// otherwise after one.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

#include <heddle/engine/operation.hpp>

#include "iterations.hpp"
#include "repetition.hpp"
#include "schedule.hpp"
#include "trace.hpp"

namespace heddle::engine::exhaustive {

/// A loop is known to wait since one of its turns, taken again with the same values, leaves nothing more. The first turn
/// with those values may have left something all the same, as a note of what it has seen, and another one with other values,
/// too. So that a turn is missed by nobody is not believed but tried: in an execution in which the thread comes to the loop
/// with the same past, and reads something else, the turn is put in. Its steps are no events: they give what they gave.
/// All threads must go on with the same steps, to their end. If they do not, the exploration begins anew, and a turn with
/// those values is a step, unless the thread has just taken the same; if such a turn is still missed, the loop counts its turns,
/// and is none that waits. Two turns may be missed only together, as two notes that are read in the end: then all turns that fit
/// into an execution are put in at once.
///
/// What a thread has done and found until its end is tried once, and not in each of many executions.
class TurnsLeftOut {
  public:
    TurnsLeftOut(Trace& trace, Schedule& schedule) : trace_(trace), schedule_(schedule) {}

    /// The next runs are of a program of which nothing is known.
    void begin_program();
    void begin_run();

    /// The latest turn of the running thread is left out. Requires: it is one of that loop.
    void note(const Iteration& iteration);
    /// Whether that turn is a step, since it would be missed.
    bool is_step(const Iteration& iteration) const;
    /// Whether the loop counts its turns.
    bool is_counted(PlaceKey yield) const { return counting_.contains(yield); }

    /// Whether this run has turns put in.
    bool is_trial() const { return !put_in_.empty(); }
    /// Whether what the running thread does next may belong to one of them.
    bool is_due() { return is_trial() && due() != nullptr; }
    /// Requires: is_due(). Returns: what the step gives in that turn; nothing if the turn does not begin with it.
    std::optional<OperationResult> answer(const Operation& op);
    /// Requires: is_due(). Returns: whether that turn ends with the yield.
    bool ends(PlaceKey yield);

    /// An execution has come to its end.
    void note_execution(const Graph& graph);
    /// Returns: the graph that is to be run again, with turns put in; null if there is nothing to try.
    Decider* next();
    /// Requires: next() has returned a graph, whose run has ended so. Returns: whether the turns are missed by nobody. Otherwise
    /// the exploration begins anew.
    bool passes(RunEnd end);
    /// What was not tried, in words; nothing if there was no more.
    std::optional<std::string> cut() const;

  private:
    struct Step {
        PlaceKey place;
        bool is_fence;
        std::uint64_t value;  ///< that it gave
    };
    struct Turn {
        unsigned thread;
        std::uint16_t begin;  ///< after so many events of the thread
        std::uint64_t past;   ///< which are these, as a digest
        PlaceKey yield;
        std::uint64_t found;   ///< with which values, as a digest
        std::size_t position;  ///< in modification order, of what its first look has read
        std::vector<Step> steps;
    };
    /// A turn that is put in.
    struct PutIn {
        const Turn* turn;
        std::size_t at = 0;  ///< which of its steps is next; more than there are: it is over

        bool is_over() const { return at > turn->steps.size(); }
    };
    /// Turns that are to be put in, each thread's in their order.
    struct Planned {
        std::vector<const Turn*> turns;
        Repetition* execution;
    };

    /// What threads do in the next runs is explored anew: their turns are not those that were noted.
    void begin_exploration();
    void plan(const Turn& turn, Repetition& execution);
    void plan_all(Repetition& execution);
    bool fits(const Turn& turn, const Graph& graph) const;
    PutIn* due();
    bool is_looked_at() const;
    bool waits_again() const;

    Trace& trace_;
    Schedule& schedule_;
    std::deque<Turn> turns_;
    std::unordered_set<std::uint64_t> noted_;   // turns
    std::unordered_set<std::uint64_t> tried_;   // with the past of a thread at its end
    std::unordered_set<std::uint64_t> of_use_;  // with which values
    std::unordered_set<PlaceKey> counting_;     // loops
    std::deque<Repetition> executions_;         // the latest ones
    std::size_t next_execution_ = 0;            // whose place the next one takes
    std::uint64_t seen_ = 0;                    // executions
    std::vector<Planned> planned_;
    std::vector<PutIn> put_in_;
    Repetition* runs_ = nullptr;
    bool has_given_up_ = false;   // a thread did something else in its turn
    bool has_new_turns_ = false;  // since all that fit were put in
    bool is_cut_ = false;
};

}  // namespace heddle::engine::exhaustive
