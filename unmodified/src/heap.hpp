// The memory that the program allocates in an execution.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <utility>

#include <heddle/engine/site.hpp>

namespace heddle::unmodified {

class FrontEnd;

class Heap {
  public:
    explicit Heap(FrontEnd& front_end) : front_end_(front_end) {}

    void begin_exploration() { numbers_.clear(); }
    void begin_run();

    /// Memory for whoever calls: for the program, if its code runs, and kept apart from that of the libraries' own.
    /// Requires: `alignment` is a power of two. Returns: null if there is none. `initialised`: the caller will fill it.
    void* allocate(std::size_t size, std::size_t alignment, bool initialised, std::uintptr_t caller);
    /// Gives back what allocate() has given, or the C library. Errors: fails the execution if the memory may still be used.
    void release(void* memory, std::uintptr_t caller);
    /// Whether it is not the C library's.
    bool owns(const void* memory) const;
    /// Requires: owns(memory).
    std::size_t size_of(const void* memory) const;

    /// How a report calls memory that was allocated in an execution that is recorded, "heap#1+4"; empty if it was not. The
    /// report's legend explains it.
    std::string name_of(std::uintptr_t address);
    /// The same, with the explanation: for what is read alone.
    std::string name_in_full(std::uintptr_t address);
    /// Where that memory was allocated; no place in particular if it was not.
    engine::Site site_of(std::uintptr_t address);

  private:
    struct Block {
        std::size_t size = 0;
        unsigned thread = 0;
        engine::Site site;
        unsigned generation = 0;  ///< of the blocks at its address
        bool is_explained = false;
    };

    /// The block that has the address, and where it begins; null if there is none.
    Block* block_at(std::uintptr_t address, std::uintptr_t& begin);
    static std::string text_of(const Block& block);

    FrontEnd& front_end_;
    std::map<std::uintptr_t, Block> blocks_;  // in an execution that is recorded
    /// Of blocks, by where they begin and their generation: the same in all executions that are recorded.
    std::map<std::pair<std::uintptr_t, unsigned>, std::size_t> numbers_;
};

}  // namespace heddle::unmodified
