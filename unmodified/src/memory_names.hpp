// How reports call memory of the program.
#pragma once

#include <cstdint>
#include <deque>
#include <string>

namespace heddle::unmodified {

class FrontEnd;

class MemoryNames {
  public:
    explicit MemoryNames(FrontEnd& front_end) : front_end_(front_end) {}

    void begin_run() { kept_.clear(); }

    /// As the message of a failure does: with what is to be known of the memory.
    std::string in_full(std::uintptr_t address);
    /// As steps do: what is to be known of it, the report's legend says.
    std::string of(std::uintptr_t address);
    /// The same, for an object that the engine will keep; null if no report will be made of this execution.
    const char* for_report(std::uintptr_t address);

  private:
    FrontEnd& front_end_;
    std::deque<std::string> kept_;
};

}  // namespace heddle::unmodified
