// What a run has come to.
#pragma once

#include <cstddef>
#include <vector>

#include <heddle/harness/verdict.hpp>

namespace heddle::harness {

struct Results {
    std::vector<Verdict> verdicts;
    std::size_t not_run = 0;  ///< checks that were selected, and that the run ended without

    /// Whether something was checked, nothing left out, and every expectation met.
    bool are_green() const;
    std::size_t met() const;
};

}  // namespace heddle::harness
