// How reports call memory of the program.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>

#include "atomic_waits.hpp"

namespace heddle::unmodified {

class FrontEnd;

class MemoryNames {
  public:
    explicit MemoryNames(FrontEnd& front_end) : front_end_(front_end), atomic_waits_(front_end) {}

    void begin_run();
    /// An atomic of that size is accessed by that code: other memory may be named by it.
    void note_atomic(std::uintptr_t address, std::size_t size, std::uintptr_t caller);

    /// As the message of a failure does: with what is to be known of the memory.
    std::string in_full(std::uintptr_t address);
    /// As steps do: what is to be known of it, the report's legend says.
    std::string of(std::uintptr_t address);
    /// The same, for an object that the engine will keep, with words before it; null if no report will be made of this execution.
    const char* for_report(std::uintptr_t address, std::string_view before = {});

  private:
    FrontEnd& front_end_;
    AtomicWaits atomic_waits_;
    std::deque<std::string> kept_;
};

}  // namespace heddle::unmodified
