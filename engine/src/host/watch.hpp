// What would end the process, or never end, while a program under check runs: a failure of that program.
#pragma once

#include <csignal>
#include <string_view>

#include <heddle/engine/failure.hpp>
#include <heddle/engine/site.hpp>

namespace heddle::engine {

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

    /// Whether the calling code is a program's, on an engine that runs threads as fibers.
    static bool in_program() noexcept;

  private:
    class OfThread;
    // What a compiler adds to guard the stack is in thread-local storage, which may have to be put back first.
    __attribute__((no_stack_protector)) static void on_access(int signal, siginfo_t* info, void* context);
    static void on_crash(int signal, siginfo_t* info, void* context);
    static void on_tick(int signal, siginfo_t* info, void* context);

    inline static constinit thread_local OfThread* mine_ = nullptr;
};

}  // namespace heddle::engine
