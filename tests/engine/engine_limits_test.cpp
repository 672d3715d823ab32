// How large a model may be for the exhaustive engine, and what it says of one that is larger.
#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <vector>

#include <heddle/checker/model.hpp>

#include "explore.hpp"

namespace heddle::tests {
namespace {

Verdict explore(std::string_view name) { return explore_on("exhaustive", name); }

// As many threads as the engine takes, each of which waits: one wakes them all, whoever has come to wait by then.
template <Platform P, int count>
struct ManyThreads {
    static constexpr auto claim = "so many threads come to their end";
    static constexpr int threads = count;
    typename P::template atomic<FutexWord> gate{1, "gate"};
    void thread(int) { P::wait(gate, 0, Deadline::never()); }
};
template <Platform P>
struct FifteenThreads : ManyThreads<P, 15> {};
HEDDLE_MODEL(FifteenThreads);
template <Platform P>
struct SixteenThreads : ManyThreads<P, 16> {};
HEDDLE_MODEL(SixteenThreads);

TEST(EngineLimits, takes_sixteen_threads_with_the_first_one) {
    EXPECT_EQ(explore("FifteenThreads").outcome, Outcome::exhausted);
    EXPECT_EQ(explore("FifteenThreads").executions, 1U);
    const Verdict refused = explore("SixteenThreads");
    EXPECT_EQ(refused.outcome, Outcome::misuse);
    EXPECT_EQ(refused.kind, FailureKind::too_big);
    EXPECT_EQ(refused.message, "the model has 16 threads; the exhaustive engine takes 1 to 15");
}

template <Platform P>
struct FifteenSleepers {
    static constexpr auto claim = "fifteen threads may sleep on one word (until somebody wakes them)";
    static constexpr int threads = 15;
    typename P::template atomic<FutexWord> gate{0, "gate"};
    void thread(int) {
        while (P::wait(gate, 0, Deadline::never()) != WaitResult::woken) continue;
    }
};
HEDDLE_BROKEN_MODEL(FifteenSleepers, failure::deadlock);

TEST(EngineLimits, has_room_for_all_of_them_in_one_queue) {
    const Verdict verdict = explore("FifteenSleepers");
    EXPECT_TRUE(verdict.met()) << verdict.message;
    EXPECT_NE(report_of(verdict).find("thread 14 sleeps until gate is not 0"), std::string::npos) << report_of(verdict);
}

// An exploration that begins anew once in a while, since something became known: it has no more time for that.
constexpr unsigned most_executions = 400'000;
unsigned begun_executions = 0;
template <Platform P>
struct BeginsAnew {
    static constexpr auto claim = "an exploration ends (but this one only begins)";
    static constexpr int threads = 3;
    typename P::template atomic<int> count{0, "count"};
    void thread(int number) {
        constexpr unsigned period = 1000;
        if (number == 0 && ++begun_executions % period == 0 && begun_executions < most_executions)
            engine::Run::require("a new beginning").restart();
        for (int i = 0; i != 4; ++i) count.fetch_add(1, std::memory_order_relaxed);
    }
};
HEDDLE_MODEL(BeginsAnew);

TEST(EngineLimits, has_one_budget_for_all_that_begins_anew) {
    engine::Limits limits;
    limits.budget = std::chrono::duration<double>(0.02);
    EXPECT_EQ(explore_on("exhaustive", "BeginsAnew", limits).outcome, Outcome::budget_spent);
    EXPECT_LT(begun_executions, most_executions);
}

template <Platform P>
struct TooManySteps {
    static constexpr auto claim = "a thread takes any number of steps (so many that no engine follows)";
    static constexpr int threads = 1;
    typename P::template atomic<int> word{0, "word"};
    void thread(int) {
        for (int n = 0; n != 300; ++n) word.store(n, std::memory_order_relaxed);
    }
};
HEDDLE_BROKEN_MODEL(TooManySteps, failure::too_big);

template <Platform P>
struct TooMuchMemory {
    static constexpr auto claim = "a thread allocates any amount of memory (so much that no engine keeps it)";
    static constexpr int threads = 1;
    std::vector<std::vector<char>> kept;  // a compiler may leave out memory that nobody keeps
    void thread(int) {
        for (int n = 0; n != 100; ++n) kept.emplace_back(1 << 20);
    }
};
HEDDLE_BROKEN_MODEL(TooMuchMemory, failure::too_big);

TEST(EngineLimits, says_which_limit_a_model_exceeds) {
    const Verdict steps = explore("TooManySteps");
    EXPECT_TRUE(steps.met()) << report_of(steps);
    EXPECT_EQ(steps.message, "a thread did not end within 250 events");
    const Verdict memory = explore("TooMuchMemory");
    EXPECT_TRUE(memory.met()) << report_of(memory);
    EXPECT_EQ(memory.message, "a thread of the model allocates more than 64 MiB in one execution");
}

// More than the smaller sets of seq_cst events have room for. A fence asks for their order at once.
template <Platform P>
struct ManySeqCst {
    static constexpr auto claim = "any number of seq_cst events has an order";
    static constexpr int threads = 3;
    typename P::template atomic<int> words[3] = {
        typename P::template atomic<int>(0), typename P::template atomic<int>(0), typename P::template atomic<int>(0)};
    typename P::template plain<int> shared{0, "shared"};  // a model whose threads share nothing checks nothing
    void thread(int index) {
        shared.read();
        for (int n = 0; n != 100; ++n) words[index].store(n, std::memory_order_seq_cst);
        P::fence(std::memory_order_seq_cst);
    }
    void after() { check(words[2].load(std::memory_order_seq_cst) == 99); }
};
HEDDLE_MODEL(ManySeqCst);

TEST(EngineLimits, orders_any_number_of_seq_cst_events) {
    const Verdict verdict = explore("ManySeqCst");
    EXPECT_EQ(verdict.outcome, Outcome::exhausted) << verdict.message << report_of(verdict);
    EXPECT_EQ(verdict.executions, 1U);
}

}  // namespace
}  // namespace heddle::tests
