// How many executions Relacy explores where they can be counted by hand.
#include <gtest/gtest.h>

#include <array>
#include <string>
#include <thread>

#include <heddle/engine/engine.hpp>
#include <heddle/checker/model.hpp>

#include "explore.hpp"

namespace heddle::tests {
namespace {

Verdict explore(std::string_view name, const engine::Limits& options = {}) {
    return explore_on("relacy", name, options);
}

// Relacy asks which thread begins, and before each operation which thread goes on. If A begins: A goes on and then
// B runs (1); or B is chosen, and asks before its operation: A first (1), or B first (1). The same if B begins: 6.
template <Platform P>
struct TwoIncrements {
    static constexpr auto claim = "two increments add up";
    static constexpr int threads = 2;
    typename P::template atomic<int> sum{0, "sum"};
    void thread(int) { sum.fetch_add(1, std::memory_order_relaxed); }
    void after() { check(sum.load(std::memory_order_relaxed) == 2); }
};
HEDDLE_MODEL(TwoIncrements);

TEST(RelacyEngine, explores_two_increments_in_six_executions) {
    const Verdict verdict = explore("TwoIncrements");
    EXPECT_EQ(verdict.outcome, Outcome::exhausted);
    EXPECT_EQ(verdict.executions, 6U);
    EXPECT_TRUE(verdict.met());
}

// Relacy runs what comes before the threads and after them on the fiber of any thread.
template <Platform P>
struct BegunAndEndedByMain {
    static constexpr auto claim = "what is constructed, and what comes after the threads, runs in the main thread";
    static constexpr int threads = 3;
    typename P::template atomic<int> sum{0, "sum"};
    BegunAndEndedByMain() { check(P::is_main_thread(), "the main thread constructs it"); }
    void thread(int) { sum.fetch_add(1, std::memory_order_relaxed); }
    void after() { check(P::is_main_thread(), "the main thread goes on after all others"); }
};
HEDDLE_MODEL(BegunAndEndedByMain);

TEST(RelacyEngine, is_in_the_main_thread_before_the_threads_and_after) {
    EXPECT_TRUE(explore("BegunAndEndedByMain").met());
    EXPECT_TRUE(explore_on("exhaustive", "BegunAndEndedByMain").met());
}

// Without preemptions a thread that began runs to its end: A then B, or B then A.
template <Platform P>
struct TwoIncrementsUnpreempted : TwoIncrements<P> {
    static constexpr auto search = context_bound(0);
};
HEDDLE_MODEL(TwoIncrementsUnpreempted);

TEST(RelacyEngine, explores_two_unpreempted_increments_in_two_executions) {
    EXPECT_EQ(explore("TwoIncrementsUnpreempted").executions, 2U);
}

// The six interleavings of two increments; in the three in which the load comes after the store it may read the
// latest store or the one before: 3 + 2 * 3.
template <Platform P>
struct StaleLoad {
    static constexpr auto claim = "a relaxed load may read a store that is not the latest";
    static constexpr int threads = 2;
    typename P::template atomic<int> word{0, "word"};
    void thread(int index) {
        if (index == 0) word.store(1, std::memory_order_relaxed);
        else word.load(std::memory_order_relaxed);
    }
};
HEDDLE_MODEL(StaleLoad);

TEST(RelacyEngine, explores_a_load_of_the_latest_store_and_of_the_one_before) {
    EXPECT_EQ(explore("StaleLoad").executions, 9U);
}

// A weak compare-exchange that could succeed may fail once.
template <Platform P>
struct WeakCompareExchange {
    static constexpr auto claim = "a weak compare-exchange may fail without cause";
    static constexpr int threads = 1;
    typename P::template atomic<int> word{0, "word"};
    void thread(int) {
        int expected = 0;
        word.compare_exchange_weak(expected, 1, std::memory_order_relaxed, std::memory_order_relaxed);
        check(expected == 0);
    }
};
HEDDLE_MODEL(WeakCompareExchange);

TEST(RelacyEngine, explores_both_outcomes_of_a_weak_compare_exchange) {
    EXPECT_EQ(explore("WeakCompareExchange").executions, 2U);
}

// Small types wrap around in their own width.
template <Platform P>
struct Wraps {
    static constexpr auto claim = "arithmetic wraps in the width of its type";
    static constexpr int threads = 1;
    typename P::template atomic<std::uint8_t> small{255, "small"};
    typename P::template atomic<std::int32_t> negative{-1, "negative"};
    typename P::template atomic<std::uint64_t> large{~std::uint64_t{0}, "large"};
    void thread(int) {
        check(small.fetch_add(1, std::memory_order_relaxed) == 255);
        check(small.load(std::memory_order_relaxed) == 0);
        check(negative.fetch_sub(1, std::memory_order_relaxed) == -1);
        check(negative.load(std::memory_order_relaxed) == -2);
        check(large.fetch_add(1, std::memory_order_relaxed) == ~std::uint64_t{0});
        check(large.load(std::memory_order_relaxed) == 0);
    }
};
HEDDLE_MODEL(Wraps);

TEST(RelacyEngine, computes_in_the_width_of_the_type) { EXPECT_TRUE(explore("Wraps").met()); }

// Store buffering with seq_cst fences: at least one thread sees the other's store.
template <Platform P, std::memory_order order>
struct StoreBuffering {
    static constexpr auto claim = "fences forbid that neither thread sees the other's store";
    static constexpr int threads = 2;
    typename P::template atomic<int> x{0, "x"};
    typename P::template atomic<int> y{0, "y"};
    typename P::template plain<int> seen_by_first{1, "seen_by_first"};
    typename P::template plain<int> seen_by_second{1, "seen_by_second"};
    void thread(int index) {
        auto& mine = index == 0 ? x : y;
        auto& other = index == 0 ? y : x;
        mine.store(1, std::memory_order_relaxed);
        P::fence(order);
        (index == 0 ? seen_by_first : seen_by_second).write(other.load(std::memory_order_relaxed));
    }
    void after() { check(seen_by_first.read() + seen_by_second.read() != 0, "one of them sees the other"); }
};
template <Platform P>
struct StoreBufferingFenced : StoreBuffering<P, std::memory_order_seq_cst> {};
HEDDLE_MODEL(StoreBufferingFenced);
template <Platform P>
struct StoreBufferingUnfenced : StoreBuffering<P, std::memory_order_acq_rel> {};
HEDDLE_BROKEN_MODEL(StoreBufferingUnfenced, failure::assertion);

TEST(RelacyEngine, tells_seq_cst_fences_from_weaker_ones) {
    EXPECT_TRUE(explore("StoreBufferingFenced").met());
    EXPECT_TRUE(explore("StoreBufferingUnfenced").met());
}

TEST(RelacyEngine, may_be_asked_from_two_threads_at_once) {
    Verdict first;
    Verdict second;
    {
        std::jthread a([&] { first = explore("TwoIncrements"); });
        std::jthread b([&] { second = explore("StaleLoad"); });
    }
    EXPECT_EQ(first.executions, 6U);
    EXPECT_EQ(second.executions, 9U);
}

TEST(RelacyEngine, stops_when_its_budget_is_spent) {
    engine::Limits options;
    options.budget = std::chrono::duration<double>(1e-9);
    const Verdict verdict = explore("EightWriters", options);
    EXPECT_EQ(verdict.outcome, Outcome::budget_spent);
    EXPECT_GT(verdict.executions, 0U);
    EXPECT_FALSE(verdict.met());
}
template <Platform P>
struct EightWriters {
    static constexpr auto claim = "too many interleavings to list";
    static constexpr int threads = 4;
    typename P::template atomic<int> word{0, "word"};
    void thread(int index) {
        for (int n = 0; n != 8; ++n) word.store(index, std::memory_order_relaxed);
    }
};
HEDDLE_MODEL(EightWriters);

TEST(FailureKind, has_a_name_for_each_and_no_other) {
    for (int n = 0; n <= static_cast<int>(FailureKind::nondeterminism); ++n) {
        const auto kind = static_cast<FailureKind>(n);
        EXPECT_EQ(engine::failure_kind_from(to_string(kind)), kind);
    }
    EXPECT_EQ(engine::failure_kind_from("no such kind"), std::nullopt);
}

}  // namespace
}  // namespace heddle::tests
