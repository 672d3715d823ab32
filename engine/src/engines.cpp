#include "engines.hpp"

#include <utility>

#include <fmt/format.h>

namespace heddle::checker {

std::optional<Verdict> refuse_threads(const Model& model, std::string_view engine, unsigned most) {
    const int threads = model.threads + model.dynamic_threads;
    if (model.threads >= 1 && std::cmp_less_equal(threads, most)) return std::nullopt;
    Verdict verdict;
    verdict.kind = model.threads < 1 ? FailureKind::misuse : FailureKind::too_big;
    verdict.outcome = outcome_of(*verdict.kind);
    verdict.message = fmt::format("the model has {} threads; {} takes 1 to {}", threads, engine, most);
    return verdict;
}

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
