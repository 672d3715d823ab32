#include "engines.hpp"

#include <string>
#include <utility>

#include <heddle/engine/debug_information.hpp>

#include "execution/call_sites.hpp"
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

std::string objects_seen(const Program& program) { return program.adopter != nullptr ? "" : "checked objects only, "; }

std::string without_cause(const Program& program) {
    return "spurious <= " + std::to_string(program.spurious_wakeups) +
           ", weak failures <= " + std::to_string(program.weak_failures);
}

void describe_divergence(Exploration& found) {
    found.outcome = Outcome::failed;
    found.kind = FailureKind::nondeterminism;
    found.message = words::took_another_course;
}

void describe_end_of_failure(Exploration& found) {
    found.outcome = Outcome::sampled;
    found.declared_sampled = true;
    found.message = words::fails_no_more;
}

void describe_other_program(Exploration& found) {
    found.outcome = Outcome::misuse;
    found.kind = FailureKind::nondeterminism;
    found.message = words::of_another_program;
}

void refuse_if_nothing_was_checked(Exploration& found, const Program& program, const Execution& execution) {
    const bool is_green = found.outcome == Outcome::exhausted || found.outcome == Outcome::sampled;
    if (is_green && found.executions == 0 && !found.cut.empty()) {
        found.kind = FailureKind::too_big;
        found.outcome = outcome_of(*found.kind);
        found.message = words::none_came_to_its_end(found.cut.front());
    }
    if (program.adopter != nullptr) return;  // its front end sees ordinary memory, too
    const bool is_concurrent = program.threads + program.spawned_threads > 1;
    if (!is_green || found.kind || !is_concurrent || execution.is_anything_shared()) return;
    found.kind = FailureKind::nothing_checked;
    found.outcome = outcome_of(*found.kind);
    found.message =
        "nothing was checked: no two threads met at an object that an engine sees; it sees P::atomic, P::plain, "
        "P::region "
        "and what is built of them, and neither ordinary variables nor std::atomic, std::mutex and std::thread";
}

Outcome outcome_of(FailureKind kind) {
    const bool is_misuse =
        kind == FailureKind::misuse || kind == FailureKind::too_big || kind == FailureKind::nothing_checked;
    return is_misuse ? Outcome::misuse : Outcome::failed;
}

std::string to_string(const Search& search) {
    switch (search.kind) {
        case Search::Kind::deepening:
            return "deepening";
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
    static const std::vector<const Engine*> all{
#ifndef HEDDLE_WITHOUT_FIBERS
        &exhaustive_engine(),
        &relacy_engine(),
#endif
        &threads_engine(),
    };
    return all;
}

void read_debug_information() {
#ifndef HEDDLE_WITHOUT_FIBERS
    learn_call_sites();  // real threads have no steps to tell of
#endif
}

}  // namespace heddle::engine
