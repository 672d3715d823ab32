// A failure in one sentence, with the edge that is missing.
#pragma once

#include <string>

#include "trace.hpp"

namespace heddle::harness {

/// "thread 0 writes inside in step 3 and thread 1 reads it in step 6, but nothing orders the two: ..."
std::string headline(const Trace& trace);

}  // namespace heddle::harness
