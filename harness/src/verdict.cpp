#include <heddle/harness/verdict.hpp>

#include <algorithm>
#include <chrono>
#include <ctime>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "replay_token.hpp"
#include "verdict_of.hpp"

namespace heddle::harness {

using engine::Outcome;

namespace {

/// What this process has had of processors.
double processor_seconds() {
    timespec used{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
    return static_cast<double>(used.tv_sec) + static_cast<double>(used.tv_nsec) * 1e-9;
}

std::string still_to_come(const engine::Exploration& found) {
    std::string text = "the search did not end within its budget";
    if (found.explored > 0)
        text += fmt::format("; as it looks, {:.2g} % is explored, of about {:.2g} executions", 100 * found.explored,
                            static_cast<double>(found.executions) / found.explored);
    return text + "; give it more time (--budget), or the model fewer threads and operations";
}

/// Real threads leave no trace of what they did: the same failure on the engine that visits every execution has one.
void look_for_steps(Verdict& verdict, const Check& check) {
    constexpr std::chrono::seconds budget{5};
    for (const engine::Engine* const engine : engine::engines()) {
        if (engine->name() != "exhaustive" || !check.offer(*engine).declined.empty()) continue;
        engine::Exploration found = engine->explore(check.offer(*engine).program, {.budget = budget});
        if (found.kind != verdict.kind || !found.counterexample) {
            verdict.message += "; the exhaustive engine does not show how";
            continue;
        }
        verdict.message += "; the exhaustive engine shows how";
        verdict.counterexample = std::move(found.counterexample);
        verdict.token = ReplayToken{std::string(engine->name()), check.name, *found.replay}.to_string();
    }
}

/// Whether a failure is at that check, of that object, or of threads of which one waits for it.
bool is_at(const Verdict& verdict, const std::string& place) {
    if (verdict.message.find(place) != std::string::npos) return true;
    if (!verdict.counterexample) return false;
    return std::ranges::any_of(verdict.counterexample->steps, [&](const engine::Counterexample::Step& step) {
        if (step.finished || !step.object) return false;
        const std::string& name = verdict.counterexample->objects[*step.object].name;
        return name.substr(0, name.find('#')) == place;  // of several of a name it may be any
    });
}

}  // namespace

bool Verdict::met() const {
    // What a program exceeds may have kept every execution from its end; otherwise it has not been run.
    if (executions == 0 && kind != engine::FailureKind::too_big) return false;
    if (expected) {
        return kind == expected && (outcome == Outcome::failed || outcome == Outcome::misuse) &&
               (fails_at.empty() || std::ranges::any_of(fails_at, [this](const auto& at) { return is_at(*this, at); }));
    }
    return outcome == Outcome::exhausted || (outcome == Outcome::sampled && declared_sampled);
}

Verdict verdict_of(const Check& check, const engine::Engine& engine, const engine::Limits& limits) {
    Verdict verdict;
    verdict.name = check.name;
    verdict.claim = check.claim;
    verdict.engine = engine.name();
    verdict.search = engine.search(limits);
    const Offer& offer = check.offer(engine);
    verdict.bounds = engine.bounds(offer.program, limits);
    if (!offer.bounds.empty()) verdict.bounds += ", " + offer.bounds;
    verdict.expected = check.expected;
    verdict.fails_at = check.fails_at;
    return verdict;
}

Verdict run_check(const Check& check, const engine::Engine& engine, engine::Limits limits) {
    const double start = processor_seconds();
    limits.search = check.search;
    Verdict verdict = verdict_of(check, engine, limits);
    static_cast<engine::Exploration&>(verdict) = engine.explore(check.offer(engine).program, limits);
    verdict.seconds = processor_seconds() - start;
    if (verdict.turns_in_vain != 0) verdict.bounds += fmt::format(", {} turns in vain left out", verdict.turns_in_vain);
    if (verdict.runs_replaced != 0)
        verdict.bounds += fmt::format(", {} runs replaced by what is known of the threads", verdict.runs_replaced);
    if (verdict.permutations != 1)
        verdict.bounds += fmt::format(", threads alike: one of {} permutations explored, for {} executions in all",
                                      verdict.permutations, verdict.stands_for);
    if (verdict.replay) verdict.token = ReplayToken{verdict.engine, check.name, *verdict.replay}.to_string();
    if (verdict.kind && verdict.engine == "threads") look_for_steps(verdict, check);
    if (verdict.outcome == Outcome::budget_spent) verdict.message = still_to_come(verdict);
    if (verdict.executions == 0 && verdict.outcome != Outcome::misuse) {
        verdict.outcome = Outcome::harness_error;
        if (verdict.message.empty()) verdict.message = "not one execution was explored";
    }
    return verdict;
}

}  // namespace heddle::harness
