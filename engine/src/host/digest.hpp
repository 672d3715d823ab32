// What a thread has in its frames and in memory, as a number: whether it would go on as it did before.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

#include "stacks.hpp"
#include "thread_variables.hpp"

namespace heddle::engine {

/// So many iterations of a loop are asked what they leave behind: the first ones may leave traces in what no frame uses.
inline constexpr std::size_t iterations_asked = 8;

/// Adds the words to a number (FNV-1a). Requires: both are aligned as words are.
inline std::uint64_t digest(const std::byte* begin, const std::byte* end, std::uint64_t value) {
    constexpr std::uint64_t prime = 0x100000001b3;
    for (const auto* word = reinterpret_cast<const std::uint64_t*>(begin);
         word < reinterpret_cast<const std::uint64_t*>(end); ++word)
        value = (value ^ *word) * prime;
    return value;
}

/// Adds a number to a digest.
inline std::uint64_t mixed(std::uint64_t sum, std::uint64_t part) {
    constexpr std::uint64_t prime = 0x9e3779b97f4a7c15;
    sum = (sum ^ part) * prime;
    return sum ^ (sum >> 29);
}

/// Of all frames from the caller's on, and of the thread_local variables.
[[gnu::noinline]] inline std::uint64_t digest_above() {
    const auto* const begin = static_cast<const std::byte*>(__builtin_frame_address(0));
    const std::byte* const top = Stacks::top_of(begin);
    return top == nullptr ? 0 : digest(begin, top, ThreadVariables::digest(0));
}

/// Of all frames of the calling fiber, of the registers that they have left to those whom they called, and of its thread_local
/// variables. Where in its own frame those registers lie differs by machine: below what it has itself, or above.
[[gnu::noinline]] inline std::uint64_t digest_of_frames() {
    __builtin_unwind_init();           // puts those registers on the stack
    volatile std::uint64_t found = 0;  // so that its frame is there while it calls
    found = digest_above();
    return found;
}

/// What stands in memory that no function has written to yet.
enum class Paint : std::uint8_t { usual = 0, other = 0xff };

/// Overwrites what earlier calls of the caller have left behind in the room below its frame.
[[gnu::noinline]] inline void clear_below(Paint paint = Paint::usual) {
    constexpr std::size_t more_than_some_frames = 4096;
    std::byte room[more_than_some_frames];
    std::memset(room, static_cast<int>(paint), sizeof room);
    asm volatile("" : : "r"(room) : "memory");  // so that it is written
}

/// As digest_of_frames(), and what the calling function has called before makes no difference.
[[gnu::always_inline]] inline std::uint64_t digest_of_frames_alone() {
    clear_below();
    return digest_of_frames();
}

/// What frames hold, word by word, the innermost first.
using Frames = std::vector<std::uint64_t>;

/// Of all frames from the caller's on.
[[gnu::noinline]] inline void copy_above(Frames& to) {
    const auto* const begin = static_cast<const std::byte*>(__builtin_frame_address(0));
    const std::byte* const top = Stacks::top_of(begin);
    to.assign(reinterpret_cast<const std::uint64_t*>(begin),
              reinterpret_cast<const std::uint64_t*>(top == nullptr ? begin : top));
}

/// Copies what digest_of_frames() is a digest of, but for the thread_local variables.
[[gnu::noinline]] inline void copy_frames(Frames& to) {
    __builtin_unwind_init();  // as there
    copy_above(to);
    asm volatile("" ::: "memory");  // so that its frame is there while it calls
}

}  // namespace heddle::engine
