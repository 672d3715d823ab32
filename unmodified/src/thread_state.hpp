// What belongs to one thread of the program under check. Each has its own by its thread pointer, as the program's own
// thread-local memory.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include <heddle/engine/operation.hpp>

#include "calls.hpp"
#include "iteration.hpp"
#include "latest_atomics.hpp"
#include "shadow.hpp"

namespace heddle::unmodified {

/// Looks that may be a loop which waits without saying so (SpinningLoops). A round of it goes from a look to where the
/// thread comes to the same look again, with nothing but looks between.
struct Spin {
    std::uint64_t site = 0;          ///< of the look that rounds begin with; 0: none yet
    unsigned looks = 0;              ///< in this round
    std::uint64_t found = 0;         ///< all that it has found, as one number
    std::uint64_t found_before = 0;  ///< in the last round
    bool is_compared = false;        ///< at the end of the round, with what the thread was at its beginning
    bool stores = false;             ///< in this round, it has stored again what was there
    unsigned repeated = 0;           ///< so many rounds in a row have found the same, and left a trace
    unsigned in_vain = 0;            ///< so many have left none
};

/// A thread that goes round loops and does nothing but look: what it is is compared with what it was before (EndlessLoops).
struct Recurrence {
    std::uint64_t site = 0;    ///< of the yield or look where it was that; 0: none
    unsigned arrivals = 0;     ///< at all yields and looks that it came round to
    unsigned next = 0;         ///< at that one, it is compared with what it is then
    unsigned compared = 0;     ///< so many more
    unsigned events = 0;       ///< of the thread, when it was what it is compared with
    unsigned repeated = 0;     ///< arrivals without a step, as Iteration has it
    std::uint64_t memory = 0;  ///< when it came back last, as a digest; 0: it has not
};

/// A round of what may be a loop that polls (PollingLoops): it goes from a lock to where the thread comes to it again.
struct Poll {
    std::uint64_t site = 0;    ///< of the lock; 0: none
    unsigned events = 0;       ///< of the thread, before
    std::uint64_t traces = 0;  ///< as ThreadState has it, before
    unsigned clock_looks = 0;  ///< the same
    bool is_compared = false;  ///< with what memory was at its beginning
    bool is_left = false;      ///< it has changed memory
    unsigned rounds = 0;       ///< since then, of one that goes on for several
    unsigned most_rounds = 0;  ///< the same: after so many another one begins
};

/// Turns in vain that are put into an execution which is run again (CountedLoops).
struct ExtraTurns {
    std::span<const Look> looks;  ///< of each
    unsigned left = 0;            ///< the one that goes on included
    std::size_t at = 0;           ///< looks that it has had
    unsigned after = 0;           ///< so many events of the thread, the latest came
};

/// Time-outs of waits at one place (TimedWaits). A turn of what may be a loop goes from one to the next.
struct TimeOuts {
    std::uint64_t site = 0;
    unsigned count = 0;
    unsigned events = 0;           ///< of the thread, the last time
    Poll turn;                     ///< from where the thread went on then, to where it waits again
    bool is_in_vain = false;       ///< that has left nothing behind
    bool has_waited_long = false;  ///< the last time, for longer than any deadline
};

/// The part of a thread that an iteration of a loop may leave a trace in, beside memory: where its frames begin, and the
/// registers that a call preserves.
struct Frames {
    std::array<std::uintptr_t, 6> registers{};
    std::uintptr_t begin = 0;
};

/// A function that runs at the end of a thread or of the program.
struct AtEnd {
    void (*function)(void*) = nullptr;
    void* argument = nullptr;
};

inline constexpr std::size_t most_keys_outside = 64;  ///< of pthread_key_create, outside of all executions
/// The same, and those that one execution makes.
inline constexpr std::size_t most_keys = most_keys_outside + 64;
inline constexpr std::size_t most_at_end = 128;  ///< thread_local objects with destructors, of one thread

inline constexpr std::size_t most_polls = 4;  ///< locks of a round: more are not followed

inline constexpr std::size_t most_places_of_time_outs = 16;  ///< of a thread; those at others are not counted

struct ThreadState {
    bool in_program = false;              ///< its code runs; otherwise heddle's, on its behalf
    bool is_watched = false;              ///< each of its plain accesses is to be noted
    Cell mine = 0;                        ///< an access that it makes now
    const std::uint8_t* known = nullptr;  ///< of each thread, how many events happen before that
    bool tells_all = false;               ///< as FrontEnd::look() has it, of the step that goes on
    bool shares_stack = false;            ///< another thread has accessed its frames
    std::uintptr_t stack_end = 0;         ///< above all frames of the program
    Iteration iteration;
    Spin spin;
    Spin tight_spin;  ///< the same, of rounds that are one look each, within those of `spin`
    Recurrence recurrence;
    /// Of each lock the latest round; and then, of the same locks, several rounds, twice as many each time.
    std::array<Poll, 2 * most_polls> polls{};
    std::size_t next_poll = 0;  ///< which is given up next
    unsigned unlocked_at = 0;   ///< so many events of the thread, it had when it let a mutex go
    std::uint64_t memory = 0;  ///< where one of them is compared: what it was when the thread began to run, as a digest
    ExtraTurns extra_turns;
    std::uint64_t done = 0;  ///< its steps, and what they have given, as a digest
    std::array<TimeOuts, most_places_of_time_outs> time_outs{};
    unsigned turns_compared = 0;    ///< of those, with what memory was at their beginning
    unsigned private_accesses = 0;  ///< to atomics, before there was another thread
    unsigned reads_in_vain = 0;     ///< of plain memory, since its last step
    LatestAtomics latest_atomics;
    const void* argument = nullptr;  ///< of a compare-exchange: where it reads and writes plain memory
    std::uint64_t traces = 0;        ///< so often, what it did could not be told from what it left behind
    std::uint64_t drawn = 0;         ///< numbers that the system has given it
    unsigned clock_looks = 0;        ///< since its last step
    unsigned all_clock_looks = 0;
    unsigned programs_clock_looks = 0;  ///< those that are not only for a deadline
    std::uint64_t failed_try_at = 0;
    unsigned failed_tries = 0;
    const void* waits_for = nullptr;   ///< the latest condition
    const void* waits_with = nullptr;  ///< the mutex that it has let go for that
    bool has_locale = false;           ///< it has set one, in this execution or the last one that it was in
    bool has_stepped = false;          ///< since the latest of those
    const std::uint64_t* librarys_guard = nullptr;  ///< of the static for which the thread has left the program
    void* result = nullptr;
    std::size_t at_end_count = 0;
    std::array<AtEnd, most_at_end> at_end;
    std::array<void*, most_keys> specific{};
    Calls calls;

    /// Whether what its loops leave behind, in memory too, will be asked for.
    bool is_compared() const {
        return iteration.is_compared || spin.is_compared || tight_spin.is_compared || recurrence.compared != 0;
    }
};

/// Of whoever has called a hook that looks at memory: what entry.hpp has noted.
extern "C" constinit thread_local Frames heddle_entered;

// Not the program's thread-local memory but this library's: put back by hand when a thread begins.
extern constinit thread_local ThreadState self;

/// While in scope, heddle's code runs: what it allocates, locks or touches is not the program's.
class OutsideProgram {
  public:
    OutsideProgram() noexcept : before_(self.in_program) { self.in_program = false; }
    OutsideProgram(const OutsideProgram&) = delete;
    OutsideProgram& operator=(const OutsideProgram&) = delete;
    ~OutsideProgram() { self.in_program = before_; }

  private:
    bool before_;
};

/// While in scope, the program's code runs.
class InsideProgram {
  public:
    InsideProgram() noexcept : before_(self.in_program) { self.in_program = true; }
    InsideProgram(const InsideProgram&) = delete;
    InsideProgram& operator=(const InsideProgram&) = delete;
    ~InsideProgram() { self.in_program = before_; }

  private:
    bool before_;
};

}  // namespace heddle::unmodified
