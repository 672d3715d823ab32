#include <gtest/gtest.h>

#include <heddle/harness/command.hpp>
#include <heddle/engine/engine.hpp>

#include "report/output.hpp"
#include "runner/peak_memory.hpp"

namespace heddle::checker {

namespace {

class ModelTest : public testing::Test {
  public:
    ModelTest(Model model, const Engine& engine) : model_(std::move(model)), engine_(engine) {}

    void TestBody() override {
        Verdict verdict = check_model(model_, engine_, {});
        verdict.peak_bytes = peak_memory();
        std::printf("%s", table({verdict}).c_str());
        RecordProperty("executions", std::to_string(verdict.executions));
        EXPECT_TRUE(verdict.met()) << explanation(verdict, "heddle-models");
    }

  private:
    Model model_;
    const Engine& engine_;
};

}  // namespace

void register_googletest() {
    for (const Engine* engine : engines()) {
        for (const Model& model : registered_models()) {
            if (!engine->declines(model).empty()) continue;
            const std::string suite = std::string(engine->name()) + (model.expected ? "_broken" : "");
            testing::RegisterTest(suite.c_str(), model.name.c_str(), nullptr, nullptr, __FILE__, __LINE__,
                                  [model, engine] { return new ModelTest(model, *engine); });
        }
    }
}

}  // namespace heddle::checker
