// Which memory a program has lost when it has ended: what it keeps for ever, and can still find, it has not.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "modules.hpp"

namespace heddle::unmodified {

using Blocks = std::vector<std::span<const std::byte>>;

/// Those of `blocks` that no pointer leads to from `roots`, over other blocks or not. A pointer is a whole word that is the
/// address of any byte of a block. Requires: `blocks` are sorted by where they lie, and all is readable.
Blocks lost_of(const Blocks& blocks, const std::vector<Range>& roots);

/// Those of `lost` that no pointer leads to from the others; all, if there are none such.
Blocks first_of_lost(const Blocks& lost);

}  // namespace heddle::unmodified
