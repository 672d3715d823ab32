// Loops that wait, and remember what they have seen meanwhile.
#include <gtest/gtest.h>

#include <heddle/checker/model.hpp>

#include "explore.hpp"

namespace heddle::tests {
namespace {

template <Platform P>
struct RemembersWhatItSaw {
    static constexpr auto claim = "nobody sees the state between (somebody may)";
    static constexpr int threads = 2;
    typename P::template atomic<int> state{0, "state"};
    void thread(int index) {
        if (index == 1) {
            state.store(1, std::memory_order_relaxed);
            state.store(2, std::memory_order_relaxed);
            return;
        }
        bool saw = false;
        for (;;) {
            const int now = state.load(std::memory_order_relaxed);
            if (now == 2) break;
            if (now == 1) saw = true;
            P::yield();
        }
        check(!saw, "not seen");
    }
};
HEDDLE_BROKEN_MODEL(RemembersWhatItSaw, failure::assertion);

TEST(RememberingLoops, keep_what_they_saw) { EXPECT_TRUE(meets_its_expectation("exhaustive", "RemembersWhatItSaw")); }

// No turn alone is missed.
template <Platform P>
struct CountsWhatItSaw {
    static constexpr auto claim = "nobody sees both states between (somebody may)";
    static constexpr int threads = 2;
    typename P::template atomic<int> state{0, "state"};
    void thread(int index) {
        if (index == 1) {
            for (int next = 1; next != 4; ++next) state.store(next, std::memory_order_relaxed);
            return;
        }
        int seen = 0;
        for (int now = 0, last = 0; (now = state.load(std::memory_order_relaxed)) != 3; P::yield())
            if (now != last) last = now, ++seen;
        check(seen < 2, "not both");
    }
};
HEDDLE_BROKEN_MODEL(CountsWhatItSaw, failure::assertion);

TEST(RememberingLoops, count_what_they_saw) { EXPECT_TRUE(meets_its_expectation("exhaustive", "CountsWhatItSaw")); }

// The yield comes before the first look.
template <Platform P>
struct YieldsBeforeItLooks {
    static constexpr auto claim = "a thread gets what another stores (it may be overwritten)";
    static constexpr int threads = 3;
    typename P::template atomic<int> flag{0, "flag"};
    void thread(int index) {
        if (index != 0) return flag.store(index, std::memory_order_relaxed);
        do P::yield();
        while (flag.load(std::memory_order_relaxed) != 1);
    }
};
HEDDLE_BROKEN_MODEL(YieldsBeforeItLooks, failure::livelock);

TEST(WaitingLoops, may_yield_before_they_look) {
    EXPECT_TRUE(meets_its_expectation("exhaustive", "YieldsBeforeItLooks"));
}

// Only who has seen it comes to the second loop, so that a turn is put in before that loop is known.
template <Platform P>
struct WaitsOnceMoreForWhatItSaw {
    static constexpr auto claim = "a thread may wait once more if it has seen the state between";
    static constexpr int threads = 2;
    typename P::template atomic<int> state{0, "state"};
    typename P::template atomic<int> flag{0, "flag"};
    void thread(int index) {
        if (index == 1) {
            state.store(1, std::memory_order_relaxed);
            state.store(2, std::memory_order_relaxed);
            flag.store(1, std::memory_order_relaxed);
            return;
        }
        bool saw = false;
        for (int now = 0; (now = state.load(std::memory_order_relaxed)) != 2;) {
            if (now == 1) saw = true;
            P::yield();
        }
        while (saw && flag.load(std::memory_order_relaxed) == 0) P::yield();
    }
};
HEDDLE_MODEL(WaitsOnceMoreForWhatItSaw);

TEST(RememberingLoops, may_lead_to_others) {
    const Verdict verdict = explore_on("exhaustive", "WaitsOnceMoreForWhatItSaw");
    EXPECT_EQ(verdict.outcome, Outcome::exhausted) << verdict.message << report_of(verdict);
    EXPECT_EQ(verdict.executions, 2U);  // it has seen the state between, or not
}

// The replay knows nothing yet of the turn that is a step.
TEST(RememberingLoops, are_replayed_with_what_they_saw) {
    const engine::Program program = checker::program_of<RemembersWhatItSaw<checker::CheckingPlatform>>(2);
    const engine::Engine& exhaustive = engine_named("exhaustive");
    const engine::Exploration found = exhaustive.explore(program, {});
    ASSERT_TRUE(found.replay) << found.message;
    const engine::Exploration again = exhaustive.explore(program, {.replay = found.replay});
    EXPECT_EQ(again.kind, FailureKind::assertion) << again.message;
}

}  // namespace
}  // namespace heddle::tests
