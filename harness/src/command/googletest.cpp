#include <gtest/gtest.h>

#include <heddle/harness/command.hpp>
#include <heddle/harness/verdict.hpp>

#include "report/report.hpp"
#include "runner/peak_memory.hpp"

namespace heddle::harness {

namespace {

class CheckTest : public testing::Test {
  public:
    CheckTest(Check check, const engine::Engine& engine) : check_(std::move(check)), engine_(engine) {}

    void TestBody() override {
        Verdict verdict = run_check(check_, engine_);
        verdict.peak_bytes = peak_memory();
        std::printf("%s", table({verdict}).c_str());
        RecordProperty("executions", std::to_string(verdict.executions));
        EXPECT_TRUE(verdict.met()) << explanation(verdict, "heddle-models");
    }

  private:
    Check check_;
    const engine::Engine& engine_;
};

}  // namespace

void register_googletest() {
    for (const engine::Engine* engine : engine::engines()) {
        for (const Check& check : registered_checks()) {
            if (!check.offer(*engine).declined.empty()) continue;
            const std::string suite = std::string(engine->name()) + (check.expected ? "_broken" : "");
            testing::RegisterTest(suite.c_str(), check.name.c_str(), nullptr, nullptr, __FILE__, __LINE__,
                                  [check, engine] { return new CheckTest(check, *engine); });
        }
    }
}

}  // namespace heddle::harness
