// Replay tokens as text.
#include <gtest/gtest.h>

#include <stdexcept>
#include <string>

#include "harness/mutated_tokens.hpp"
#include "replay_token.hpp"

namespace heddle::harness {
namespace {

TEST(Token, that_was_mutated_is_refused_or_reads_as_what_it_says) {
    constexpr int tokens = 100'000;
    tests::MutatedTokens mutated(
        {"exhaustive:SpinThenSleep:full:00011122020202~7ec109cd", "relacy:Publish:bound0:00~9ee97cd2",
         "relacy:LostUpdate:random:01201(36)(4711)0~00000000", "exhaustive:A:full:~ffffffff"},
        1);
    int read = 0;
    for (int n = 0; n != tokens; ++n) {
        const std::string text = mutated.next();
        try {
            const ReplayToken token = ReplayToken::parse(text);
            const ReplayToken again = ReplayToken::parse(token.to_string());
            ASSERT_EQ(again.to_string(), token.to_string()) << text;
            ASSERT_EQ(again.replay.choices, token.replay.choices) << text;
            ++read;
        } catch (const std::invalid_argument& error) {
            ASSERT_NE(std::string(error.what()).find("is not a replay token"), std::string::npos) << text;
        }
    }
    EXPECT_GT(read, tokens / 20) << "what is refused at once shows little";
}

}  // namespace
}  // namespace heddle::harness
