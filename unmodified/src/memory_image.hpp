// The memory that the program brings along: every execution begins with what it was when main began to explore.
#pragma once

#include <cstddef>
#include <vector>

#include "modules.hpp"

namespace heddle::unmodified {

class MemoryImage {
  public:
    /// Notes what is there now. Requires: called once.
    void take(const std::vector<Range>& ranges);
    bool is_taken() const { return is_taken_; }
    void restore() const;
    /// Where it is.
    const std::vector<Range>& ranges() const { return ranges_; }
    /// The same for memory that is not the program's, before it is first changed. Does nothing if it is noted already.
    void note(Range range);

  private:
    void add(const Range& range);

    std::vector<Range> ranges_;
    std::vector<std::byte> bytes_;
    bool is_taken_ = false;
};

}  // namespace heddle::unmodified
