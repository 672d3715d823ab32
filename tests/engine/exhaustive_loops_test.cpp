// What the exhaustive engine makes of loops that wait, and of those that do not.
#include <gtest/gtest.h>

#include <string>

#include <heddle/checker/model.hpp>

#include "explore.hpp"

namespace heddle::tests {
namespace {

// A loop that waits is explored to its end, however its turn is made.
template <Platform P>
struct WaitsInLoops {
    static constexpr auto claim = "loops that yield until another thread has written come to an end";
    static constexpr int threads = 3;
    typename P::template atomic<int> both{0, "both"};
    typename P::template atomic<int> either[2]{typename P::template atomic<int>(0, "first"),
                                               typename P::template atomic<int>(0, "second")};
    void thread(int index) {
        if (index != 0) {
            either[index - 1].store(1, std::memory_order_release);
            while (both.load(std::memory_order_acquire) == 0) P::yield();
            return;
        }
        for (;;) {
            const int first = either[0].load(std::memory_order_acquire);
            P::fence(std::memory_order_seq_cst);
            if (first != 0 && either[1].load(std::memory_order_acquire) != 0) break;
            P::yield();
        }
        both.store(1, std::memory_order_release);
    }
};
HEDDLE_MODEL(WaitsInLoops);

TEST(ExhaustiveEngine, explores_loops_that_wait_to_their_end) {
    const Verdict verdict = explore_on("exhaustive", "WaitsInLoops");
    EXPECT_EQ(verdict.outcome, Outcome::exhausted) << verdict.message << report_of(verdict);
    EXPECT_EQ(verdict.executions, 1U);  // who reads from whom is settled
}

// A loop that yields and is no waiting: each turn writes. It is bounded, and what is cut is counted.
template <Platform P>
struct WritesInLoops {
    static constexpr auto claim = "a loop that writes in each turn comes to an end";
    static constexpr int threads = 2;
    typename P::template atomic<int> turns{0, "turns"};
    void thread(int) {
        while (turns.fetch_add(1, std::memory_order_relaxed) < 4) P::yield();
    }
};
HEDDLE_MODEL(WritesInLoops);

TEST(ExhaustiveEngine, counts_what_it_cuts_off_a_loop_that_writes) {
    const Verdict verdict = explore_on("exhaustive", "WritesInLoops");
    EXPECT_EQ(verdict.outcome, Outcome::exhausted) << verdict.message << report_of(verdict);
    EXPECT_GT(verdict.executions, 0U);
    EXPECT_GT(verdict.blocked, 0U);
}

// Nobody is left to write what the loop waits for, once the flag is back: not a bound that was met, but a failure.
template <Platform P>
struct WaitsInVain {
    static constexpr auto claim = "a flag that is set is seen (it need not be, if it is reset)";
    static constexpr int threads = 2;
    typename P::template atomic<int> flag{0, "flag"};
    void thread(int index) {
        if (index == 0) {
            flag.store(1, std::memory_order_relaxed);
            flag.store(0, std::memory_order_relaxed);
        } else {
            while (flag.load(std::memory_order_relaxed) == 0) P::yield();
        }
    }
};
HEDDLE_BROKEN_MODEL(WaitsInVain, failure::livelock);

TEST(ExhaustiveEngine, says_which_loop_waits_in_vain) {
    const Verdict verdict = explore_on("exhaustive", "WaitsInVain");
    EXPECT_TRUE(verdict.met()) << verdict.message << report_of(verdict);
    EXPECT_NE(report_of(verdict).find("thread 1 goes round in a loop and yields  at engine/exhaustive_loops_test.cpp"),
              std::string::npos)
        << report_of(verdict);
}

}  // namespace
}  // namespace heddle::tests
