// Whether machine code of x86-64 may have a loop, without knowing where its instructions begin.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace heddle::unmodified {

using Code = std::span<const std::uint8_t>;

/// `parts`: the code, as it lies in memory. Returns: false if, in all likelihood, no jump in it leads back in it. A table of jumps
/// is not looked into; what only looks like a jump may be taken for one.
bool may_jump_back(const std::vector<Code>& parts);

}  // namespace heddle::unmodified
