// The threads of the program, and what runs at their ends.
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include <heddle/engine/adopted.hpp>

#include "modules.hpp"
#include "thread_keys.hpp"
#include "thread_state.hpp"

namespace heddle::unmodified {

class FrontEnd;

/// Threads of the program that began outside of all executions, and have not ended.
inline std::atomic<unsigned> threads_outside{0};

class Threads {
  public:
    explicit Threads(FrontEnd& front_end) : keys(front_end), front_end_(front_end) {}

    void begin_run();

    using Start = void* (*)(void*);
    /// Returns: the new thread's number. Errors: fails the execution if there are too many.
    unsigned spawn(Start start, void* argument, std::uintptr_t caller);
    /// Waits for the end of a thread. Returns: whether it has come before the deadline. Errors: fails the execution if the
    /// thread was joined or detached before.
    bool join(unsigned thread, std::chrono::nanoseconds deadline, std::uintptr_t caller);
    /// The same, without a wait.
    bool try_join(unsigned thread, const Frames& frames, std::uintptr_t caller);
    /// Of a thread that was joined.
    void* result_of(unsigned thread) const;
    void detach(unsigned thread, std::uintptr_t caller);
    /// Whether a thread of that number was started in this execution, or is the first one.
    bool exists(unsigned thread) const {
        return thread < joinable_.size() && (thread == first || joinable_[thread] != Joinable::no_thread);
    }

    /// Errors: fails the execution if no thread of that number was started, or if it was joined: its handle is of no use.
    void check_is_there(unsigned thread, std::uintptr_t caller) const;
    bool is_joined(unsigned thread) const { return joinable_[thread] == Joinable::joined; }
    bool is_detached(unsigned thread) const { return joinable_[thread] == Joinable::detached; }

    /// Whether the first thread has started no other one yet, or has seen the ends of all: what it does needs no events.
    bool is_alone() const { return is_alone_; }
    void end_alone() { is_alone_ = false; }

    /// What runs on the first thread: the test, and then what it has registered for the end of the program.
    void run_first(const std::function<void()>& body);

    void at_thread_end(AtEnd what, std::uintptr_t caller);
    void at_program_end(AtEnd what);
    /// The same, of what the program has registered before the first execution.
    void at_end_of_each_program(AtEnd what) { at_each_end_.push_back(what); }
    /// The end of the test is the end of the program, of which nothing else is left.
    void end_program_with_test() { ends_program_ = true; }

    ThreadKeys keys;

    static bool is_on_own_stack(std::uintptr_t address) { return self.stack_end - address <= most_stack_bytes; }
    /// Memory is accessed that may be on the stack of another thread, which then looks after its frames.
    /// Errors: fails the execution if it was of a function that has returned.
    void note_access(std::uintptr_t address, std::uintptr_t caller) {
        if (stacks_.holds(address) && !is_on_own_stack(address)) note_shared_stack(address, caller);
    }

    /// How a report calls memory on the stack of a thread, or of its thread_local variables; empty if it is neither.
    std::string name_of_local(std::uintptr_t address) const;

    static constexpr unsigned first = 1;  ///< the engine's number of the thread that runs the test
    // Of a megabyte; the rest is the engine's frames above them, below which the next stack may begin.
    static constexpr std::size_t most_stack_bytes = (std::size_t{1} << 20) - (std::size_t{1} << 16);

  private:
    enum class Joinable : std::uint8_t { no_thread, yes, is_waited_for, joined, detached };

    [[gnu::noinline]] void begin_thread();
    void note_shared_stack(std::uintptr_t address, std::uintptr_t caller);
    void run(Start start, void* argument, std::uint64_t started_at);
    void end_of_thread();
    engine::Object* end_of(unsigned thread);
    void claim(unsigned thread, Joinable how, std::uintptr_t caller);
    void check_is_joinable(unsigned thread, std::uintptr_t caller) const;
    void note_end(unsigned thread);
    std::string name_of_thread_local(unsigned thread, std::uintptr_t address) const;

    FrontEnd& front_end_;
    std::array<Joinable, engine::most_adopted_threads + 1> joinable_{};
    std::vector<AtEnd> at_program_end_;
    std::vector<AtEnd> at_each_end_;
    bool ends_program_ = false;
    bool is_alone_ = false;
    Range stacks_;  ///< that all stacks of this execution are in
};

}  // namespace heddle::unmodified
