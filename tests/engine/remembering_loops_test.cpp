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

TEST(RememberingLoops, keep_what_they_saw) {
    const Verdict verdict = explore_on("exhaustive", "RemembersWhatItSaw");
    EXPECT_TRUE(verdict.met()) << verdict.message << report_of(verdict);
}

}  // namespace
}  // namespace heddle::tests
