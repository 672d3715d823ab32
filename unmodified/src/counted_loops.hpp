// Loops that count how often they have looked in vain, as one that looks a thousand times before it sleeps. A turn in
// vain does nothing but look, finds what it would find again, and leaves something behind: the count, as a rule. How many
// of them a thread takes before it finds something new makes no difference if nobody asks for the count but the loop
// itself. So a turn in vain is followed by no step: the thread goes round as often as the loop does, and finds the same. A
// turn that finds something new comes first, and not after others that were in vain.
//
// That is tried, not believed. An execution in which a thread comes to such a loop is run again, and there the thread
// takes turns in vain before: turns that the loop has taken elsewhere, which are no steps. The thread must go on with the
// same steps to its end, as must all others. If it does not, how often it has looked is of use, and the exploration begins
// anew: then so many turns of that loop are steps as of any other that leaves a trace
// (docs/decisions/0023-counts-of-turns-in-vain.md).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include <heddle/engine/adopted.hpp>

#include "known_loops.hpp"
#include "thread_state.hpp"

namespace heddle::unmodified {

class FrontEnd;

/// Used by WaitingLoops, for the running thread, and by FrontEnd. State: ThreadState::extra_turns, which only it
/// changes. Reads the looks that WaitingLoops keeps in ThreadState::iteration. A loop is known by the number of the site at which
/// its turns begin or end.
class CountedLoops {
  public:
    CountedLoops(FrontEnd& front_end, const KnownLoops& known) : front_end_(front_end), known_(known) {}

    void begin_exploration() { tried_.clear(); }
    void begin_run() { visits_.clear(); }

    /// Whether the loop leaves a trace, and nobody has been seen to ask how often it has gone round.
    bool leaves_only_a_count(std::uint64_t loop) const {
        return known_.is(LoopKind::leaves_trace, loop) && !of_use_.contains(loop);
    }
    /// The thread has taken a turn in vain, which might be taken again: what it has looked at, in order. Requires: the loop is
    /// known to leave a trace before any other step. Does not return where the loop was known to, but not where its turns
    /// begin, so that some were steps: the exploration begins anew.
    void note_turn(std::uint64_t loop, std::span<const Look> looks);
    /// The thread has come to the end of a turn. `is_whole`: since its last step that was no look, it has taken no other.
    /// Returns: whether that turn was in vain; nothing if it is not known where the turn began, or if somebody asks for the
    /// count.
    std::optional<bool> latest_turn_was_in_vain(std::uint64_t loop, bool is_whole) const;

    /// The thread comes to a look. Returns: what it finds, in a turn that is put in. Does not return where such a turn would
    /// look at something else.
    std::optional<std::uint64_t> look(std::uint64_t site, std::uintptr_t address);
    /// Whether the thread is in such a turn.
    static bool is_in_extra_turn() { return self.extra_turns.left != 0; }
    /// The thread does something else than look. Does not return in a turn that is put in, which would not have been in vain.
    void before_step() {
        if (is_in_extra_turn()) give_up();
    }

    /// As engine::Adopter.
    bool alters_next_run();
    bool passes_altered_run(engine::Adopter::Went went);

  private:
    struct Turn {
        std::uint64_t loop;
        std::vector<Look> looks;
    };
    /// A thread has come to a look with which turns begin.
    struct Visit {
        unsigned thread;
        std::uint64_t look;
        bool operator==(const Visit&) const = default;
    };
    /// What is put in: so many turns wherever a thread comes to a look. None: to see that the execution goes as before.
    struct Alteration {
        Visit visit;
        unsigned turns;
    };

    bool is_of_use(std::uint64_t loop);
    void note_visit(std::uint64_t look);
    void plan();
    std::optional<std::uint64_t> go_on_in_extra_turn(std::uint64_t site, std::uintptr_t address);
    bool is_altered_at(std::uint64_t site) const;
    const Turn* begin_extra_turn(const std::vector<Turn>& turns, std::uintptr_t address);
    [[noreturn]] void give_up();

    FrontEnd& front_end_;
    const KnownLoops& known_;
    std::unordered_set<std::uint64_t> of_use_;  ///< loops of which somebody asks how often they have gone round
    std::unordered_map<std::uint64_t, std::vector<Turn>> turns_;    ///< by the site of their first look
    std::unordered_map<std::uint64_t, std::uint64_t> first_looks_;  ///< by loop
    std::unordered_set<std::uint64_t> tried_;  ///< what threads have done until their end, with the look, as digests
    std::vector<Visit> visits_;                ///< in this run
    std::vector<Alteration> planned_;
    std::optional<Alteration> alteration_;  ///< of the run that goes on
    std::uint64_t altered_loop_ = 0;        ///< whose turns were put in last, in that run
    std::uint64_t suspected_ = 0;           ///< whose turns made a difference, as it looks
    bool has_given_up_ = false;             ///< in that run: such a turn would not have been in vain there
    std::size_t put_in_ = 0;                ///< so often, in all runs: each turn that is known has its turn
};

}  // namespace heddle::unmodified
