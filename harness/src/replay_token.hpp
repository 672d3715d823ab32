// Replay tokens: a failing execution as one word.
#pragma once

#include <string>
#include <string_view>

#include <heddle/engine/exploration.hpp>

namespace heddle::harness {

/// A failing execution, written down so that it can be run again: `engine:check:search:choices~check`.
struct ReplayToken {
    std::string engine;
    std::string check;
    engine::Replay replay;

    std::string to_string() const;
    /// Errors: throws std::invalid_argument that says what is wrong with `text`.
    static ReplayToken parse(std::string_view text);
    /// The same, or the token that a file begins with: `@FILE`. Errors: also if the file cannot be read.
    static ReplayToken read(const std::string& text);
};

}  // namespace heddle::harness
