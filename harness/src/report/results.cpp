#include "results.hpp"

#include <algorithm>

namespace heddle::harness {

std::size_t Results::met() const {
    return static_cast<std::size_t>(
        std::count_if(verdicts.begin(), verdicts.end(), [](const Verdict& verdict) { return verdict.met(); }));
}

bool Results::are_green() const { return !verdicts.empty() && met() == verdicts.size() && not_run == 0; }

}  // namespace heddle::harness
