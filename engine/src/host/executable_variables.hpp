// The variables of the executable: what threads share beside what their execution has made.
#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <vector>

// Of the linker; a shared library has no such beginning.
// NOLINTBEGIN(bugprone-reserved-identifier,readability-identifier-naming): its names
extern "C" [[gnu::weak]] const char __data_start;
extern "C" const char _end;
// NOLINTEND(bugprone-reserved-identifier,readability-identifier-naming)

namespace heddle::engine {

/// What they held at some time.
class ExecutableVariables {
  public:
    void note() { noted_.assign(all().begin(), all().end()); }
    /// Whether one of them holds something else than when it was noted.
    bool have_changed() const { return !std::equal(noted_.begin(), noted_.end(), all().begin(), all().end()); }

  private:
    static std::span<const char> all() {
        const char* const begin = &__data_start;
        return begin == nullptr ? std::span<const char>() : std::span<const char>(begin, &_end);
    }

    std::vector<char> noted_;
};

}  // namespace heddle::engine
