// What two steps of different threads do to be ordered, where nothing leads from one to the other.
#pragma once

#include <cstddef>
#include <string>

#include "trace.hpp"

namespace heddle::harness {

/// Which locks their threads hold there, if any; or what one of them acquires before, and goes on with; or that neither
/// does anything. Requires: the steps are of two threads, and no path of writes and reads leads from one to the other.
std::string nothing_waits(const Trace& trace, std::size_t earlier, std::size_t later);

}  // namespace heddle::harness
