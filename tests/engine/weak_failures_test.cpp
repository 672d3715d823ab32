// Weak compare-exchanges that fail without cause: which failures are executions of their own.
#include <gtest/gtest.h>

#include <heddle/checker/model.hpp>

#include "explore.hpp"

namespace heddle::tests {
namespace {

// What is looked at after the failure is looked at nowhere else.
template <Platform P, bool yields>
struct LooksElsewhere {
    static constexpr auto claim = "a flag is not set while the lock is tried (it is)";
    static constexpr int threads = 2;
    typename P::template atomic<bool> held{false, "held"};
    typename P::template atomic<int> flag{0, "flag"};
    void thread(int index) {
        if (index != 0) {
            flag.store(1, std::memory_order_relaxed);
            return;
        }
        for (bool free = false;
             !held.compare_exchange_weak(free, true, std::memory_order_relaxed, std::memory_order_relaxed);
             free = false) {
            check(flag.load(std::memory_order_relaxed) == 0, "the flag is not set");
            if (yields) P::yield();
        }
    }
};
template <Platform P>
using LooksElsewhereAndYields = LooksElsewhere<P, true>;
template <Platform P>
using LooksElsewhereAtOnce = LooksElsewhere<P, false>;
HEDDLE_BROKEN_MODEL(LooksElsewhereAndYields, failure::assertion);
HEDDLE_BROKEN_MODEL(LooksElsewhereAtOnce, failure::assertion);

TEST(WeakFailures, lead_to_what_is_read_only_after_one) {
    for (const char* const name : {"LooksElsewhereAndYields", "LooksElsewhereAtOnce"}) {
        const Verdict verdict = explore_on("exhaustive", name);
        EXPECT_TRUE(verdict.met()) << name << verdict.message << report_of(verdict);
    }
}

// Loops that have nothing left of a failure: as if the compare-exchange were strong.
template <Platform P>
struct LoadsAgain {
    static constexpr auto claim = "three threads that add one each make three";
    static constexpr int threads = 3;
    typename P::template atomic<int> sum{0, "sum"};
    void thread(int) {
        for (;;) {
            int seen = sum.load(std::memory_order_relaxed);
            if (sum.compare_exchange_weak(seen, seen + 1, std::memory_order_relaxed, std::memory_order_relaxed)) break;
        }
    }
    void after() { check(sum.load(std::memory_order_relaxed) == threads, "three"); }
};
template <Platform P>
struct TakesOverWhatItFound {
    static constexpr auto claim = "two threads that add one each make two";
    static constexpr int threads = 2;
    typename P::template atomic<int> sum{0, "sum"};
    void thread(int) {
        int seen = 0;
        while (!sum.compare_exchange_weak(seen, seen + 1, std::memory_order_relaxed, std::memory_order_relaxed)) {
        }
    }
    void after() { check(sum.load(std::memory_order_relaxed) == threads, "two"); }
};
HEDDLE_MODEL(LoadsAgain);
HEDDLE_MODEL(TakesOverWhatItFound);

TEST(WeakFailures, that_leave_nothing_are_no_executions) {
    const Verdict loads = explore_on("exhaustive", "LoadsAgain");
    EXPECT_EQ(loads.outcome, Outcome::exhausted) << loads.message << report_of(loads);
    EXPECT_EQ(loads.executions, 6U);  // the orders of the three
    const Verdict takes_over = explore_on("exhaustive", "TakesOverWhatItFound");
    EXPECT_EQ(takes_over.outcome, Outcome::exhausted) << takes_over.message << report_of(takes_over);
    EXPECT_EQ(takes_over.executions, 2U);  // the first finds 0, the second has found 0 or 1 is no choice: it finds 1
}

// Who counts the failures tells of them.
template <Platform P>
struct CountsFailures {
    static constexpr auto claim = "a lock that is free is taken at once (it need not be)";
    static constexpr int threads = 2;
    typename P::template atomic<bool> held{false, "held"};
    typename P::template atomic<int> failures{0, "failures"};
    void thread(int index) {
        if (index != 0) return;
        int failed = 0;
        bool free = false;
        for (; !held.compare_exchange_weak(free, true, std::memory_order_relaxed, std::memory_order_relaxed); ++failed)
            free = false;
        check(failed == 0, "taken at once");
    }
};
HEDDLE_BROKEN_MODEL(CountsFailures, failure::assertion);

TEST(WeakFailures, that_are_counted_are_executions) {
    EXPECT_TRUE(meets_its_expectation("exhaustive", "CountsFailures"));
}

}  // namespace
}  // namespace heddle::tests
