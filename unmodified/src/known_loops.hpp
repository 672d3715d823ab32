// What is known of the loops of a program: which loop is taken for what. Found out in one execution, it holds in all that
// follow, of later explorations too, and is never forgotten: the program is the same.
//
// A loop is known by the number of a site (Sites::number) where its turns begin or end: a yield, a look, a lock.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <heddle/engine/site.hpp>

#include "sites.hpp"

namespace heddle::unmodified {

class FrontEnd;

/// One loop may be several of them.
enum class LoopKind : std::uint8_t {
    /// By a yield, or a look: its turns leave something behind, so that it may matter how many there were. Found out by
    /// WaitingLoops; whether it matters, CountedLoops knows.
    leaves_trace,
    /// By a look: it waits, although it does not yield. Found out by SpinningLoops.
    spins,
    /// By a yield, or a look: threads come to be what they were before, after more turns than one. Found out by
    /// EndlessLoops.
    recurs,
    /// By a yield, or a look: it leaves a trace, and threads have gone round as often as is explored. Found out by
    /// EndlessLoops.
    counts_on,
    /// By a lock: rounds of it leave nothing in the thread's frames. Found out by PollingLoops.
    polls,
};

class KnownLoops {
  public:
    explicit KnownLoops(FrontEnd& front_end) : front_end_(front_end) {}

    bool is(LoopKind kind, std::uint64_t loop) const { return holds(loops_[static_cast<std::size_t>(kind)], loop); }
    /// From now on it is known, in the execution that goes on, too.
    void note(LoopKind kind, std::uint64_t loop);
    /// For what would have changed the execution from its beginning. Does not return where that is new: the exploration
    /// begins anew, and knows it.
    void learn(LoopKind kind, std::uint64_t loop);

    /// What the engine is told of a yield or a look of the running thread. The engine may have taken the loop for one that
    /// waits: what leaves a trace is another loop to it.
    engine::Site site_of(std::uintptr_t caller) const;

  private:
    static constexpr std::size_t kinds = static_cast<std::size_t>(LoopKind::polls) + 1;

    FrontEnd& front_end_;
    std::array<std::vector<std::uint64_t>, kinds> loops_;  ///< by LoopKind: few each
};

}  // namespace heddle::unmodified
