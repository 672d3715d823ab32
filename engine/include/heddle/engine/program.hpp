// What an engine explores: a few threads that share objects, made anew for each execution.
//
// ```cpp declarations
// struct Nothing : heddle::engine::Instance {
//     void thread(int) override {}
//     void after() override {}
// };
// const heddle::engine::Program program{.threads = 2, .make = [] { return std::make_unique<Nothing>(); }};
// ```
#pragma once

#include <heddle/engine/requirements.hpp>

#include <functional>
#include <memory>
#include <vector>

namespace heddle::engine {

class Adopter;

/// The program in one execution. An engine makes one on the first thread, runs its threads, then `after` on the first
/// thread again, and destroys it there. An execution that is given up half-way destroys nothing: what the instance had
/// allocated is taken back with the memory of the execution.
class Instance {
  public:
    virtual ~Instance() = default;
    /// Called by the engine, once for each index below Program::threads, each on a fiber (or thread) of its own. Requires:
    /// 0 <= index < Program::threads. Returns: nothing, at the end of the thread. Errors: what it throws fails the
    /// execution. Visibility: the construction of the instance happens-before it. Source: none.
    virtual void thread(int index) = 0;
    /// Called by the engine on the first fiber when all threads have ended. Requires: nothing. Returns: nothing. Errors: what
    /// it throws fails the execution. Visibility: all that the threads did happens-before it. Source: none.
    virtual void after() = 0;
};

/// A program, by value. The same factory is called for every execution: what it makes must depend on nothing but the
/// engine's answers, or the exploration ends as `nondeterminism`.
struct Program {
    int threads = 0;          ///< that start with the execution
    int spawned_threads = 0;  ///< how many more they may start in one execution
    unsigned spurious_wakeups =
        0;  ///< how many waits (no deadline; if adopted: value 1) may end without a wake, per thread and execution
    /// How many weak compare-exchanges may fail where a strong one would not, per thread and execution: 0 or 1.
    unsigned weak_failures = 1;
    /// How many waits with a deadline may time out, per thread and execution; what a thread does after more is cut.
    unsigned time_outs = 4;
    /// Whether what a thread frees may be handed to any thread that allocates as much, the latest first: a step each.
    bool hands_memory_on = false;
    /// Whether an execution shares nothing with what is outside of it but the variables of the executable: its threads write
    /// to no other memory than they and the instance have allocated, and after() may. Then what a thread does after it
    /// has read the same as before need not be run again.
    bool self_contained = false;
    /// Groups of threads that differ in nothing but their number, from the first thread on: how many there are in each. What
    /// holds of one execution must hold of it with their numbers exchanged, in the threads and in after(). The exhaustive engine
    /// explores one of the orders of each group.
    std::vector<int> alike;
    /// Called by the engine on the first fiber, where allocations are the program's.
    std::function<std::unique_ptr<Instance>()> make;
    Adopter* adopter = nullptr;  ///< of a program that brings its own memory along; outlives all explorations
};

}  // namespace heddle::engine
