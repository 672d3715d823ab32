// The memory that the program allocates in an execution.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>

#include <heddle/engine/site.hpp>

namespace heddle::unmodified {

class FrontEnd;

class Heap {
  public:
    explicit Heap(FrontEnd& front_end) : front_end_(front_end) {}

    void begin_run() { blocks_.clear(); }

    /// Memory for whoever calls: for the program, if its code runs, and kept apart from that of the libraries' own.
    /// Requires: `alignment` is a power of two. Returns: null if there is none. `initialised`: the caller will fill it.
    void* allocate(std::size_t size, std::size_t alignment, bool initialised, std::uintptr_t caller);
    /// Gives back what allocate() has given, or the C library. Errors: fails the execution if the memory may still be used.
    void release(void* memory, std::uintptr_t caller);
    /// Whether it is not the C library's.
    bool owns(const void* memory) const;
    /// Requires: owns(memory).
    std::size_t size_of(const void* memory) const;

    /// How a report calls memory that was allocated in an execution that is recorded; empty if it was not.
    std::string name_of(std::uintptr_t address) const;

  private:
    struct Block {
        std::size_t size;
        unsigned thread;
        engine::Site site;
    };

    FrontEnd& front_end_;
    std::map<std::uintptr_t, Block> blocks_;  // in an execution that is recorded
};

}  // namespace heddle::unmodified
