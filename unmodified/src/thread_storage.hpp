// Thread-local storage for the threads of the program under check: that of real threads which do nothing.
#pragma once

#include <array>
#include <cstdint>

#include <heddle/engine/adopted.hpp>

#include "modules.hpp"
#include "thread_state.hpp"

namespace heddle::unmodified {

class ThreadStorage {
  public:
    /// Starts the threads that lend theirs. Requires: called once, in the process that explores: threads do not survive a
    /// fork. Errors: aborts with a message if they cannot be started.
    void open(const Modules& modules);
    bool is_open() const { return pointers_[0] != 0; }

    /// By the engine's number of a thread.
    std::uintptr_t pointer(unsigned thread) const { return pointers_[thread]; }
    ThreadState& state(unsigned thread) const { return *states_[thread]; }
    /// Where such memory of a thread is.
    Range of(unsigned thread, const ThreadLocal& memory) const {
        const std::uintptr_t begin = pointers_[thread] - memory.below;
        return {begin, begin + memory.size};
    }

    /// Makes the storage of a thread that begins what it is when a thread begins.
    void renew(unsigned thread, const Modules& modules) const;

  private:
    std::array<std::uintptr_t, engine::most_adopted_threads + 1> pointers_{};
    std::array<ThreadState*, engine::most_adopted_threads + 1> states_{};
    std::array<int*, engine::most_adopted_threads + 1> errors_{};  ///< errno
};

}  // namespace heddle::unmodified
