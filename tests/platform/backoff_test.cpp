// Back-off: the states of a thread that waits for a batch, those of one that has spun in vain, and where spinning ends.
#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <chrono>
#include <thread>

#include <heddle/platform/std_platform.hpp>

namespace heddle::detail {
namespace {

BatchPatience unrewarded(int times) {
    BatchPatience patience;
    for (; times != 0; --times) patience.was_unrewarded();
    return patience;
}

TEST(BatchPatience, waits_for_a_short_gap_at_first) {
    BatchPatience patience;
    EXPECT_TRUE(patience.begin());
    EXPECT_FALSE(patience.is_long());
}

TEST(BatchPatience, tries_a_long_gap_after_four_waits_in_which_nothing_changed) {
    EXPECT_FALSE(unrewarded(3).is_long());
    EXPECT_TRUE(unrewarded(4).is_long());
}

TEST(BatchPatience, keeps_the_long_gap_while_something_changes_within_it) {
    BatchPatience patience = unrewarded(4);
    patience.was_rewarded();
    EXPECT_TRUE(patience.is_long());
}

TEST(BatchPatience, waits_every_eighth_time_once_nothing_changes_even_in_a_long_gap) {
    BatchPatience patience = unrewarded(5);
    int waits = 0;
    for (int n = 0; n != 64; ++n) waits += patience.begin() ? 1 : 0;
    EXPECT_EQ(waits, 8);
    EXPECT_FALSE(patience.is_long());
}

TEST(BatchPatience, goes_back_to_short_waits_when_a_sparse_one_is_rewarded) {
    BatchPatience patience = unrewarded(9);
    patience.was_rewarded();
    EXPECT_TRUE(patience.begin());
    EXPECT_FALSE(patience.is_long());
}

TEST(BatchPatience, forgets_what_it_learnt_after_256_waits) {
    BatchPatience patience = unrewarded(5);
    for (int n = 0; n != 256; ++n) patience.begin();
    EXPECT_TRUE(patience.begin());
}

using std::chrono::microseconds;

// A clock that goes only when it is told to.
struct Patient {
    SpinPatience patience;
    SpinPatience::Time now{std::chrono::hours(1)};
    int clock_reads = 0;

    bool may_spin() {
        return patience.may_spin([this] { return ++clock_reads, now; });
    }
    void spins_in_vain(int times) {
        for (; times != 0; --times) patience.was_unrewarded([this] { return now; });
    }
    // Returns: how long after now the thread would spin again.
    microseconds sleeps_at_once_for() {
        const auto before = now;
        while (!may_spin()) now += microseconds(1);
        return std::chrono::duration_cast<microseconds>(now - before);
    }
};

TEST(SpinPatience, spins_at_first_and_does_not_ask_what_time_it_is) {
    Patient thread;
    EXPECT_TRUE(thread.may_spin());
    thread.spins_in_vain(2);
    EXPECT_TRUE(thread.may_spin());
    EXPECT_EQ(thread.clock_reads, 0);
}

TEST(SpinPatience, spins_half_as_long_after_each_time_in_vain) {
    Patient thread;
    EXPECT_EQ(thread.patience.shortened(400), 400U);
    thread.spins_in_vain(1);
    EXPECT_EQ(thread.patience.shortened(400), 200U);
    thread.spins_in_vain(1);
    EXPECT_EQ(thread.patience.shortened(400), 100U);
}

TEST(SpinPatience, sleeps_at_once_after_three_times_in_vain) {
    Patient thread;
    thread.spins_in_vain(3);
    EXPECT_FALSE(thread.may_spin());
}

TEST(SpinPatience, tries_again_for_the_whole_time_once_64_spins_would_have_ended) {
    Patient thread;
    thread.spins_in_vain(3);
    EXPECT_EQ(thread.sleeps_at_once_for(), 64 * PauseCounts::limit_time);
    EXPECT_EQ(thread.patience.shortened(400), 400U);
}

TEST(SpinPatience, doubles_the_time_between_two_tries_in_vain_and_no_further_than_to_41_milliseconds) {
    Patient thread;
    thread.spins_in_vain(3);
    for (const int periods : {1, 2, 4, 8, 16, 32, 32, 32}) {
        EXPECT_EQ(thread.sleeps_at_once_for(), periods * 64 * PauseCounts::limit_time);
        thread.spins_in_vain(1);
    }
}

TEST(SpinPatience, spins_again_when_a_try_is_rewarded_and_gives_up_at_the_next_one_in_vain) {
    Patient thread;
    thread.spins_in_vain(7);
    thread.patience.was_rewarded();
    EXPECT_TRUE(thread.may_spin());
    EXPECT_EQ(thread.clock_reads, 0);
    thread.spins_in_vain(1);
    EXPECT_EQ(thread.sleeps_at_once_for(), 64 * PauseCounts::limit_time);
}

TEST(SpinPatience, forgives_one_time_in_vain_for_each_reward) {
    Patient thread;
    for (int n = 0; n != 100; ++n) {
        thread.spins_in_vain(1);
        thread.patience.was_rewarded();
    }
    EXPECT_EQ(thread.patience.shortened(400), 400U);
    thread.patience.was_rewarded();
    thread.spins_in_vain(2);
    EXPECT_TRUE(thread.may_spin());
}

TEST(SpinPatience, yields_no_more_after_eight_yields_in_a_row_that_brought_nothing) {
    Patient thread;
    for (int n = 0; n != 7; ++n) thread.patience.yielded(false);
    EXPECT_TRUE(thread.patience.may_yield());
    thread.patience.yielded(true);
    for (int n = 0; n != 8; ++n) {
        EXPECT_TRUE(thread.patience.may_yield());
        thread.patience.yielded(false);
    }
    EXPECT_FALSE(thread.patience.may_yield());
}

TEST(SpinPatience, tries_one_yield_more_whenever_it_has_tried_to_spin) {
    Patient thread;
    for (int n = 0; n != 8; ++n) thread.patience.yielded(false);
    thread.spins_in_vain(1);
    EXPECT_TRUE(thread.patience.may_yield());
    thread.patience.yielded(false);
    EXPECT_FALSE(thread.patience.may_yield());
}

constexpr YieldPatience::Time some_time = std::chrono::hours(1);

TEST(YieldPatience, yields_at_first_and_as_long_as_the_processor_comes_back_soon) {
    YieldPatience patience;
    EXPECT_TRUE(patience.may_yield(YieldPatience::Time(0)));
    patience.yielded(some_time, some_time + microseconds(99));
    EXPECT_TRUE(patience.may_yield(some_time));
}

TEST(YieldPatience, does_not_yield_for_a_second_after_a_yield_that_others_have_used) {
    YieldPatience patience;
    const auto after = some_time + microseconds(100);
    patience.yielded(some_time, after);
    EXPECT_FALSE(patience.may_yield(after));
    EXPECT_FALSE(patience.may_yield(after + microseconds(999'999)));
    EXPECT_TRUE(patience.may_yield(after + microseconds(1'000'000)));
}

// Whether the calling thread spins on the word whatever time it is.
bool is_hopeful(const std::atomic<FutexWord>& word) {
    return SpinPatience::of(word).may_spin([] { return SpinPatience::Time::min() / 2; });
}

TEST(BackoffSpin, learns_that_a_word_does_not_change_and_still_sees_that_it_has) {
    for (const Backoff backoff : {Backoff::tight, Backoff::wide, Backoff::yielding}) {
        std::thread([backoff] {
            const std::atomic<FutexWord> word{1};
            for (int n = 0; n != 3; ++n) {
                EXPECT_TRUE(is_hopeful(word));
                EXPECT_FALSE(BackoffSpin::until_changed(word, 1, backoff));
            }
            EXPECT_FALSE(is_hopeful(word));
            EXPECT_TRUE(BackoffSpin::until_changed(word, 0, backoff));
        }).join();
    }
}

TEST(BackoffSpin, on_a_lock_never_learns_that_it_is_in_vain) {
    const std::atomic<FutexWord> word{1};
    for (int n = 0; n != 4; ++n) EXPECT_FALSE(BackoffSpin::until_changed(word, 1, Backoff::growing));
    EXPECT_TRUE(is_hopeful(word));
}

TEST(BackoffSpin, of_one_thread_learns_nothing_for_another) {
    const std::atomic<FutexWord> word{1};
    std::thread([&word] {
        for (int n = 0; n != 3; ++n) EXPECT_FALSE(BackoffSpin::until_changed(word, 1, Backoff::tight));
        EXPECT_FALSE(is_hopeful(word));
    }).join();
    EXPECT_TRUE(is_hopeful(word));
}

TEST(BackoffSpin, learns_of_a_word_and_not_of_all) {
    struct alignas(64) Line {
        std::atomic<FutexWord> word{1};
    };
    std::thread([] {
        const std::array<Line, 8> lines;
        for (int n = 0; n != 3; ++n) EXPECT_FALSE(BackoffSpin::until_changed(lines[0].word, 1, Backoff::tight));
        EXPECT_FALSE(is_hopeful(lines[0].word));
        int hopeful = 0;
        for (const Line& line : lines) hopeful += is_hopeful(line.word) ? 1 : 0;
        EXPECT_GE(hopeful, 6);  // words may share what was learnt
    }).join();
}

TEST(Hint, tells_that_it_saw_a_change_only_if_it_did) {
    StdPlatform::hint hint;
    EXPECT_FALSE(hint.spin_while(1));  // another from the start
    EXPECT_FALSE(hint.spin_while(0));  // nothing came
    hint.tell(2);
    EXPECT_FALSE(hint.spin_while(0));
}

TEST(BackoffSpin, gives_up_on_a_word_that_does_not_change) {
    const std::atomic<FutexWord> word{1};
    for (const Backoff backoff : {Backoff::tight, Backoff::growing, Backoff::wide, Backoff::yielding})
        EXPECT_FALSE(BackoffSpin::until_changed(word, 1, backoff));
}

TEST(BackoffSpin, while_changing_ends_when_nothing_changes) {
    const std::atomic<FutexWord> word{1};
    for (int n = 0; n != 300; ++n) BackoffSpin::while_changing(word, 2);
    EXPECT_EQ(word.load(std::memory_order_relaxed), 1U);
}

}  // namespace
}  // namespace heddle::detail
