// Wake-ups without a cause. A wait of POSIX, C++ or the kernel may come back although nobody has woken the thread. It makes
// no difference where the thread then finds what it has found before, and waits again: such a wake-up might as well not
// have been. So each place that waits is tried, once: the wait comes back at once, and the thread runs on alone, in an
// execution that is no part of the exploration. Either it comes back to the same wait and has left no trace: the place has
// its loop. Or it does something else: there, waits may be woken without a cause in all executions. Where it meets what
// another thread has changed meanwhile, nothing is known: the next visit is tried.
#pragma once

#include <cstdint>
#include <vector>

#include "footprint.hpp"
#include "thread_state.hpp"

namespace heddle::unmodified {

class FrontEnd;

class WakeUps {
  public:
    explicit WakeUps(FrontEnd& front_end) : front_end_(front_end) {}

    void begin_exploration();
    void begin_run() { place_ = 0; }

    /// The running thread is about to wait. Returns: whether the wait comes back at once, since this is a trial. Does not
    /// return at the end of one: the exploration begins anew, and knows the place.
    bool comes_back(const Frames& frames, std::uintptr_t caller);
    /// Whether the wait may come back without a cause. Requires: comes_back() is false.
    bool may_come(std::uintptr_t caller) const;

    /// Whether this execution is a trial. The running thread is alone in it: what it does is no step, and no access.
    bool is_trial() const { return place_ != 0; }
    /// In a trial, the running thread accesses memory.
    void before_access(std::uintptr_t address, std::size_t size, bool writes);
    /// It goes round once more in some loop.
    void goes_on_trying();
    /// The running thread takes a step that others may notice. Does not return in a trial.
    void before_step() {
        if (is_trial()) end(Found::goes_on);
    }

  private:
    enum class Found : std::uint8_t { waits_again, goes_on, nothing };
    /// A place that was tried in vain.
    struct Undecided {
        std::uint64_t place;
        unsigned in_vain;  ///< so many visits
        unsigned visits;   ///< in the exploration that goes on
    };

    bool is_to_be_skipped(std::uint64_t place);
    [[noreturn]] void end(Found found);
    void try_later();

    FrontEnd& front_end_;
    std::vector<std::uint64_t> have_loops_;  ///< places where a thread that is woken without a cause waits again
    std::vector<std::uint64_t> have_none_;
    std::vector<Undecided> undecided_;
    std::uint64_t place_ = 0;  ///< that is tried; 0: this is no trial
    Footprint footprint_;      ///< of the thread, since it was there last
    unsigned iterations_ = 0;
    unsigned steps_ = 0;
};

}  // namespace heddle::unmodified
