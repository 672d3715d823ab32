// Numbers that stand for a sequence of others, so that two sequences can be compared: one number for what a thread has done,
// for what it has found, for what is in memory.
#pragma once

#include <cstdint>

namespace heddle::unmodified {

/// Returns: the number for what `digest` stands for, and that part after it.
constexpr std::uint64_t mixed(std::uint64_t digest, std::uint64_t part) {
    constexpr std::uint64_t multiplier = 0x9e3779b97f4a7c15;  // 2^64 divided by the golden ratio: spreads bits
    digest = (digest ^ part) * multiplier;
    return digest ^ digest >> 29U;
}

}  // namespace heddle::unmodified
