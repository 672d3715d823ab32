// A place in the source. Clang 14 cannot compile libstdc++'s std::source_location; both compilers have what it is made of.
//
// ```cpp
// const auto where = [](heddle::engine::Site site = heddle::engine::Site::current()) { return site.line(); };
// EXPECT_GT(where(), 0U);  // the place of the call
// ```
#pragma once

#include <heddle/engine/requirements.hpp>

#include <cstdint>

namespace heddle::engine {

/// A file and a line of the program under check.
class Site {
  public:
    /// No place in particular. Requires: nothing. Returns: line 0. Errors: none. Visibility: none.
    constexpr Site() noexcept = default;

    /// The place of the call, as a default argument. Requires: called without arguments. Returns: file and line.
    /// Errors: none. Visibility: none. Source: C++20 std::source_location::current.
    static constexpr Site current(const char* file = __builtin_FILE(), std::uint32_t line = __builtin_LINE()) noexcept {
        return Site(file, line);
    }

    /// A place that is known otherwise. Requires: the name lives as long as the process; places are told apart by its
    /// address. Returns: file and line. Errors: none. Visibility: none. Source: none.
    constexpr Site(const char* file, std::uint32_t line) noexcept : file_(file), line_(line) {}

    /// Requires: nothing. Returns: the file as the compiler was given it; empty for no place in particular. Errors: none.
    /// Visibility: none. Source: C++20 std::source_location::file_name.
    constexpr const char* file_name() const noexcept { return file_; }
    /// Requires: nothing. Returns: the line, counted from 1; 0 for no place in particular. Errors: none. Visibility: none.
    /// Source: C++20 std::source_location::line.
    constexpr std::uint32_t line() const noexcept { return line_; }

  private:
    const char* file_ = "";
    std::uint32_t line_ = 0;
};

}  // namespace heddle::engine
