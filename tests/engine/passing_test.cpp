// The execution that passes and is most like the one that fails.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include <heddle/checker/model.hpp>
#include <heddle/engine/engine.hpp>

#include "explore.hpp"

namespace heddle::tests {
namespace {

using engine::Counterexample;
using engine::OperationKind;

class Passing : public testing::TestWithParam<const char*> {
  protected:
    Verdict explore(std::string_view model, bool asks = true) const {
        engine::Limits limits;
        limits.asks_passing = asks;
        return explore_on(GetParam(), model, limits);
    }
};

std::string read_in(const Counterexample& execution) {
    const auto load = std::find_if(execution.steps.begin(), execution.steps.end(),
                                   [](const auto& step) { return step.kind == OperationKind::load; });
    return load == execution.steps.end() ? "none" : load->read;
}

template <Platform P>
struct ReadsNoStore {
    static constexpr auto claim = "a load never reads the store of another thread";
    static constexpr int threads = 2;
    typename P::template atomic<int> word{0, "word"};
    void thread(int index) {
        if (index == 0) word.store(1, std::memory_order_relaxed);
        else check(word.load(std::memory_order_relaxed) == 0);
    }
};
HEDDLE_BROKEN_MODEL(ReadsNoStore, failure::assertion);

TEST_P(Passing, has_another_outcome_where_it_differs) {
    const Verdict verdict = explore("ReadsNoStore");
    ASSERT_TRUE(verdict.counterexample && verdict.passing);
    EXPECT_EQ(read_in(*verdict.counterexample), "1");
    EXPECT_EQ(read_in(*verdict.passing), "0");
}

TEST_P(Passing, is_looked_for_only_if_asked) { EXPECT_FALSE(explore("ReadsNoStore", false).passing); }

template <Platform P>
struct HoldsNever {
    static constexpr auto claim = "what two threads have stored is nothing";
    static constexpr int threads = 2;
    typename P::template atomic<int> word{0, "word"};
    void thread(int /*index*/) { word.store(1, std::memory_order_relaxed); }
    void after() { check(word.load(std::memory_order_relaxed) == 0); }
};
HEDDLE_BROKEN_MODEL(HoldsNever, failure::assertion);

TEST_P(Passing, is_none_where_all_executions_fail) {
    const Verdict verdict = explore("HoldsNever");
    EXPECT_TRUE(verdict.counterexample);
    EXPECT_FALSE(verdict.passing);
}

INSTANTIATE_TEST_SUITE_P(Engines, Passing, testing::Values("exhaustive", "relacy"),
                         [](const auto& engine) { return std::string(engine.param); });

}  // namespace
}  // namespace heddle::tests
