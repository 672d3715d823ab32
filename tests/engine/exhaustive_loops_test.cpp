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

// A lock whose holders come in turn, so that all but one wait, most of them several times.
template <Platform P>
struct TakesTickets {
    static constexpr auto claim = "a ticket lock lets in one thread at a time";
    static constexpr int threads = 5;
    typename P::template atomic<int> next{0, "next"};
    typename P::template atomic<int> served{0, "served"};
    typename P::template plain<int> inside{0, "inside"};
    void thread(int) {
        const int mine = next.fetch_add(1, std::memory_order_relaxed);
        while (served.load(std::memory_order_acquire) != mine) P::yield();
        inside.write(inside.read() + 1);
        served.store(mine + 1, std::memory_order_release);
    }
};
HEDDLE_MODEL(TakesTickets);

TEST(ExhaustiveEngine, spends_no_run_on_waiting_for_a_value) {
    const Verdict verdict = explore_on("exhaustive", "TakesTickets");
    EXPECT_EQ(verdict.outcome, Outcome::exhausted) << verdict.message << report_of(verdict);
    EXPECT_EQ(verdict.executions, 120U);  // the orders of five holders
    EXPECT_EQ(verdict.blocked, 0U);
}

// The value that the loop waits for is gone before the thread that runs later can look.
template <Platform P>
struct MissesThePulse {
    static constexpr auto claim = "a pulse is seen by who looks at the right time, or by nobody";
    static constexpr int threads = 2;
    typename P::template atomic<int> flag{0, "flag"};
    typename P::template atomic<int> done{0, "done"};
    void thread(int index) {
        if (index == 0) {
            flag.store(1, std::memory_order_relaxed);
            flag.store(2, std::memory_order_relaxed);
            done.store(1, std::memory_order_relaxed);
        } else {
            while (flag.load(std::memory_order_relaxed) == 0) P::yield();
            check(flag.load(std::memory_order_relaxed) != 1 || done.load(std::memory_order_relaxed) == 0,
                  "done is not seen with the pulse");
        }
    }
};
HEDDLE_BROKEN_MODEL(MissesThePulse, failure::assertion);

TEST(ExhaustiveEngine, lets_a_loop_end_with_a_value_that_was_replaced) {
    EXPECT_TRUE(meets_its_expectation("exhaustive", "MissesThePulse"));
}

// How often a thread has looked is no business of its program; if it is, that is explored as before.
template <Platform P>
struct CountsItsLooks {
    static constexpr auto claim = "a thread may tell others how often it has looked";
    static constexpr int threads = 3;
    typename P::template atomic<int> flag{0, "flag"};
    typename P::template atomic<int> looks{0, "looks"};
    void thread(int index) {
        if (index != 2) {
            flag.fetch_add(1, std::memory_order_release);
            return;
        }
        int looked = 1;
        for (; flag.load(std::memory_order_acquire) != 2; ++looked) P::yield();
        looks.store(looked, std::memory_order_relaxed);
        looks.store(looked + 1, std::memory_order_relaxed);
    }
};
HEDDLE_MODEL(CountsItsLooks);

TEST(ExhaustiveEngine, explores_a_program_that_counts_its_looks) {
    const Verdict verdict = explore_on("exhaustive", "CountsItsLooks");
    EXPECT_EQ(verdict.outcome, Outcome::exhausted) << verdict.message << report_of(verdict);
    EXPECT_EQ(verdict.executions, 2U);  // the orders of those who add
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
