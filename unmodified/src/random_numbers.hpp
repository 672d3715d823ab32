// Generators of the C library that a whole program shares. Every execution begins with what they were when exploring began.
#pragma once

#include <stdlib.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace heddle::unmodified {

/// That of rand() and random(): threads take its numbers in turn, under a lock that orders nothing else. Which number it is,
/// a step at a counter tells, so that each order of the threads is an execution.
class RandomNumbers {
  public:
    /// The generator of the program goes on from what it is now. Requires: called once.
    void take();
    void begin_run() { position_ = 0; }

    /// Requires: the program's code runs, and the hook has noted the frames of its caller.
    std::int32_t next(std::uintptr_t caller);
    void seed(unsigned seed, std::uintptr_t caller);

    /// Empty if it is not the address of the counter.
    std::string name_of(std::uintptr_t address) const;

  private:
    static constexpr std::size_t most_state_bytes = 256;  // of initstate(3)

    /// All numbers that follow a seed.
    class Sequence {
      public:
        Sequence() = default;
        Sequence(const Sequence&) = delete;
        Sequence& operator=(const Sequence&) = delete;
        std::int32_t at(std::size_t position);

        random_data generator{};
        std::array<char, most_state_bytes> state{};

      private:
        std::vector<std::int32_t> drawn_;
    };

    Sequence& sequence_of(std::uint64_t origin);

    static constexpr unsigned count_bits = 31;
    static constexpr std::uint64_t count_mask = (std::uint64_t{1} << count_bits) - 1;
    static constexpr std::uint64_t is_seeded = std::uint64_t{1} << 63U;

    // Low bits: numbers taken, by next(). Above them the seed, and whether seed() has set it in this execution.
    std::uint64_t position_ = 0;
    std::map<std::uint64_t, Sequence> sequences_;  ///< by what is above the count
};

extern RandomNumbers random_numbers;
/// That of drand48() and its like, which has no lock: whoever uses it accesses plain memory.
extern drand48_data numbers_of_48_bits;

}  // namespace heddle::unmodified
