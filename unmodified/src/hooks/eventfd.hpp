// Counters that the kernel keeps behind file descriptors: threads wait there, too.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

#include <heddle/engine/adopted.hpp>

namespace heddle::unmodified {

class EventCounters {
  public:
    /// Forgets those of the last execution.
    void begin_run();
    /// A new one. Returns: its file descriptor; -1 if the running thread has made as many as it may.
    int create(std::uint64_t count, int flags);
    /// Whether a file descriptor is one of these.
    static bool has(int descriptor);
    // As eventfd(2) has them. Returns: the bytes read or written; -1, with errno set. Requires: has(descriptor).
    long read(int descriptor, void* memory, std::size_t size, std::uintptr_t caller);
    long write(int descriptor, const void* memory, std::size_t size, std::uintptr_t caller);
    int close(int descriptor, std::uintptr_t caller);

    /// How a report calls an object of the engine that is known by this address; empty if it is none of these.
    std::string name_of(std::uintptr_t address) const;

  private:
    struct Counter {
        std::uint64_t count = 0;
        int flags = 0;
        bool is_open = false;
    };
    static_assert(sizeof(Counter) >= 16, "the engine knows it by its address, and by that 8 bytes after it");
    static constexpr unsigned most_of_a_thread = 16;

    static std::uint32_t has_any(const Counter& counter);
    Counter& open_one(int descriptor, std::uintptr_t caller);

    std::array<std::array<Counter, most_of_a_thread>, engine::most_adopted_threads + 1>
        counters_{};  ///< by who made them
    std::array<unsigned, engine::most_adopted_threads + 1> made_{};
};

extern EventCounters event_counters;

}  // namespace heddle::unmodified
