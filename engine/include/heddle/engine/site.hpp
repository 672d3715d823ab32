// A place in the source. Clang 14 cannot compile libstdc++'s std::source_location; both compilers have what it is made of.
#pragma once

#include <cstdint>

namespace heddle::checker {

class Site {
  public:
    /// No place in particular: line 0.
    constexpr Site() noexcept = default;

    /// As a default argument: the place of the call. Requires: called without arguments.
    static constexpr Site current(const char* file = __builtin_FILE(), std::uint32_t line = __builtin_LINE()) noexcept {
        return Site(file, line);
    }

    constexpr const char* file_name() const noexcept { return file_; }
    constexpr std::uint32_t line() const noexcept { return line_; }

  private:
    constexpr Site(const char* file, std::uint32_t line) noexcept : file_(file), line_(line) {}

    const char* file_ = "";
    std::uint32_t line_ = 0;
};

}  // namespace heddle::checker
