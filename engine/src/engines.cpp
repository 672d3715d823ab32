#include "engines.hpp"

#include <string>
#include <utility>

#include "execution/words.hpp"

namespace heddle::engine {

std::optional<Exploration> refuse_threads(const Program& program, std::string_view engine, unsigned most) {
    const int threads = program.threads + program.spawned_threads;
    if (program.threads >= 1 && std::cmp_less_equal(threads, most)) return std::nullopt;
    Exploration refused;
    refused.kind = program.threads < 1 ? FailureKind::misuse : FailureKind::too_big;
    refused.outcome = outcome_of(*refused.kind);
    refused.message = words::not_so_many_threads(threads, engine, most);
    return refused;
}

void describe_divergence(Exploration& found) {
    found.outcome = Outcome::failed;
    found.kind = FailureKind::nondeterminism;
    found.message = words::took_another_course;
}

Outcome outcome_of(FailureKind kind) {
    return kind == FailureKind::misuse || kind == FailureKind::too_big ? Outcome::misuse : Outcome::failed;
}

std::string to_string(const Search& search) {
    switch (search.kind) {
        case Search::Kind::full:
            return "full";
        case Search::Kind::context_bound:
            return "bound " + std::to_string(search.preemptions);
        case Search::Kind::random:
            return "random " + std::to_string(search.executions);
    }
    return "?";
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

}  // namespace heddle::engine
