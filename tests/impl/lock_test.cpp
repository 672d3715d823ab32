// Lock: every public operation, its arguments and its errors.
#include <gtest/gtest.h>

#include <chrono>
#include <condition_variable>
#include <limits>
#include <mutex>
#include <thread>
#include <vector>

#include <heddle/lock.hpp>

namespace heddle {
namespace {

using namespace std::chrono_literals;

TEST(Lock, is_free_when_made) { EXPECT_FALSE(Lock().locked()); }

TEST(Lock, acquire_takes_a_free_lock) {
    Lock lock;
    EXPECT_TRUE(lock.acquire());
    EXPECT_TRUE(lock.locked());
}

TEST(Lock, acquire_without_blocking_is_refused_while_held) {
    Lock lock;
    lock.acquire();
    EXPECT_FALSE(lock.acquire(false));
    EXPECT_FALSE(lock.try_lock());
}

TEST(Lock, acquire_with_a_timeout_gives_up_but_not_early) {
    Lock lock;
    lock.acquire();
    const auto start = std::chrono::steady_clock::now();
    EXPECT_FALSE(lock.acquire(true, 20ms));
    EXPECT_GE(std::chrono::steady_clock::now() - start, 20ms);
    EXPECT_TRUE(lock.locked());
}

TEST(Lock, acquire_with_a_timeout_takes_the_lock_when_it_is_released_in_time) {
    Lock lock;
    lock.acquire();
    std::jthread releaser([&] { lock.release(); });
    EXPECT_TRUE(lock.acquire(true, 60s));
}

TEST(Lock, acquire_with_a_zero_timeout_is_one_try) {
    Lock lock;
    EXPECT_TRUE(lock.acquire(true, 0s));
    EXPECT_FALSE(lock.acquire(true, 0s));
}

TEST(Lock, acquire_waits_for_the_release_by_another_thread) {
    Lock lock;
    lock.acquire();
    std::jthread releaser([&] {
        std::this_thread::sleep_for(5ms);
        lock.release();
    });
    EXPECT_TRUE(lock.acquire());
}

TEST(Lock, release_of_a_free_lock_throws_RuntimeError_and_changes_nothing) {
    Lock lock;
    EXPECT_THROW(lock.release(), RuntimeError);
    EXPECT_FALSE(lock.locked());
    EXPECT_TRUE(lock.acquire(false));
    lock.release();
    EXPECT_THROW(lock.unlock(), RuntimeError);
}

TEST(Lock, acquire_refuses_bad_arguments_whatever_its_state) {
    const auto nan = Seconds(std::numeric_limits<double>::quiet_NaN());
    const auto infinity = Seconds(std::numeric_limits<double>::infinity());
    Lock lock;
    for (const bool held : {false, true}) {
        if (held) lock.acquire();
        EXPECT_THROW(lock.acquire(true, -2s), ValueError);
        EXPECT_THROW(lock.acquire(true, Seconds(-1e-12)), ValueError);
        EXPECT_THROW(lock.acquire(true, nan), ValueError);
        EXPECT_THROW(lock.acquire(true, infinity), OverflowError);
        EXPECT_THROW(lock.acquire(true, timeout_max + 1s), OverflowError);
        EXPECT_THROW(lock.acquire(false, 0s), ValueError);
        EXPECT_THROW(lock.acquire(false, 1s), ValueError);
        EXPECT_THROW(lock.acquire(false, nan), ValueError);
        EXPECT_THROW(lock.acquire(false, infinity), ValueError);
        EXPECT_EQ(lock.locked(), held);
    }
}

TEST(Lock, acquire_accepts_the_longest_timeout) {
    Lock lock;
    EXPECT_TRUE(lock.acquire(true, timeout_max));
}

TEST(Lock, works_with_the_standard_guards) {
    Lock lock;
    {
        const std::scoped_lock guard(lock);
        EXPECT_TRUE(lock.locked());
    }
    {
        const std::unique_lock guard(lock, 10ms);
        EXPECT_TRUE(guard.owns_lock());
        const std::unique_lock refused(lock, std::chrono::system_clock::now() + 5ms);
        EXPECT_FALSE(refused.owns_lock());
    }
    EXPECT_FALSE(lock.locked());
}

TEST(Lock, works_with_condition_variable_any) {
    Lock lock;
    std::condition_variable_any changed;
    bool ready = false;
    std::jthread setter([&] {
        const std::scoped_lock guard(lock);
        ready = true;
        changed.notify_one();
    });
    std::unique_lock guard(lock);
    EXPECT_TRUE(changed.wait_for(guard, 60s, [&] { return ready; }));
}

TEST(Lock, try_lock_until_a_past_time_is_one_try) {
    Lock lock;
    EXPECT_TRUE(lock.try_lock_until(std::chrono::steady_clock::now() - 1h));
    EXPECT_FALSE(lock.try_lock_until(std::chrono::steady_clock::now() - 1h));
    EXPECT_FALSE(lock.try_lock_for(-1s));
}

TEST(Lock, may_be_destroyed_while_held) {
    Lock lock;
    lock.acquire();
}

TEST(Lock, many_threads_exclude_each_other) {
    constexpr int rounds = 2000;
    Lock lock;
    int inside = 0;
    {
        std::vector<std::jthread> threads;
        for (int n = 0; n != 4; ++n) {
            threads.emplace_back([&] {
                for (int round = 0; round != rounds; ++round) {
                    const std::scoped_lock guard(lock);
                    ++inside;
                }
            });
        }
    }
    EXPECT_EQ(inside, 4 * rounds);
}

}  // namespace
}  // namespace heddle
