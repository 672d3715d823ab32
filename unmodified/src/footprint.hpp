// What a thread leaves behind while it goes round a loop: whether it is, at the end of an iteration, what it was at its
// beginning.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <heddle/engine/adopted.hpp>

#include "thread_state.hpp"

namespace heddle::unmodified {

class FrontEnd;

class Footprint {
  public:
    /// An iteration begins. Requires: the running thread is the one whose frames those are.
    void begin(const Frames& frames);
    /// The thread is about to write plain memory.
    void before_write(std::uintptr_t address, std::size_t size);
    /// It does something else that tells this iteration from the last one.
    void leave() { is_left_ = true; }

    /// Whether anything in memory, in the frames or in the registers is not what it was when the iteration began.
    bool is_left(const Frames& frames) const;
    /// Whether anything outside of the frames is not.
    bool has_changed_memory() const;

  private:
    struct Before {
        std::uintptr_t address;
        std::uint8_t size;
        std::array<std::byte, 16> bytes;
    };

    std::size_t bytes_of_new_frames(const Frames& frames) const;

    Frames frames_;
    std::uint64_t entered_ = 0;  ///< functions, until the iteration began
    std::vector<std::byte> stack_;
    std::vector<Before> written_;  ///< since, and what was there
    bool is_left_ = false;
};

/// One for each thread.
class Footprints {
  public:
    explicit Footprints(FrontEnd& front_end) : front_end_(front_end) {}

    Footprint& of_running();

  private:
    FrontEnd& front_end_;
    std::array<Footprint, engine::most_adopted_threads + 1> by_thread_;
};

}  // namespace heddle::unmodified
