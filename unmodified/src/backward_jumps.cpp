#include "backward_jumps.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstring>
#include <iterator>

namespace heddle::unmodified {

namespace {

/// A signed number in the code, which an instruction that ends behind it jumps or calls by.
template <class Number>
std::ptrdiff_t distance_at(Code code, std::size_t at) {
    Number distance = 0;
    std::memcpy(&distance, &code[at], sizeof distance);
    return distance;
}

/// Whether what ends at `end` and jumps so far, jumps backward to one of the parts.
bool leads_back(const std::vector<Code>& parts, const std::uint8_t* end, std::ptrdiff_t distance) {
    const auto to = reinterpret_cast<std::intptr_t>(end) + distance;
    return distance < 0 && std::any_of(parts.begin(), parts.end(), [to](Code part) {
               const auto begin = reinterpret_cast<std::intptr_t>(part.data());
               return to >= begin && to < begin + std::ssize(part);
           });
}

/// Instructions that move, compare or add, and tell by their next byte of what: as 7D tells of memory below a frame's top, where
/// unoptimised code puts its parameters, and jumps elsewhere.
constexpr std::array<std::uint8_t, 10> moves{0x88, 0x89, 0x8A, 0x8B, 0x8D, 0x83, 0x01, 0x03, 0x39, 0x3B};

bool is_of_move(Code code, std::size_t at) {
    return at != 0 && std::find(moves.begin(), moves.end(), code[at - 1]) != moves.end();
}

/// The same, of the jumps in one of the parts.
bool may_jump_back(const std::vector<Code>& parts, Code code) {
    constexpr std::size_t long_distance = 4;
    constexpr std::ptrdiff_t farthest_call = 1 << 24;  // what leads farther is hardly a call
    for (std::size_t at = 0; at + 1 < code.size(); ++at) {
        const bool is_short = (code[at] & 0xF0) == 0x70 || code[at] == 0xEB;  // compilers write no LOOP
        if (is_short && !is_of_move(code, at) &&
            leads_back(parts, &code[at] + 2, distance_at<std::int8_t>(code, at + 1)))
            return true;
        const bool is_conditional = code[at] == 0x0F && (code[at + 1] & 0xF0) == 0x80;
        const std::size_t distance = at + (is_conditional ? 2 : 1);
        if (distance + long_distance > code.size()) continue;
        const auto far = distance_at<std::int32_t>(code, distance);
        if ((is_conditional || code[at] == 0xE9) && leads_back(parts, &code[distance] + long_distance, far))
            return true;
        const bool calls = code[at] == 0xE8 && far < farthest_call && -far < farthest_call;
        if (calls) at += long_distance;  // whose distance is no jump, whatever it looks like
    }
    return false;
}

}  // namespace

bool may_jump_back(const std::vector<Code>& parts) {
    return std::any_of(parts.begin(), parts.end(), [&](Code part) { return may_jump_back(parts, part); });
}

}  // namespace heddle::unmodified
