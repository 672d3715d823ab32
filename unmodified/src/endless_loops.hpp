// Loops that threads go round for ever, although each turn leaves something behind: a back-off that alternates or grows up to
// a limit, a look at one queue after the other, a count that is never used. A thread that comes to be what it was some turns
// before, and has done nothing but look since, goes round for ever unless something that it has looked at changes: it waits
// (docs/decisions/0027-loops-that-go-round-for-ever.md). One that never comes to be what it was, and has gone round as
// often as is explored, is taken to do so, too, and the verdict says that.
//
// A thread is compared with what it was at its arrivals number 1, 2, 4, and so on, at as many arrivals after each: Brent's search
// for cycles. All places where it comes round count, as those of an inner loop and of the one around it: what it does is the same
// from where it is what it was, wherever that is.
#pragma once

#include <cstddef>
#include <cstdint>

#include "arrival.hpp"
#include "footprint.hpp"
#include "known_loops.hpp"

namespace heddle::unmodified {

class FrontEnd;

/// Used by WaitingLoops and SpinningLoops, for the running thread, which imagines nothing. State:
/// ThreadState::recurrence, which only it changes. Reads what WaitingLoops has in ThreadState::iteration.
class EndlessLoops {
  public:
    EndlessLoops(FrontEnd& front_end, KnownLoops& known)
        : front_end_(front_end), known_(known), footprints_(front_end) {}

    /// Whether threads have been seen to go round the loop for ever. What one finds on the way through it is a step whenever
    /// it is something new, since the thread waits for all that it has looked at.
    bool is_known(std::uint64_t loop) const {
        return known_.is(LoopKind::recurs, loop) || known_.is(LoopKind::counts_on, loop);
    }

    /// The thread comes to a loop, after a turn that was steps and left a trace. Does not return where it is what it was there
    /// before, with nothing but looks since.
    void come_round(const Arrival& here);
    /// The same, after Iteration::repeated turns in a row without a step. Does not return after `most_turns` of them, either.
    void come_round_without_step(const Arrival& here);
    /// The same, after a turn without a step or a look: there is nothing that others could change. Does not return where the thread
    /// goes round for ever and another one waits meanwhile, nor after `most_turns` where none does.
    void come_round_at_once(const Arrival& here);
    /// The thread is about to look, and that is a step. Does not return where it has done nothing else for as long as is explored.
    void come_to_step(const Arrival& here) const;
    /// The thread takes a step that is no look: it goes round no loop in vain.
    void end() {
        if (self.recurrence.arrivals != 0) forget();
    }
    /// As WaitingLoops has them.
    void before_write(std::uintptr_t address, std::size_t size);
    void leave() { footprints_.of_running().leave(); }

    /// What the running thread does after so many turns is not explored. Does not return.
    void cut_off(std::uintptr_t caller) const;

    /// A loop that goes round more often without a step is taken to go round for ever.
    static constexpr unsigned most_turns = 1U << 16U;

  private:
    bool has_come_back(const Arrival& here, unsigned turns, unsigned least);
    std::uint64_t digest_of_memory() const;
    bool is_what_it_was(const Arrival& here);
    void wait_for_ever(LoopKind why, const Arrival& here, unsigned first);
    void forget() const;

    FrontEnd& front_end_;
    KnownLoops& known_;
    Footprints footprints_;          ///< since the arrival that the thread is compared with
    unsigned compared_in_vain_ = 0;  ///< so many arrivals, since a thread was what it had been
};

}  // namespace heddle::unmodified
