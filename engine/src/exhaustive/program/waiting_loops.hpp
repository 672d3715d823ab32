// Loops that wait by yielding. A spin iteration of such a loop is not followed by another one that reads the same: the
// thread leaves the run, and what it waits for reaches it where a newer write revisits what it read.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include <heddle/engine/operation.hpp>

#include "laps.hpp"
#include "schedule.hpp"
#include "trace.hpp"

namespace heddle::engine::exhaustive {

/// A thread that yields more often is given up, but where it does nothing but read between two yields: that is waiting.
inline constexpr unsigned most_yields_of_a_thread = 2;

/// What a lap is cannot be read off a compiled program. So the thread that yields for the first time at some place imagines
/// one more lap, in which it finds everything as it left it. While it imagines, no step becomes an event: its caller asks
/// is_imagining() before each one, lets imagine() answer, and calls end_imagination() before what cannot be imagined. Such
/// a run is not part of the exploration, which begins anew and knows the loop.
class WaitingLoops {
  public:
    WaitingLoops(Trace& trace, Schedule& schedule) : trace_(trace), schedule_(schedule) {}

    /// The next runs are of a program of which nothing is known.
    void begin_program();
    void begin_run() { imagined_.reset(); }
    void begin_thread(unsigned thread) { yields_[thread] = 0; }

    /// The running thread can do nothing useful before another one has written something. Does not return where it waits.
    void yield(Site site);

    bool is_imagining() const { return imagined_.has_value(); }
    /// What a step gives that is only imagined. `location`: of the operation's object, if it has one.
    OperationResult imagine(const Operation& op, LocationId location);
    /// What follows cannot be imagined: if the thread does, its loop is one whose laps are explored as what they are.
    void end_imagination() {
        if (imagined_) give_up_imagined();
    }

    /// Requires: the run has ended, and the thread is spinning. Returns: whether nobody is left to write what it waits for.
    bool spins_for_ever(unsigned thread) const { return reads_the_latest(trace_, thread, lap_lengths_[thread]); }

  private:
    std::optional<std::uint64_t> last_seen(LocationId location) const;
    [[noreturn]] void finish_imagined(PlaceKey yield);
    [[noreturn]] void give_up_imagined();
    [[noreturn]] void spin(std::size_t length);

    Trace& trace_;
    Schedule& schedule_;
    std::vector<Lap> known_laps_;
    std::vector<PlaceKey> not_waits_;  // yields in loops that do more than read
    std::optional<Lap> imagined_;      // by the running thread
    std::array<unsigned, most_threads + 1> yields_{};
    std::array<std::size_t, most_threads + 1> lap_lengths_{};  // of those that spin
};

}  // namespace heddle::engine::exhaustive
