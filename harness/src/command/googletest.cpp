#include <gtest/gtest.h>

#include <cstdlib>
#include <optional>

#include <heddle/harness/command.hpp>
#include <heddle/harness/verdict.hpp>

#include "exit_status.hpp"
#include "replayed.hpp"
#include "replay_token.hpp"
#include "report/report.hpp"
#include "report/wording.hpp"
#include "runner/peak_memory.hpp"

namespace heddle::harness {

namespace {

class CheckTest : public testing::Test {
  public:
    CheckTest(const Check& check, const engine::Engine& engine) : check_(check), engine_(engine) {}

    void TestBody() override {
        engine::Limits limits;
        if (const auto token = token_of_this_test()) limits.replay = token->replay;
        Verdict verdict = run_check(check_, engine_, limits);
        if (limits.replay) {
            std::printf("%s", replayed(verdict).c_str());
            EXPECT_EQ(status_of_replay(verdict), exit_green);
            return;
        }
        verdict.peak_bytes = peak_memory();
        std::printf("%s", table({.verdicts = {verdict}}).c_str());
        RecordProperty("executions", std::to_string(verdict.executions));
        RecordProperty("blocked", std::to_string(verdict.blocked));
        RecordProperty("outcome", std::string(verdict.kind ? engine::to_string(*verdict.kind)
                                                           : engine::to_string(verdict.outcome)));
        EXPECT_TRUE(verdict.met()) << explanation(verdict, replay_command_of_test(verdict, this_program()));
    }

  private:
    /// From the environment: the program may have a command line of its own.
    std::optional<ReplayToken> token_of_this_test() const {
        const char* const text = std::getenv("HEDDLE_REPLAY");
        if (text == nullptr) return std::nullopt;
        const ReplayToken token = ReplayToken::read(text);
        if (token.check != check_.name || token.engine != engine_.name()) return std::nullopt;
        return token;
    }

    const Check& check_;
    const engine::Engine& engine_;
};

}  // namespace

void register_googletest() {
    for (const engine::Engine* engine : engine::engines()) {
        for (const Check& check : registered_checks()) {
            if (!check.offer(*engine).declined.empty()) continue;
            const std::string suite = std::string(engine->name()) + (check.expected ? "_broken" : "");
            testing::RegisterTest(suite.c_str(), check.name.c_str(), nullptr, nullptr, __FILE__, __LINE__,
                                  [&check, engine] { return new CheckTest(check, *engine); });
        }
    }
}

}  // namespace heddle::harness
