// A checksum that tells one execution's course from another's.
#pragma once

#include <cstdint>

namespace heddle::engine {

/// FNV-1a over 32-bit numbers.
class Checksum {
  public:
    void add(std::uint32_t number) { value_ = (value_ ^ number) * 16777619U; }
    std::uint32_t value() const { return value_; }

  private:
    std::uint32_t value_ = 2166136261U;
};

}  // namespace heddle::engine
