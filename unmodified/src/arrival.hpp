// Where the running thread comes to a place that may be one of a loop.
#pragma once

#include <cstdint>

#include "sites.hpp"
#include "thread_state.hpp"

namespace heddle::unmodified {

/// The running thread comes to a yield or a look.
struct Arrival {
    std::uint64_t site;    ///< its number: what a loop is known by (KnownLoops)
    const Frames& frames;  ///< as the program has them there
    std::uintptr_t caller;

    static Arrival at(const Frames& frames, std::uintptr_t caller) {
        return {Sites::number(caller, self.calls), frames, caller};
    }
};

}  // namespace heddle::unmodified
