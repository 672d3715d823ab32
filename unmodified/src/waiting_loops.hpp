// Loops that wait. A yield says that a thread can do nothing useful now. What it means depends on what a turn of the loop
// leaves behind:
//  - nothing, in memory, in the frames of the thread or in its registers: then every turn that finds the same is the same,
//    and the loop waits until one of the things that it looks at changes. The engine is told, and takes it for a wait.
//  - a trace, as a counter of turns: then some turns are steps, so that it matters after how many the loop ends; what
//    finds the same after those goes round without a step, so that a bound on the turns is reached.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include <heddle/engine/adopted.hpp>

#include "thread_state.hpp"

namespace heddle::unmodified {

class FrontEnd;

/// The frames of whoever calls this function's caller, a hook. To be used first of all there.
#define HEDDLE_FRAMES()                                                                     \
    ([frame = reinterpret_cast<std::uintptr_t>(__builtin_frame_address(0))] {               \
        ::heddle::unmodified::Frames here{.begin = frame + 2 * sizeof(std::uintptr_t)};     \
        __asm__ volatile(                                                                   \
            "movq %%rbx, 0(%0); movq %%r12, 8(%0); movq %%r13, 16(%0); movq %%r14, 24(%0);" \
            "movq %%r15, 32(%0)"                                                            \
            :                                                                               \
            : "r"(here.registers.data())                                                    \
            : "memory");                                                                    \
        here.registers.back() = *reinterpret_cast<const std::uintptr_t*>(frame);            \
        return here;                                                                        \
    }())

/// The part of a thread that a turn of a loop may leave a trace in, beside memory: where its frames begin, and the registers
/// that a call preserves.
struct Frames {
    std::uintptr_t begin = 0;
    std::array<std::uintptr_t, 6> registers{};
};

class WaitingLoops {
  public:
    explicit WaitingLoops(FrontEnd& front_end) : front_end_(front_end) {}

    /// The program yields.
    void yield(const Frames& frames, std::uintptr_t caller);
    /// What follows is a step that is no look.
    void before_step();
    /// So is this, and what it does cannot be told from what it leaves behind.
    void leaves_trace() { self.turn.leaves_trace = true; }

    /// A try_lock has failed. Loops that try again at once wait, although they do not say so.
    void try_failed(std::uintptr_t caller);

    /// The running thread is about to look at an atomic. Returns: what it finds, if that is no step.
    std::optional<std::uint64_t> look_again(std::uintptr_t address, std::uint64_t site);
    /// It has looked.
    void looked(std::uintptr_t address, std::uint64_t site, std::uint64_t value);

    /// The thread is about to write plain memory, in a turn that is watched.
    void before_write(std::uintptr_t address, std::size_t size);

    /// How many turns of a loop that leaves a trace are steps, as the engine has it.
    static constexpr unsigned most_turns_told = 2;

  private:
    struct Before {
        std::uintptr_t address;
        std::uint8_t size;
        std::array<std::byte, 16> bytes;
    };
    /// What a thread was at a yield.
    struct Snapshot {
        Frames frames;
        std::vector<std::byte> stack;
        std::vector<Before> written;  ///< since, and what was there
    };

    Snapshot& snapshot();
    void take_snapshot(const Frames& frames);
    void compare(bool compared);
    bool has_left_trace(const Frames& frames);
    void tell(engine::Site yield);
    void tell_untold();
    void tell_of_trace(std::uintptr_t caller);
    engine::Site site_of(std::uintptr_t caller) const;
    void begin_turn(const Frames& frames, std::uintptr_t caller, bool is_untold, bool repeats);
    bool traces(std::uint64_t yield) const;

    FrontEnd& front_end_;
    std::vector<std::uint64_t> tracing_;  ///< yields of loops that leave a trace
    std::array<Snapshot, engine::most_adopted_threads + 1> snapshots_;
};

}  // namespace heddle::unmodified
