// RingQueue on real threads.
#include <gtest/gtest.h>

#include <limits>
#include <memory>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

#include <heddle/errors.hpp>
#include <heddle/ring_queue.hpp>
#include <heddle/thread.hpp>

namespace heddle {
namespace {

TEST(RingQueue, gives_items_back_in_order_round_after_round) {
    RingQueue<int> queue(3);
    for (int round = 0; round != 10; ++round) {
        for (int n = 0; n != 3; ++n) queue.put(10 * round + n);
        EXPECT_TRUE(queue.full());
        for (int n = 0; n != 3; ++n) EXPECT_EQ(queue.get(), 10 * round + n);
        EXPECT_TRUE(queue.empty());
    }
}

TEST(RingQueue, holds_as_many_as_it_says) {
    for (const std::ptrdiff_t maxsize : {1, 2, 3, 8}) {
        RingQueue<std::ptrdiff_t> queue(maxsize);
        EXPECT_EQ(queue.maxsize(), maxsize);
        for (std::ptrdiff_t n = 0; n != maxsize; ++n) {
            EXPECT_EQ(queue.qsize(), static_cast<std::size_t>(n));
            queue.put_nowait(n);
        }
        EXPECT_THROW(queue.put_nowait(maxsize), Full);
        EXPECT_EQ(queue.get_nowait(), 0);
        queue.put_nowait(maxsize);
    }
    EXPECT_THROW(RingQueue<int>(0), ValueError);
    EXPECT_THROW(RingQueue<int>(-1), ValueError);
}

TEST(RingQueue, waits_as_long_as_it_is_told) {
    RingQueue<int> queue(1);
    EXPECT_THROW(queue.get_nowait(), Empty);
    EXPECT_THROW(queue.get(true, Seconds(0.001)), Empty);
    EXPECT_THROW(queue.get(true, Seconds(0)), Empty);
    queue.put(1);
    EXPECT_THROW(queue.put(2, true, Seconds(0.001)), Full);
    EXPECT_THROW(queue.put(2, true, Seconds(-1)), ValueError);
    EXPECT_THROW(queue.get(true, Seconds(-1)), ValueError) << "even with an item";
    EXPECT_THROW(queue.get(true, Seconds(std::numeric_limits<double>::quiet_NaN())), ValueError);
    EXPECT_THROW(queue.put(2, true, Seconds(1e300)), OverflowError);
    EXPECT_EQ(queue.get(true, Seconds(1e300)), 1) << "it need not wait";
}

TEST(RingQueue, takes_what_can_only_be_moved_and_destroys_what_is_left) {
    const auto counted = std::make_shared<int>(0);
    {
        RingQueue<std::shared_ptr<int>> queue(4);
        for (int n = 0; n != 3; ++n) queue.put(counted);
        queue.get();
        EXPECT_EQ(counted.use_count(), 3);
    }
    EXPECT_EQ(counted.use_count(), 1);
    RingQueue<std::unique_ptr<int>> queue(1);
    queue.put(std::make_unique<int>(7));
    auto refused = std::make_unique<int>(8);
    EXPECT_THROW(queue.put_nowait(std::move(refused)), Full);
    ASSERT_NE(refused, nullptr) << "what was refused is intact";
    EXPECT_EQ(*queue.get(), 7);
}

struct FailsToCopy {
    FailsToCopy() = default;
    FailsToCopy(const FailsToCopy&) { throw std::runtime_error("copy"); }
    FailsToCopy(FailsToCopy&&) noexcept {}
};

TEST(RingQueue, a_copy_that_throws_changes_nothing) {
    RingQueue<FailsToCopy> queue(1);
    const FailsToCopy item;
    EXPECT_THROW(queue.put(item), std::runtime_error);
    EXPECT_TRUE(queue.empty());
    queue.put(FailsToCopy());
    EXPECT_EQ(queue.qsize(), 1U);
}

TEST(RingQueue, loses_nothing_between_many_threads) {
    constexpr int producers = 3;
    constexpr int items = 2000;
    for (const std::ptrdiff_t maxsize : {1, 2, 64}) {
        RingQueue<int> queue(maxsize);
        std::vector<int> got[2];
        std::vector<std::shared_ptr<Thread>> threads;
        for (int producer = 0; producer != producers; ++producer) {
            threads.push_back(std::make_shared<Thread>([&queue, producer] {
                for (int n = 0; n != items; ++n) queue.put(producer * items + n);
            }));
        }
        for (auto& mine : got) {
            threads.push_back(std::make_shared<Thread>([&queue, &mine] {
                for (int n = 0; n != producers * items / 2; ++n) mine.push_back(queue.get());
            }));
        }
        for (const auto& thread : threads) thread->start();
        for (const auto& thread : threads) thread->join();
        std::set<int> all;
        for (const auto& mine : got) {
            std::vector<int> last(producers, -1);
            for (const int item : mine) {
                EXPECT_LT(last[static_cast<std::size_t>(item / items)], item) << "a producer's items stay in order";
                last[static_cast<std::size_t>(item / items)] = item;
                EXPECT_TRUE(all.insert(item).second);
            }
        }
        EXPECT_EQ(all.size(), static_cast<std::size_t>(producers * items));
    }
}

}  // namespace
}  // namespace heddle
