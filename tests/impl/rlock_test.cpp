// RLock: every public operation, its arguments and its errors.
#include <gtest/gtest.h>

#include <chrono>
#include <condition_variable>
#include <limits>
#include <mutex>
#include <thread>

#include <heddle/rlock.hpp>

namespace heddle {
namespace {

using namespace std::chrono_literals;

template <class F>
void in_another_thread(F function) {
    std::jthread thread(std::move(function));
}

TEST(RLock, is_free_when_made) {
    RLock lock;
    EXPECT_FALSE(lock.locked());
    EXPECT_FALSE(lock.is_owned());
    EXPECT_EQ(lock.recursion_count(), 0U);
}

TEST(RLock, is_free_again_after_as_many_releases_as_acquires) {
    RLock lock;
    lock.acquire();
    lock.acquire(false);
    lock.acquire(true, 1s);
    EXPECT_EQ(lock.recursion_count(), 3U);
    lock.release();
    lock.release();
    EXPECT_TRUE(lock.locked());
    lock.release();
    EXPECT_FALSE(lock.locked());
}

TEST(RLock, owned_by_another_thread_is_refused_without_blocking) {
    RLock lock;
    lock.acquire();
    in_another_thread([&] {
        EXPECT_FALSE(lock.acquire(false));
        EXPECT_FALSE(lock.is_owned());
        EXPECT_EQ(lock.recursion_count(), 0U);
        EXPECT_TRUE(lock.locked());
    });
}

TEST(RLock, owned_by_another_thread_is_refused_after_the_timeout_and_not_before) {
    RLock lock;
    lock.acquire();
    in_another_thread([&] {
        const auto start = std::chrono::steady_clock::now();
        EXPECT_FALSE(lock.acquire(true, 20ms));
        EXPECT_GE(std::chrono::steady_clock::now() - start, 20ms);
    });
}

TEST(RLock, release_by_another_thread_is_an_error_without_effect) {
    RLock lock;
    lock.acquire();
    in_another_thread([&] { EXPECT_THROW(lock.release(), RuntimeError); });
    EXPECT_EQ(lock.recursion_count(), 1U);
}

TEST(RLock, release_of_a_free_one_is_an_error_that_leaves_it_usable) {
    RLock lock;
    EXPECT_THROW(lock.release(), RuntimeError);
    EXPECT_TRUE(lock.acquire());
    lock.release();
    EXPECT_THROW(lock.release(), RuntimeError);
}

TEST(RLock, arguments_are_checked_even_for_the_owner) {
    RLock lock;
    lock.acquire();
    EXPECT_THROW(lock.acquire(true, Seconds(-2)), ValueError);
    EXPECT_THROW(lock.acquire(true, Seconds(-1e-12)), ValueError);
    EXPECT_THROW(lock.acquire(true, Seconds(std::numeric_limits<double>::quiet_NaN())), ValueError);
    EXPECT_THROW(lock.acquire(true, Seconds(std::numeric_limits<double>::infinity())), OverflowError);
    EXPECT_THROW(lock.acquire(false, Seconds(0)), ValueError);
    EXPECT_EQ(lock.recursion_count(), 1U);
}

TEST(RLock, whose_owner_has_ended_stays_locked_for_every_later_thread) {
    RLock lock;
    in_another_thread([&] { lock.acquire(); });
    for (int n = 0; n != 20; ++n) in_another_thread([&] { EXPECT_FALSE(lock.acquire(false)); });
}

TEST(RLock, gives_up_all_levels_at_once_and_takes_them_back) {
    RLock lock;
    lock.acquire();
    lock.acquire();
    const auto level = detail::LockAccess::release_whole(lock);
    EXPECT_FALSE(lock.locked());
    in_another_thread([&] {
        EXPECT_TRUE(lock.acquire(false));
        lock.release();
    });
    detail::LockAccess::take_back(lock, level, true);
    EXPECT_EQ(lock.recursion_count(), 2U);
    in_another_thread([&] { EXPECT_THROW((void)detail::LockAccess::release_whole(lock), RuntimeError); });
}

TEST(RLock, works_with_the_guards_and_waits_of_the_standard_library) {
    RLock a;
    RLock b;
    {
        const std::scoped_lock both(a, b);
        const std::unique_lock again(a);
        EXPECT_EQ(a.recursion_count(), 2U);
    }
    EXPECT_FALSE(a.locked());
    std::unique_lock guard(a, 1ms);
    EXPECT_TRUE(guard.owns_lock());
    std::condition_variable_any condition;
    EXPECT_EQ(condition.wait_until(guard, std::chrono::steady_clock::now() + 1ms), std::cv_status::timeout);
    EXPECT_TRUE(a.try_lock_until(std::chrono::system_clock::now() + 1ms));
    a.unlock();
}

TEST(RLock, may_be_destroyed_while_held) {
    RLock lock;
    lock.acquire();
}

}  // namespace
}  // namespace heddle
