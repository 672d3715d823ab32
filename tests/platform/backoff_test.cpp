// Back-off: the states of a thread that waits for a batch, and where spinning ends.
#include <gtest/gtest.h>

#include <atomic>

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
