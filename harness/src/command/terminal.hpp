// Standard output as a person sees it.
#pragma once

#include <cstddef>
#include <string>

namespace heddle::harness {

/// Whether standard output is a terminal, and what that one can do.
class Terminal {
  public:
    /// Asks the system and the environment: NO_COLOR, and TERM, which may be `dumb`.
    Terminal();

    /// Whether a line can be written over.
    bool can_erase() const { return can_erase_; }
    /// Columns; asked each time, since the window may have changed.
    std::size_t width() const;
    /// Lines of a table or a report with colours on what is good or bad at their beginning; as they are where none is
    /// wanted.
    std::string painted(const std::string& lines) const;

  private:
    bool can_erase_;
    bool has_colours_;
};

/// Writes all of it. What cannot be written is noticed by check_output().
void print(const std::string& text);
/// What was printed is seen.
void flush_output();
/// Errors: throws std::runtime_error if something that was printed is lost: the disk is full.
void check_output();

}  // namespace heddle::harness
