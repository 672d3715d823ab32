// What threads do next is learnt only where nothing but what they have read decides it.
#include <gtest/gtest.h>

#include <array>
#include <cstddef>
#include <memory>
#include <stdexcept>

#include "explored.hpp"

namespace heddle::oracle {
namespace {

using checker::CheckingPlatform;
using Word = CheckingPlatform::atomic<int>;
constexpr auto relaxed = std::memory_order_relaxed;

/// What came of exploring a program.
struct Found {
    std::size_t executions = 0;
    Outcomes outcomes;
    bool fails = false;
    std::uint64_t not_run = 0;

    bool operator==(const Found& other) const {
        return executions == other.executions && outcomes == other.outcomes && fails == other.fails;
    }
};

template <class Model>
Found explore(bool learns) {
    Found found;
    engine::Program program = checker::program_of<Model>(Model::threads, &found.outcomes);
    program.self_contained = learns;
    try {
        found.not_run = visit_executions(
            program, [&](const engine::exhaustive::Graph&) { ++found.executions; },
            [&] {
                found.executions = 0;
                found.outcomes.clear();
            });
    } catch (const std::runtime_error&) {
        found.fails = true;
    }
    return found;
}

template <class Model>
void expect_same() {
    EXPECT_EQ(explore<Model>(true), explore<Model>(false));
}

void note(Outcomes* outcomes, int first, int second) {
    const engine::FrontEndAllocations outlive_the_execution;
    outcomes->insert(std::to_string(first) + " " + std::to_string(second));
}

constexpr std::size_t at(int index) { return static_cast<std::size_t>(index); }

/// Both threads store and load; what they have loaded is kept, or not.
struct Buffers {
    static constexpr int threads = 2;
    explicit Buffers(Outcomes* outcomes) : outcomes_(outcomes) {}
    int pass(int index) {
        int read = 0;
        for (int round = 1; round != 4; ++round) {
            words_[at(index)].store(round, relaxed);
            read += words_[at(1 - index)].load(relaxed);
        }
        return read;
    }

    std::array<Word, 2> words_;
    Outcomes* outcomes_;
};

struct KeepsNothing : Buffers {
    using Buffers::Buffers;
    void thread(int index) { check(pass(index) <= 9); }
    void after() { note(outcomes_, words_[0].load(relaxed), words_[1].load(relaxed)); }
};

TEST(Learning, lets_most_executions_need_no_run) {
    const Found found = explore<KeepsNothing>(true);
    EXPECT_EQ(found, explore<KeepsNothing>(false));
    EXPECT_GT(found.executions, 100U);
    EXPECT_GT(found.not_run, found.executions / 2);
    EXPECT_EQ(explore<KeepsNothing>(false).not_run, 0U);
}

struct KeepsInMembers : Buffers {
    using Buffers::Buffers;
    void thread(int index) { (index == 0 ? first_ : second_) = pass(index); }
    void after() { note(outcomes_, first_, second_); }
    int first_ = 0;
    int second_ = 0;
};

TEST(Learning, does_not_take_what_threads_leave_in_members_for_known) { expect_same<KeepsInMembers>(); }

struct KeepsInVariables : Buffers {
    using Buffers::Buffers;
    void thread(int index) { kept[at(index)] = pass(index); }
    void after() { note(outcomes_, kept[0], kept[1]); }
    static inline std::array<int, 2> kept{};
};

TEST(Learning, does_not_take_what_threads_leave_in_variables_for_known) { expect_same<KeepsInVariables>(); }

/// What thread 0 finds in the member is decided by what thread 1 has read, which thread 0 has not. It looks first, so that it is
/// known how it goes on when it reads the 1.
struct HandsOver {
    static constexpr int threads = 3;
    explicit HandsOver(Outcomes* outcomes) : outcomes_(outcomes) {}
    void thread(int index) {
        if (index == 2) return asked_.store(1, relaxed);
        if (index == 1) {
            if (asked_.load(relaxed) == 0) member_ = 1;
            return ready_.store(1, std::memory_order_release);
        }
        if (ready_.load(std::memory_order_acquire) == 1) found_.store(1 + member_, relaxed);
    }
    void after() { note(outcomes_, found_.load(relaxed), 0); }

    Word asked_;
    Word ready_;
    Word found_;
    int member_ = 0;
    Outcomes* outcomes_;
};

TEST(Learning, knows_nothing_of_threads_that_another_one_has_left_something_for) { expect_same<HandsOver>(); }

/// The data is written only where the flag was seen, and the reader may not know of it.
struct Races {
    static constexpr int threads = 3;
    explicit Races(Outcomes*) {}
    void thread(int index) {
        if (index == 2) return flag_.store(1, relaxed);
        if (index == 0 && flag_.load(relaxed) == 1) data_.write(1);
        if (index == 1) data_.read();
    }
    void after() {}

    Word flag_;
    CheckingPlatform::plain<int> data_{0};
};

TEST(Learning, leaves_no_race_out) {
    EXPECT_TRUE(explore<Races>(true).fails);
    expect_same<Races>();
}

/// One outcome of many fails, in a thread or in the end.
template <bool in_thread>
struct FailsOnce : Buffers {
    using Buffers::Buffers;
    void thread(int index) {
        const int read = pass(index);
        check(!in_thread || read != 9 || index == 0);
        sums_[at(index)].store(read, relaxed);
    }
    void after() { check(in_thread || sums_[0].load(relaxed) != 0 || sums_[1].load(relaxed) != 0); }
    std::array<Word, 2> sums_;
};

TEST(Learning, leaves_no_failure_out) {
    EXPECT_TRUE(explore<FailsOnce<true>>(true).fails);
    EXPECT_TRUE(explore<FailsOnce<false>>(true).fails);
}

}  // namespace
}  // namespace heddle::oracle
