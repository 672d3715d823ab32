// What is run again need not be what a failure gave: a token may be damaged, or another's.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

#include "engine/explore.hpp"
#include "harness/mutated_tokens.hpp"
#include "replay_token.hpp"

namespace heddle::tests {
namespace {

using harness::ReplayToken;

/// Small ones of several kinds: none takes long to explore when a token is none of its.
const std::vector<std::string> programs{"StackObjectOutlived", "SpinThenSleep",    "RetriesThenGivesUp",
                                        "WeakPtrDecides",      "EndsWithItsMutex", "UseThenRelease",
                                        "PlainUseThenRelaxed", "WaitsForNoNotice", "FutexWakeWithoutAFence",
                                        "LeakOfALocal",        "CountsWithLosses", "WritesAndYields"};

/// How a replay may end: as a failure with its steps, as one no more, or as none of the program.
std::string ending_of(const Verdict& verdict) {
    if (verdict.counterexample && verdict.kind) return "fails";
    if (verdict.outcome == Outcome::sampled && !verdict.kind) return "fails no more";
    if (verdict.kind == failure::nondeterminism && !verdict.counterexample) return "of another program";
    return "else";
}

class MutatedReplay : public testing::TestWithParam<std::string> {};

TEST_P(MutatedReplay, ends_in_one_of_three_ways) {
    constexpr int tokens = 50'000;
    std::vector<std::string> originals;
    for (const std::string& program : programs) {
        const Verdict verdict = explore_on(GetParam(), program);
        originals.push_back(verdict.token.empty() ? GetParam() + ":" + program + ":full:0~0" : verdict.token);
    }
    MutatedTokens mutated(originals, 1);
    std::map<std::string, int> endings;
    for (int n = 0; n != tokens; ++n) {
        const std::string text = mutated.next();
        try {
            const ReplayToken token = ReplayToken::parse(text);
            if (token.engine != GetParam() || std::ranges::find(programs, token.check) == programs.end()) continue;
            const std::string ending = ending_of(explore_on(token.engine, token.check, {.replay = token.replay}));
            ASSERT_NE(ending, "else") << text;
            ++endings[ending];
        } catch (const std::invalid_argument&) {
            ++endings["refused"];
        }
    }
    for (const char* const ending : {"fails", "of another program", "refused"})
        EXPECT_GT(endings[ending], tokens / 100) << ending << ": the tokens show little";
}

INSTANTIATE_TEST_SUITE_P(, MutatedReplay, testing::Values("exhaustive", "relacy"),
                         [](const auto& one) { return one.param; });

}  // namespace
}  // namespace heddle::tests
