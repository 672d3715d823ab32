// Loops that spin without a yield and write in each turn, as those that count their attempts in an atomic or under a mutex. Nothing
// tells such a loop from one that ends but that it does not: a thread that has had as many events as there is room for, and
// has looked and written among the latest of them, in a few places again and again, is in one. From then on it is known in each execution,
// and a thread goes round it only so often: what it does then is cut off, and the verdict says that. A loop that never looks waits for
// nothing, and is too long.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <unordered_map>
#include <vector>

#include <heddle/engine/adopted.hpp>

namespace heddle::unmodified {

class FrontEnd;

/// Used by FrontEnd and WaitingLoops, for the running thread. A step is known by the number of its site.
class SteppingLoops {
  public:
    explicit SteppingLoops(FrontEnd& front_end) : front_end_(front_end) {}

    void begin_run() { steps_ = {}; }  // what is in sites_ is read as far as they say

    /// The thread is about to take a step. Does not return where it has gone round such a loop as often as is explored, or where it is
    /// new that it goes round one: the exploration begins anew.
    void come_to_step(std::uintptr_t caller);
    /// It takes a step that is no look.
    void writes();
    /// It has looked: a loop that never does waits for nothing.
    void looks();

  private:
    using Loop = std::uint64_t;
    using SitesOfThread =
        std::array<std::uint64_t, engine::most_adopted_events>;  ///< by its events; 0: of no step of its own

    /// Of a thread.
    struct Steps {
        unsigned events = 0;     ///< of so many of them the site is known
        unsigned written = 0;    ///< the latest that was no look came after so many
        unsigned looked = 0;     ///< the latest that was one
        Loop loop = 0;           ///< that its latest step was in; 0: in none
        std::uint64_t head = 0;  ///< where it came into that
        unsigned turns = 0;      ///< so often, it has come there again
    };

    void count_turn(Steps& mine, std::uint64_t here, std::uintptr_t caller);
    void come_to_end(const Steps& mine, const SitesOfThread& sites_of_mine, std::uintptr_t caller);
    void learn(const std::vector<std::uint64_t>& sites);
    void cut_off(unsigned turns, std::uintptr_t caller) const;

    FrontEnd& front_end_;
    std::unordered_map<std::uint64_t, Loop> loops_;                ///< by the sites of their steps; never forgotten
    std::array<Steps, engine::most_adopted_threads + 1> steps_{};  ///< by thread
    std::array<SitesOfThread, engine::most_adopted_threads + 1> sites_{};  ///< the same
};

}  // namespace heddle::unmodified
