// Turns of loops that try again are left out where nothing is lost by it, and only there.
#include <gtest/gtest.h>

#include <memory>
#include <stdexcept>

#include "bench/retrying.hpp"
#include "explored.hpp"

namespace heddle::oracle {
namespace {

/// What came of exploring a program.
struct Found {
    std::size_t executions = 0;
    Outcomes outcomes;
    bool fails = false;
};

template <class Model>
Found explore(const bench::Size& size, Turns turns) {
    Found found;
    try {
        visit_executions(
            checker::program_of<Model>(size.threads, size, &found.outcomes),
            [&](const engine::exhaustive::Graph&) { ++found.executions; },
            [&] {
                found.executions = 0;
                found.outcomes.clear();
            },
            Stuck::is_an_error, turns);
    } catch (const std::runtime_error&) {
        found.fails = true;
    }
    return found;
}

/// Whether frames keep little that nobody reads any more: a trial that sees it takes a turn to be of use.
#if defined(__OPTIMIZE__) && !defined(__clang__) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
constexpr bool frames_are_lean = true;
#else
constexpr bool frames_are_lean = false;
#endif

/// Explores it with all turns and with those of use, `least` executions at least.
template <class Model>
void expect_the_same_outcomes(const bench::Size& size, std::size_t least, bool exactly = frames_are_lean) {
    const Found all = explore<Model>(size, Turns::all);
    const Found of_use = explore<Model>(size, Turns::of_use);
    EXPECT_FALSE(all.fails || of_use.fails);
    EXPECT_EQ(all.outcomes, of_use.outcomes);
    EXPECT_GT(of_use.outcomes.size(), 1U);
    EXPECT_LE(of_use.executions, exactly ? least : all.executions);
    EXPECT_GE(of_use.executions, least);
}

using Reloading = bench::TreiberStack<std::memory_order_consume>;
template <std::memory_order failure>
using Carrying = bench::TreiberStack<failure>;

// Threads / locations / how many of the threads push. The numbers are those of GenMC 0.11 without symmetry.
TEST(Retry, of_a_stack_is_no_execution_of_its_own) {
    expect_the_same_outcomes<Reloading>({2, 1, 1}, 2);
    expect_the_same_outcomes<Reloading>({3, 1, 1}, 5);
    expect_the_same_outcomes<Reloading>({4, 1, 2}, 38);
    expect_the_same_outcomes<Reloading>({5, 1, 2}, 176);
}

TEST(Retry, of_a_queue_adds_no_outcome) {
    // A compare-exchange that helps may stay in a spill slot.
    expect_the_same_outcomes<bench::MichaelScottQueue>({3, 1, 1}, 11, false);
    expect_the_same_outcomes<bench::MichaelScottQueue>({4, 1, 2}, 158, false);
}

// One for each order of the threads' additions.
TEST(Retry, of_a_word_of_bits_is_no_execution_of_its_own) {
    expect_the_same_outcomes<bench::WordOfBits>({2, 1, 1}, 2);
    expect_the_same_outcomes<bench::WordOfBits>({3, 1, 1}, 6);
    expect_the_same_outcomes<bench::WordOfBits>({4, 1, 1}, 24);
}

TEST(Retry, of_a_lock_that_looks_before_it_tries_is_no_execution_of_its_own) {
    expect_the_same_outcomes<bench::TestAndTestAndSet<true>>({2, 1, 1}, 4);
    expect_the_same_outcomes<bench::TestAndTestAndSet<true>>({3, 1, 1}, 36);
    expect_the_same_outcomes<bench::TestAndTestAndSet<true>>({4, 1, 1}, 576);
    expect_the_same_outcomes<bench::TestAndTestAndSet<false>>({3, 1, 1}, 36);
}

// The failed compare-exchange is the load of the next turn: its order is at stake.
TEST(Retry, that_hands_a_value_on_keeps_its_order) {
    expect_the_same_outcomes<Carrying<std::memory_order_acquire>>({4, 1, 2}, 1, false);
    EXPECT_TRUE(explore<Carrying<std::memory_order_relaxed>>({4, 1, 2}, Turns::all).fails);
    EXPECT_TRUE(explore<Carrying<std::memory_order_relaxed>>({4, 1, 2}, Turns::of_use).fails);
}

/// A thread that adds to a word once, by calls whose frames lie where a turn that came to nothing has left something.
class AddingByCalls {
  public:
    AddingByCalls(const bench::Size& size, Outcomes* outcomes) : findings_(size.threads, outcomes) {}
    void thread(int index) {
        int found = look();
        for (; !add(found); found = look()) litter();
        findings_.add(index, found);
    }
    void after() { findings_.end(""); }

  private:
    [[gnu::noinline]] int look() { return word_.load(std::memory_order_relaxed); }
    [[gnu::noinline]] bool add(int found) {
        return word_.compare_exchange_strong(found, found + 1, std::memory_order_relaxed, std::memory_order_relaxed);
    }
    [[gnu::noinline]] static void litter() {
        volatile unsigned char room[2048];
        for (volatile unsigned char& byte : room) byte = 0xff;
    }

    bench::Findings findings_;
    bench::Word word_{0};
};

// The operation at which a trial ends lies in such a frame, and has gaps between its members.
TEST(Retry, leaves_nothing_in_the_gaps_of_what_comes_next) {
    expect_the_same_outcomes<AddingByCalls>({2, 1, 1}, 2);
    expect_the_same_outcomes<AddingByCalls>({3, 1, 1}, 6);
}

/// A thread that adds to a word once, and keeps of the turns that came to nothing what `Keeps` says.
template <class Keeps>
class Counting {
  public:
    Counting(const bench::Size& size, Outcomes* outcomes) : findings_(size.threads, outcomes) {}
    void thread(int index) {
        Keeps kept;
        for (;;) {
            int found = word_.load(std::memory_order_relaxed);
            if (word_.compare_exchange_strong(found, found + 1, std::memory_order_relaxed, std::memory_order_relaxed))
                break;
            kept.note(found);
        }
        findings_.add(index, kept.value());
    }
    void after() { findings_.end(""); }

  private:
    bench::Findings findings_;
    bench::Word word_{0};
};

struct HowMany {
    int turns = 0;
    void note(int) { ++turns; }
    int value() const { return turns; }
};
struct WhatWasFound {
    int last = 0;
    void note(int found) { last = found; }
    int value() const { return last; }
};
/// As before, in memory that no engine sees and the thread has allocated.
struct InMemory {
    std::unique_ptr<bool> failed = std::make_unique<bool>(false);
    void note(int) { *failed = true; }
    int value() const { return *failed ? 1 : 0; }
};
/// Of use in one case only: the second of two turns that found this.
struct AtTheThird {
    int turns = 0;
    void note(int found) { turns += found == 2 ? 1 : 0; }
    int value() const { return turns; }
};

template <class Keeps>
class WhatIsKept : public testing::Test {};
using Kept = testing::Types<HowMany, WhatWasFound, InMemory, AtTheThird>;
TYPED_TEST_SUITE(WhatIsKept, Kept);
TYPED_TEST(WhatIsKept, of_a_turn_in_vain_is_not_lost) {
    const bench::Size size{3, 1, 1};
    const Found all = explore<Counting<TypeParam>>(size, Turns::all);
    const Found of_use = explore<Counting<TypeParam>>(size, Turns::of_use);
    EXPECT_EQ(all.outcomes, of_use.outcomes);
    EXPECT_EQ(all.executions, of_use.executions);
}

}  // namespace
}  // namespace heddle::oracle
