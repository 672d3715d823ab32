// Iterations that find what the last one has found. As long as a thread looks at the same things in the same order, its looks
// are no steps: each finds what it has found in the last iteration, without the engine. So a thread goes round a loop until that
// does something else, or until it has gone round as often as is explored.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "endless_loops.hpp"
#include "known_loops.hpp"

namespace heddle::unmodified {

class FrontEnd;

/// Used by WaitingLoops, for the running thread, outside of extra turns. State: of ThreadState::iteration, where WaitingLoops has
/// begun one that `repeats`, how far it has come (`first`, `position`). Those that are gone through at once it counts
/// (`repeated`); the others WaitingLoops counts.
class RepeatedIterations {
  public:
    RepeatedIterations(FrontEnd& front_end, const KnownLoops& known, const EndlessLoops& endless)
        : front_end_(front_end), known_(known), endless_(endless) {}

    /// Whether the thread is in such an iteration, and has had a look of it without a step.
    bool goes_on() const;

    // Most of them are like the last one, and nothing is asked of them: what is due after so many of them, as at a power of
    // two, is asked of the next. Those are gone through at once.

    /// The thread comes to a look. Returns: what it finds, if it is in such an iteration. In a loop without a yield, the look
    /// with which iterations begin ends the one before, too.
    std::optional<std::uint64_t> look_at_once(std::uint64_t site, std::uintptr_t address) const;
    /// The thread comes to a yield. Returns: whether that ends such an iteration, and begins the next.
    bool yield_at_once(std::uint64_t site) const;

    /// The thread comes to a look in an iteration that repeats, whatever is asked of it. Returns: what it finds; nothing if
    /// the iteration does something that the last one did not do. Does not return after very many.
    std::optional<std::uint64_t> look_again(std::uint64_t site, std::uintptr_t address, std::uintptr_t caller) const;

  private:
    bool is_like_the_last() const;
    std::size_t place_of(std::uint64_t site, std::uintptr_t address) const;

    FrontEnd& front_end_;
    const KnownLoops& known_;
    const EndlessLoops& endless_;
};

}  // namespace heddle::unmodified
