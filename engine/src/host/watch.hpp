// What would end the process, or never end, while a program under check runs: a failure of that program.
#pragma once

#include <csetjmp>
#include <csignal>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include <heddle/engine/failure.hpp>
#include <heddle/engine/site.hpp>

namespace heddle::engine {

class Adopter;

/// Signals of crashes, and a clock that finds executions which go on without a step.
///
/// A crash ends the execution from within the handler of the signal, which leaves its own stack for the engine's fiber and
/// is not returned to; nothing is unwound, as with any failure. A crash of heddle itself goes where it went before.
class Watch {
  public:
    /// Called by an engine on each OS thread that is to run programs. Has an effect once for each thread.
    static void begin();

    /// An execution begins on the calling thread.
    static void execution_begins() noexcept;

    /// Ends the execution that the calling code is part of, on whichever engine. Returns if it is part of none.
    static void fail_program(FailureKind kind, std::string_view message, Site site = {});

    /// Of a program that has crashed on the one thread of an engine: where each call that it was in returns to, the innermost
    /// first, and what is a byte past the instruction before those. Empty if the execution has not crashed.
    static std::span<const std::uintptr_t> calls_of_crash() noexcept;

    /// Of a crash: how a program is told that wrote beyond the end of an array on its stack.
    static constexpr std::string_view has_overwritten_its_stack =
        "the program has overwritten its stack: it wrote beyond the end of an array there, or through a stale pointer";

    /// Calls `look`, which reads memory that the program may have ruined, and leaves it where that cannot be read.
    /// Requires: what `look` does need not be undone. Returns: whether it came to its end.
    template <class Look>
    static bool reads(const Look& look);

    /// Whose program crashes from now on; null: nobody's that has to know.
    static void tell(Adopter* adopter) noexcept { adopter_ = adopter; }

    /// Whether the calling code is a program's, on an engine that runs threads as fibers.
    static bool in_program() noexcept;

  private:
    class OfThread;
    // What a compiler adds to guard the stack is in thread-local storage, which may have to be put back first.
    __attribute__((no_stack_protector)) static void on_access(int signal, siginfo_t* info, void* context);
    static void on_crash(int signal, siginfo_t* info, void* context);
    static std::string describe_crash(int signal, const siginfo_t& info, const void* context);
    static void on_tick(int signal, siginfo_t* info, void* context);

    static void leave_program() noexcept;

    inline static constinit Adopter* adopter_ = nullptr;
    inline static constinit thread_local OfThread* mine_ = nullptr;
    inline static constinit thread_local sigjmp_buf* unreadable_ = nullptr;  ///< where reads() goes on
};

template <class Look>
bool Watch::reads(const Look& look) {
    sigjmp_buf here;
    sigjmp_buf* const before = unreadable_;
    const bool has_come_back = sigsetjmp(here, 0) != 0;
    if (!has_come_back) {
        unreadable_ = &here;
        look();
    }
    unreadable_ = before;
    return !has_come_back;
}

}  // namespace heddle::engine
