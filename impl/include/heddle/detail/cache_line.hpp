// What processors pass to each other at once.
#pragma once

#include <heddle/platform/requirements.hpp>

#include <cstddef>

namespace heddle::detail {

/// Bytes of a cache line on the processors that heddle is measured on. Data of two threads that should not disturb each other
/// lie so far apart, and what is to move together fits into it. (std::hardware_destructive_interference_size would make the
/// layout depend on the compiler's flags, of which GCC warns.)
inline constexpr std::size_t cache_line = 64;

}  // namespace heddle::detail
