// The keys of pthread_key_create: of the program in an execution, and those that were made outside of all executions, before
// the first one or by a library for itself.
#pragma once

#include <array>
#include <bitset>
#include <cstddef>
#include <cstdint>

#include "thread_state.hpp"

namespace heddle::unmodified {

class FrontEnd;

class ThreadKeys {
  public:
    using End = void (*)(void*);

    explicit ThreadKeys(FrontEnd& front_end) : front_end_(front_end) {}

    /// The C library has made a key, or has deleted it if `end` is null.
    static void note_outside(unsigned key, End end);

    void begin_run();
    /// Returns: false if there are too many.
    bool create(unsigned& key, End end);
    void remove(unsigned key, std::uintptr_t caller);
    /// The running thread's. Errors: fails the execution if the key is one of more than can be followed.
    void*& value_of(unsigned key, std::uintptr_t caller) { return self.specific[index_of(key, caller)]; }
    /// The running thread is the program's first one: it has the values that it had before.
    void begin_first_thread() const;
    /// The values of the running thread end. Source: POSIX.1-2017, pthread_key_create.
    void end_values();

  private:
    std::size_t index_of(unsigned key, std::uintptr_t caller) const;

    FrontEnd& front_end_;
    std::array<End, most_keys - most_keys_outside> ends_{};  // of the program's
    std::bitset<most_keys> removed_;                         // those made outside come first
    std::array<void*, most_keys_outside> first_values_{};
    unsigned made_ = 0;
};

}  // namespace heddle::unmodified
