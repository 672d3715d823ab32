// Turns of loops that wait, which were left out since the loop has found nothing new: whether a thread would have gone on
// otherwise after one.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
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
/// and is none that waits.
///
/// What a thread has done and found until its end is tried once, and not in each of many executions.
class TurnsLeftOut {
  public:
    TurnsLeftOut(Trace& trace, Schedule& schedule) : trace_(trace), schedule_(schedule) {}

    /// The next runs are of a program of which nothing is known.
    void begin_program();
    void begin_run() { at_ = 0, has_given_up_ = false; }

    /// The latest turn of the running thread is left out. Requires: it is one of that loop.
    void note(const Iteration& iteration);
    /// Whether that turn is a step, since it would be missed.
    bool is_step(const Iteration& iteration) const;
    /// Whether the loop counts its turns.
    bool is_counted(PlaceKey yield) const { return counting_.contains(yield); }

    /// Whether this run has a turn put in.
    bool is_trial() const { return put_in_ != nullptr; }
    /// Whether what the running thread does next may belong to that turn.
    bool is_due() const {
        return put_in_ != nullptr && put_in_->thread == trace_.running() && at_ <= put_in_->steps.size() &&
               trace_.events_run() == put_in_->begin;
    }
    /// Requires: is_due(). Returns: what the step gives in that turn; nothing if the turn does not begin with it.
    std::optional<OperationResult> answer(const Operation& op);
    /// Requires: is_due(). Returns: whether that turn ends with the yield.
    bool ends(PlaceKey yield);

    /// An execution has come to its end.
    void note_execution(const Graph& graph);
    /// Returns: the graph that is to be run again, with a turn put in; null if there is nothing to try.
    Decider* next();
    /// Requires: next() has returned a graph, whose run has ended so. Returns: whether the turn is missed by nobody. Otherwise
    /// the exploration begins anew.
    bool passes(RunEnd end);

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
        std::uint64_t found;  ///< with which values, as a digest
        std::vector<Step> steps;
    };
    /// A turn that is to be put in.
    struct Planned {
        const Turn* turn;
        Repetition* execution;
    };

    /// What threads do in the next runs is explored anew: their turns are not those that were noted.
    void begin_exploration();
    void plan(const Turn& turn, Repetition& execution);

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
    const Turn* put_in_ = nullptr;
    Repetition* runs_ = nullptr;
    std::size_t at_ = 0;         // which of its steps is next; more than there are: it is over
    bool has_given_up_ = false;  // the thread did something else in it
};

}  // namespace heddle::engine::exhaustive
