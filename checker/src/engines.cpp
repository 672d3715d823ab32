#include "engines.hpp"

namespace heddle::checker {

const std::vector<const Engine*>& engines() {
    static const std::vector<const Engine*> all {
#if HEDDLE_WITH_FIBERS
        &exhaustive_engine(), &relacy_engine(),
#endif
            &threads_engine(),
    };
    return all;
}

}  // namespace heddle::checker
