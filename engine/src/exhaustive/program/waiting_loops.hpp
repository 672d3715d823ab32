// Loops that wait by yielding. A spin iteration of such a loop is not followed by another one that reads the same: the
// thread leaves the run, and what it waits for reaches it where a newer write revisits what it read; or, if the loop ends
// by itself at some time, the thread goes on in vain until then.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <heddle/engine/operation.hpp>

#include "blocking.hpp"
#include "iterations.hpp"
#include "recorder.hpp"
#include "schedule.hpp"
#include "trace.hpp"
#include "turns_left_out.hpp"
#include "yield_bound.hpp"

namespace heddle::engine::exhaustive {

/// At so many points of a thread a yield may be none of a loop that waits, before it is taken for one that never is: what comes
/// before the loop, and its first turns, may differ from the others.
inline constexpr std::ptrdiff_t most_points_without_waiting = 4;

/// A loop that goes round in vain more often is taken to go round for ever.
inline constexpr std::size_t most_iterations_in_vain = 10'000;

/// What an iteration is cannot be read off a compiled program. So the thread that yields for the first time at some place imagines
/// more iterations, in which it finds everything as it left it: until it leaves the loop, or has gone round often enough to
/// believe that it never does. While it imagines, no step becomes an event. Such a run is not part of the exploration,
/// which begins anew and knows the loop.
///
/// A thread in a loop that gives up has two ways on after an iteration: to wait, or to go on in vain. In vain its steps are no
/// events either: they read again what it has just read, which the memory model always allows. So the code behind the loop
/// is explored at the price of one choice, however often the loop goes round.
///
/// Whoever takes a step asks is_answering() before, and then answer(); and calls end_imagination() before what is no step
/// on an object.
class WaitingLoops {
  public:
    WaitingLoops(Trace& trace, Execution& execution, Schedule& schedule, Recorder& recorder, Blocking& blocking,
                 TurnsLeftOut& left_out)
        : trace_(trace),
          execution_(execution),
          schedule_(schedule),
          recorder_(recorder),
          blocking_(blocking),
          left_out_(left_out) {}

    /// The next runs are of a program of which nothing is known. `front_end_compares`: what an iteration leaves behind, in memory
    /// and frames and of the time, so that one in which nothing is left is enough to know that all are like it.
    void begin_program(bool front_end_compares);
    void begin_run() {
        ++runs_;
        imagined_.reset();
        answers_ = left_out_.is_trial();
    }
    void begin_thread(unsigned thread);

    /// The running thread can do nothing useful before another one has written something, or time has passed. Returns:
    /// whether that is a step; otherwise the iteration before it never was, and the thread looks again. Does not return
    /// where the thread has left the run.
    bool yield(Site site) {
        if (left_out_.is_due() && left_out_.ends(key_of(site))) return true;
        const bool is_step = is_pause(site) || ends_iteration(site);
        latest_yield_[trace_.running()] = point(key_of(site));
        return is_step;
    }
    /// The running thread's front end knows that the thread is what it was before its event `first`: if its events since
    /// then leave nothing behind either, they are a turn in vain. Does not return where the thread has left the run.
    /// `watches_the_clock`: it has read the clock since.
    void come_round(std::size_t first, bool watches_the_clock);
    /// The same of a thread whose wait has timed out, so that its events since `first` may be waits that have, too.
    void time_out_in_vain(std::size_t first);
    /// The running thread's front end knows that the thread goes round for ever, and looks at nothing but what its events since
    /// then have. `looks`: it is only taken to, after so many; otherwise 0. Does not return where the thread has left the run.
    void go_round_for_ever(std::size_t first, std::size_t looks, Site loop);
    /// The running thread is about to look, in a loop. Where its latest events are looks at the same things in an order that is not the
    /// same each time, it goes on in vain: its steps are no events, until the loop does something else, or for ever.
    void goes_on_looking(Site loop);
    /// The running thread has long taken no step: the others go on until none can. Returns: whether the program's end waits for
    /// it then: another thread waits, and none has left the run that could let that go, or it is the program's first one.
    bool lets_others_go_first();
    /// The running thread has read the clock.
    void reads_the_clock() {
        reads_the_clock_[trace_.running()] = true;
        in_vain_[trace_.running()].is_in_any_order = false;
    }

    /// Whether the running thread, which has gone round a loop that writes so often and did not yield, may go round once more.
    bool may_go_round(unsigned turns) { return yield_bound_.allows(turns); }

    /// The running thread goes on for longer than is explored, in a way that `words` say.
    void cut_off(std::string words);

    /// Whether the running thread only imagines what it does.
    bool is_imagining() const { return imagined_.has_value(); }
    /// Whether the running thread's steps are answered without events.
    bool is_answering() const { return answers_ && answers_running(); }
    /// What such a step gives; nothing if the thread has left the loop, so that the step is one as any other. `location`: of
    /// the operation's object, if it has one.
    [[gnu::noinline]] std::optional<OperationResult> answer(const Operation& op, LocationId location);
    /// What follows is no part of an iteration.
    void end_imagination() {
        if (imagined_) leave_imagined();
        in_vain_[trace_.running()] = {};
    }

    /// Requires: the run has ended, and the thread is spinning. Returns: whether it goes on for ever, since nobody is left
    /// to write what it waits for and the loop does not end by itself.
    bool spins_for_ever(unsigned thread) const;

    /// Whether any loop is known to wait.
    bool knows_any() const { return !known_iterations_.empty(); }
    /// Whether iterations were taken back since begin_program().
    bool has_taken_back() const { return has_taken_back_; }
    /// No more of them are: for a program to which it makes a difference how often it has looked. Returns: whether there were
    /// any.
    bool stop_taking_back() {
        takes_back_ = false;
        return std::exchange(has_taken_back_, false);
    }

    /// Where threads have yielded too often in loops that write: from now on they may do so more often, if that is not much.
    /// Returns: whether they may.
    bool allow_more_yields();

    /// What was not explored, in words: once for each loop, since begin_program().
    std::vector<std::string> cut() const;
    /// Requires: the run has ended, and the thread is spinning. Returns: of how many looks it was followed, if it counts them, so
    /// that it might give up at some time; otherwise 0.
    std::size_t looks_followed(unsigned thread) const { return spins_in_[thread].looks_followed; }

  private:
    /// What a thread imagines: the iteration, and how far it has come since.
    struct Imagined {
        Iteration iteration;
        std::size_t iterations = 0;     ///< complete ones, the first of which tells what an iteration is
        std::size_t at = 0;             ///< steps of the current one
        std::uint64_t left_behind = 0;  ///< by one of them, as a digest
    };
    /// A yield of a thread, and after how many of its events.
    struct Point {
        PlaceKey yield = 0;
        std::size_t events = 0;

        bool operator==(const Point&) const = default;
    };
    /// A thread that goes on in vain, and how far.
    struct InVain {
        const Iteration* iteration = nullptr;
        std::size_t at = 0;
        std::size_t iterations = 0;    ///< or looks, if they are in any order
        bool is_in_any_order = false;  ///< and not an iteration

        /// What the thread's step gives; nothing if it does something else now.
        std::optional<OperationResult> answer(const Trace& trace, const Operation& op, LocationId location);
        /// Returns: whether the thread comes round once more with that yield.
        bool comes_round(PlaceKey here);
        /// Whether the thread has just done so, with that yield.
        bool has_come_round(PlaceKey here) const {
            return iteration != nullptr && at == 0 && iterations != 0 && iteration->yield == here;
        }
    };

    /// A turn that a thread has left the run with.
    struct Turn {
        std::size_t steps = 0;           ///< its last ones
        bool may_end = false;            ///< the loop, although nothing changes
        std::size_t looks_followed = 0;  ///< if it counts them
    };

    [[gnu::noinline]] bool answers_running() const;
    std::optional<OperationResult> look_in_any_order(const Operation& op, LocationId location);
    bool is_pause(Site site);
    bool ends_iteration(Site site);
    Point point(PlaceKey yield) const { return {.yield = yield, .events = trace_.events_run()}; }
    bool may_wait(PlaceKey yield) const;
    OperationResult imagine(const Operation& op, LocationId location);
    void imagine_next_iteration(PlaceKey yield);
    [[noreturn, gnu::cold]] void learn(Iteration iteration);
    [[noreturn, gnu::cold]] void leave_imagined();
    bool looks_again(const Iteration& iteration);
    void wait_in(const Iteration& iteration);
    bool goes_on_because_of_others() const;
    void leave_out_looks(std::string words);
    [[noreturn]] void spin(const Turn& turn);
    bool is_in_turn(EventId id) const;
    bool looks_too_late();
    void note_what_is_left_behind();

    Trace& trace_;
    Execution& execution_;
    Schedule& schedule_;
    Recorder& recorder_;
    Blocking& blocking_;
    TurnsLeftOut& left_out_;
    std::deque<Iteration> known_iterations_;  // that threads may be in stay where they are
    std::vector<Point> not_waits_;            // yields of turns that do more than read
    std::optional<Imagined> imagined_;        // by the running thread
    bool front_end_compares_ = false;
    bool answers_ = false;  // a thread has imagined or gone on in vain in this run: what is asked at every step
    std::vector<std::string> cut_;
    std::vector<std::string> counted_;  // what depends on how often a loop goes round, once for each
    std::array<InVain, most_threads + 1> in_vain_{};
    std::array<unsigned, most_threads + 1> yields_{};
    std::array<Point, most_threads + 1> latest_yield_{};
    std::array<std::size_t, most_threads + 1> pauses_{};    // since the last one that was none
    std::array<bool, most_threads + 1> reads_the_clock_{};  // since the last yield
    bool takes_back_ = true;
    std::uint64_t runs_ = 0;
    std::uint64_t looks_too_late_ = 0;  // of those
    YieldBound yield_bound_;
    bool has_taken_back_ = false;
    std::array<bool, most_threads + 1> looks_for_good_{};  // whose iteration stays, as nothing changes any more
    std::array<Turn, most_threads + 1> spins_in_{};        // of those that spin
};

}  // namespace heddle::engine::exhaustive
