// Turns of loops that try again are left out where nothing is lost by it, and only there.
#include <gtest/gtest.h>

#include <array>
#include <memory>
#include <optional>
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

/// A thread adds to a word once, with what the compare-exchange has read that failed.
template <std::memory_order load, std::memory_order failure>
class AddingOn {
  public:
    AddingOn(const bench::Size& size, Outcomes* outcomes) : findings_(size.threads, outcomes) {}
    void thread(int index) {
        int found = word_.load(load);
        while (!word_.compare_exchange_weak(found, found + 1, std::memory_order_release, failure)) {
        }
        findings_.add(index, found);
    }
    void after() { findings_.end(""); }

  private:
    bench::Findings findings_;
    bench::Word word_{0};
};

TEST(Retry, that_hands_a_value_on_is_no_execution_of_its_own) {
    constexpr auto relaxed = std::memory_order_relaxed;
    constexpr auto acquire = std::memory_order_acquire;
    expect_the_same_outcomes<AddingOn<relaxed, relaxed>>({3, 1, 1}, 6);
    expect_the_same_outcomes<AddingOn<relaxed, relaxed>>({4, 1, 1}, 24);
    expect_the_same_outcomes<AddingOn<relaxed, acquire>>({3, 1, 1}, 6);
    expect_the_same_outcomes<AddingOn<std::memory_order_seq_cst, std::memory_order_seq_cst>>({3, 1, 1}, 6);
}

/// The same, and what was read is handed on in memory that is no local's.
class AddingOnElsewhere {
  public:
    AddingOnElsewhere(const bench::Size& size, Outcomes* outcomes) : findings_(size.threads, outcomes) {}
    void thread(int index) {
        int& found = found_.at(static_cast<std::size_t>(index));
        found = word_.load(std::memory_order_relaxed);
        while (!word_.compare_exchange_weak(found, found + 1, std::memory_order_release, std::memory_order_relaxed)) {
        }
        findings_.add(index, found);
    }
    void after() { findings_.end(""); }

  private:
    bench::Findings findings_;
    bench::Word word_{0};
    std::array<int, 4> found_{};
};

TEST(Retry, that_hands_a_value_on_in_memory_is_no_execution_of_its_own) {
    expect_the_same_outcomes<AddingOnElsewhere>({2, 1, 1}, 2);
    expect_the_same_outcomes<AddingOnElsewhere>({3, 1, 1}, 6);
    expect_the_same_outcomes<AddingOnElsewhere>({4, 1, 1}, 24);
}

// The failed compare-exchange is the load of the next turn: its order is at stake.
TEST(Retry, that_hands_a_value_on_keeps_its_order) {
    EXPECT_GT(
        (explore<AddingOn<std::memory_order_acquire, std::memory_order_relaxed>>({3, 1, 1}, Turns::of_use).executions),
        6U);
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

/// A thread that adds to a word once, and keeps of the turns that came to nothing what `Keeps` says. `hands_on`: the next one
/// begins with what the failed compare-exchange has read.
template <class Keeps, bool hands_on>
class Counting {
  public:
    Counting(const bench::Size& size, Outcomes* outcomes) : findings_(size.threads, outcomes) {}
    void thread(int index) {
        Keeps kept;
        int found = word_.load(std::memory_order_relaxed);
        while (!word_.compare_exchange_strong(found, found + 1, std::memory_order_relaxed, std::memory_order_relaxed)) {
            kept.note(found);
            if (!hands_on) found = word_.load(std::memory_order_relaxed);
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

/// Where nothing was before.
struct InAnEmptyPlace {
    std::optional<int> last;
    void note(int found) { last = found; }
    int value() const { return last.value_or(-1); }
};
/// Of no use to anybody, where nothing was before: the compiler does as much when it puts something aside.
struct ForNobody {
    int last;
    ForNobody() {}  // NOLINT: nothing is there
    void note(int) {
        last = 1;
        asm volatile("" : : "m"(last));
    }
    static int value() { return 0; }
};

template <class Keeps>
class WhatIsKept : public testing::Test {};
using Kept = testing::Types<HowMany, WhatWasFound, InMemory, AtTheThird, InAnEmptyPlace>;
TYPED_TEST_SUITE(WhatIsKept, Kept);

constexpr std::size_t orders_of_three = 6;
template <class Keeps, bool hands_on>
void expect_turns() {
    const bench::Size size{3, 1, 1};
    const Found all = explore<Counting<Keeps, hands_on>>(size, Turns::all);
    const Found of_use = explore<Counting<Keeps, hands_on>>(size, Turns::of_use);
    EXPECT_EQ(all.outcomes, of_use.outcomes);
    EXPECT_GT(of_use.executions, orders_of_three);
}
TYPED_TEST(WhatIsKept, of_a_turn_in_vain_is_not_lost) { expect_turns<TypeParam, false>(); }
TYPED_TEST(WhatIsKept, of_a_turn_in_vain_that_hands_on_is_not_lost) { expect_turns<TypeParam, true>(); }

TEST(Retry, that_leaves_something_where_nothing_was_is_no_execution_of_its_own) {
    EXPECT_EQ((explore<Counting<ForNobody, false>>({3, 1, 1}, Turns::of_use).executions), orders_of_three);
    EXPECT_EQ((explore<Counting<ForNobody, true>>({3, 1, 1}, Turns::of_use).executions), orders_of_three);
}

}  // namespace
}  // namespace heddle::oracle
