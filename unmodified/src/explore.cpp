// Explorations in the middle of a program, as a test of any framework.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string>

#include <fmt/format.h>

#include <heddle/unmodified.hpp>

#include "front_end.hpp"
#include "offer.hpp"
#include "options.hpp"
#include "real.hpp"
#include "replay_token.hpp"
#include "report/report.hpp"
#include "runner/runner.hpp"

namespace heddle::unmodified {

namespace {

const engine::Engine& exhaustive_engine() {
    const auto& all = engine::engines();
    return **std::find_if(all.begin(), all.end(),
                          [](const engine::Engine* one) { return one->name() == "exhaustive"; });
}

}  // namespace

const char* explore(void (*body)(void*), void* argument, const ExploreLimits& limits) {
    static std::string report;
    if (const std::string& objection = front_end->modules.objection(); !objection.empty())
        return (report = "this program cannot be explored: " + objection).c_str();
    if (self.in_program)
        front_end->fail(engine::FailureKind::misuse, HEDDLE_CALLER, "an exploration in an exploration");
    options = {.strict_library = limits.strict_library,
               .time_outs = limits.time_outs,
               .weak_failures = limits.weak_failures,
               .spin = limits.spin};
    harness::Check check{.name = limits.name, .claim = "every execution ends as it should"};
    check.offers.emplace("exhaustive", offer_of([body, argument] { body(argument); }));
    harness::RunnerOptions asked;
    asked.explore.budget = std::chrono::duration<double>(limits.seconds);
    if (const char* const token = std::getenv("HEDDLE_REPLAY"))
        if (const auto parsed = harness::ReplayToken::parse(token); parsed.check == limits.name)
            asked.explore.replay = parsed.replay;
    harness::Verdict verdict = harness::run_jobs({{check, &exhaustive_engine()}}, asked).front();
    if (verdict.met()) return nullptr;
    const std::string token = std::exchange(verdict.token, "");
    report = harness::explanation(verdict, "");
    if (!token.empty()) report += fmt::format("  run it again:  set HEDDLE_REPLAY='{}' for this test\n", token);
    return report.c_str();
}

}  // namespace heddle::unmodified

HEDDLE_HOOK int __tsan_simulate(void (*callback)(void*), void* argument) {
    constexpr int exit_of_sanitizer = 66;
    const char* const report = heddle::unmodified::explore(callback, argument, {.name = "simulate"});
    if (report == nullptr) return 0;
    std::fputs(report, stderr);
    std::_Exit(exit_of_sanitizer);
}
