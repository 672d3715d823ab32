// The kernel's queue of those who sleep at futexes, for programs that use more of it than the engine knows: bits that only some
// wakes have, and waiters that are moved to another word. As in the kernel, a lock protects the queue; whoever uses it is
// ordered by that lock.
#pragma once

#include <chrono>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include <heddle/engine/operation.hpp>

namespace heddle::unmodified {

class FutexQueue {
  public:
    static constexpr std::uint32_t all_bits = std::numeric_limits<std::uint32_t>::max();

    /// Whether every futex of this process is kept here: then the engine knows of none.
    bool is_in_use() const { return is_in_use_; }
    /// The exploration begins anew, with all futexes here. Does not return if they were not.
    void use();
    void begin_run() { waiters_.clear(); }

    /// Sleeps while the word holds `expected`, until a wake that has one of the bits. Returns: why it came back.
    engine::WaitOutcome wait(std::uintptr_t word, std::uint32_t expected, std::uint32_t bits,
                             std::chrono::nanoseconds deadline, std::uintptr_t caller);
    /// Lets those go who have waited longest, of those with one of the bits. Returns: how many.
    std::uint64_t wake(std::uintptr_t word, std::uint64_t most, std::uint32_t bits, std::uintptr_t caller);

    struct Requeue {
        std::uintptr_t from = 0;
        std::uintptr_t to = 0;
        std::uint64_t wakes = 0;
        std::uint64_t moves = 0;
        std::optional<std::uint32_t> expected = {};  ///< what `from` must hold
    };
    /// Lets some go, and has others wait at another word. Returns: how many they are; nullopt if the word holds another value.
    std::optional<std::uint64_t> requeue(const Requeue& what, std::uintptr_t caller);

    /// How a report calls an object of the engine that is known by this address; empty if it is none of the queue's.
    std::string name_of(std::uintptr_t address) const;

  private:
    class Locked;
    struct Waiter {
        unsigned thread = 0;
        std::uintptr_t word = 0;
        std::uint32_t bits = 0;
    };

    static std::uintptr_t sleep_of(unsigned thread);
    static engine::Object* condition_of(unsigned thread, std::uintptr_t caller);
    std::uint64_t let_go(std::uintptr_t word, std::uint64_t most, std::uint32_t bits, std::uintptr_t caller);
    /// Returns: whether the running thread still was in it.
    bool leave();

    bool is_in_use_ = false;
    std::vector<Waiter> waiters_;  ///< in this run, who has waited longest first; only read and written in the lock
};

extern FutexQueue futex_queue;

}  // namespace heddle::unmodified
