// Semaphore and BoundedSemaphore: every public operation, its arguments and its errors.
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <limits>
#include <mutex>
#include <thread>
#include <vector>

#include <heddle/semaphore.hpp>

namespace heddle {
namespace {

using namespace std::chrono_literals;
constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

TEST(Semaphore, begins_with_one_permit_unless_told_otherwise) {
    Semaphore one;
    EXPECT_EQ(one.value(), 1U);
    EXPECT_TRUE(one.acquire(false));
    EXPECT_FALSE(one.acquire(false));
    EXPECT_EQ(one.value(), 0U);
    Semaphore none(0);
    EXPECT_FALSE(none.acquire(false));
}

TEST(Semaphore, refuses_a_first_value_out_of_range) {
    EXPECT_THROW(Semaphore(-1), ValueError);
    EXPECT_THROW(Semaphore(std::int64_t{permits_max} + 1), OverflowError);
    EXPECT_NO_THROW(Semaphore{permits_max});
}

TEST(Semaphore, release_of_several_lets_as_many_be_taken) {
    Semaphore semaphore(0);
    semaphore.release(3);
    for (int n = 0; n != 3; ++n) EXPECT_TRUE(semaphore.acquire(false));
    EXPECT_FALSE(semaphore.acquire(false));
}

TEST(Semaphore, release_refuses_less_than_one_and_more_than_fit) {
    Semaphore semaphore(permits_max - 1);
    EXPECT_THROW(semaphore.release(0), ValueError);
    EXPECT_THROW(semaphore.release(-1), ValueError);
    EXPECT_THROW(semaphore.release(2), OverflowError);
    EXPECT_THROW(semaphore.release(std::numeric_limits<std::int64_t>::max()), OverflowError);
    EXPECT_NO_THROW(semaphore.release());
    EXPECT_THROW(semaphore.release(), OverflowError);
}

TEST(Semaphore, acquire_times_out_but_not_early) {
    Semaphore semaphore(0);
    const auto start = std::chrono::steady_clock::now();
    EXPECT_FALSE(semaphore.acquire(true, 20ms));
    EXPECT_GE(std::chrono::steady_clock::now() - start, 20ms);
    EXPECT_FALSE(semaphore.acquire(true, Seconds(0)));
    EXPECT_FALSE(semaphore.acquire(true, Seconds(-3)));
}

TEST(Semaphore, acquire_checks_its_arguments) {
    Semaphore semaphore(1);
    EXPECT_THROW(semaphore.acquire(false, Seconds(0)), ValueError);
    EXPECT_THROW(semaphore.acquire(true, Seconds(not_a_number)), ValueError);
    EXPECT_TRUE(semaphore.acquire(true, Seconds(1e300))) << "a time-out that is not needed is not checked";
    EXPECT_THROW(semaphore.acquire(true, Seconds(1e300)), OverflowError);
}

TEST(Semaphore, wakes_every_thread_that_its_permits_suffice_for) {
    Semaphore semaphore(0);
    std::atomic<int> through{0};
    std::vector<std::jthread> threads;
    for (int n = 0; n != 4; ++n)
        threads.emplace_back([&] {
            semaphore.acquire();
            ++through;
        });
    std::this_thread::sleep_for(5ms);
    semaphore.release(2);
    semaphore.release();
    semaphore.release();
    threads.clear();
    EXPECT_EQ(through, 4);
    EXPECT_FALSE(semaphore.acquire(false));
}

TEST(Semaphore, works_as_a_lock) {
    Semaphore semaphore(2);
    {
        const std::scoped_lock guard(semaphore);
        EXPECT_TRUE(semaphore.try_lock());
        EXPECT_FALSE(semaphore.try_lock());
    }
    EXPECT_TRUE(semaphore.try_lock());
}

TEST(BoundedSemaphore, refuses_a_release_too_many_and_keeps_its_permits) {
    BoundedSemaphore semaphore(2);
    EXPECT_THROW(semaphore.release(), ValueError);
    semaphore.acquire();
    EXPECT_THROW(semaphore.release(2), ValueError) << "all or nothing";
    EXPECT_THROW(semaphore.release(0), ValueError);
    semaphore.release();
    EXPECT_TRUE(semaphore.acquire(false) && semaphore.acquire(false));
    EXPECT_FALSE(semaphore.acquire(false));
    semaphore.release(2);
    const std::scoped_lock guard(semaphore);
}

TEST(BoundedSemaphore, refuses_a_negative_first_value) { EXPECT_THROW(BoundedSemaphore(-1), ValueError); }

}  // namespace
}  // namespace heddle
