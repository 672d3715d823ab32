// Deadline, StdPlatform and its mutex.
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <concepts>
#include <future>
#include <limits>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>

#include <heddle/platform/mutex.hpp>
#include <heddle/platform/std_platform.hpp>

namespace heddle {
namespace {

using namespace std::chrono_literals;
using Word = StdPlatform::atomic<FutexWord>;

TEST(Deadline, never_does_not_pass) {
    EXPECT_TRUE(Deadline::never().is_never());
    EXPECT_FALSE(Deadline::never().passed(std::chrono::nanoseconds::max()));
}

TEST(Deadline, passes_at_its_instant_and_not_before) {
    const auto deadline = Deadline::after(100ns, 50ns);
    EXPECT_FALSE(deadline.passed(149ns));
    EXPECT_TRUE(deadline.passed(150ns));
}

TEST(Deadline, of_a_zero_or_negative_timeout_has_passed_already) {
    EXPECT_TRUE(Deadline::after(100ns, 0s).passed(100ns));
    EXPECT_TRUE(Deadline::after(100ns, -1s).passed(100ns));
}

TEST(Deadline, rounds_a_fraction_of_a_nanosecond_up) {
    EXPECT_EQ(Deadline::after(0ns, std::chrono::duration<double>(1.5e-9)).since_epoch(), 2ns);
}

TEST(Deadline, saturates_instead_of_overflowing) {
    const auto late = std::chrono::nanoseconds(std::numeric_limits<std::int64_t>::max() - 5);
    const auto deadline = Deadline::after(late, std::chrono::duration<double>(9223372036.0));
    EXPECT_FALSE(deadline.is_never());
    EXPECT_FALSE(deadline.passed(late));
}

TEST(StdPlatform, wait_on_a_changed_word_returns_at_once) {
    const Word word(1);
    EXPECT_EQ(StdPlatform::wait(word, 2, Deadline::never()), WaitResult::changed);
}

TEST(StdPlatform, wait_times_out_but_not_early) {
    const Word word(1);
    const auto start = StdPlatform::now();
    EXPECT_EQ(StdPlatform::wait(word, 1, Deadline::after(start, 20ms)), WaitResult::timed_out);
    EXPECT_GE(StdPlatform::now() - start, 20ms);
}

TEST(StdPlatform, wake_one_wakes_a_waiter) {
    Word word(0);
    std::jthread waiter([&] {
        while (word.load(std::memory_order_acquire) == 0) StdPlatform::wait(word, 0, Deadline::never());
    });
    word.store(1, std::memory_order_release);
    StdPlatform::wake_one(word);
}

TEST(StdPlatform, wake_one_by_a_key_wakes_a_waiter_and_does_without_the_word) {
    StdPlatform::futex_key key;
    {
        Word word(0);
        key = StdPlatform::futex_key(word);
        std::jthread waiter([&] {
            while (word.load(std::memory_order_acquire) == 0) StdPlatform::wait(word, 0, Deadline::never());
        });
        word.store(1, std::memory_order_release);
        StdPlatform::wake_one(key);
    }
    StdPlatform::wake_one(key);
}

TEST(StdPlatform, spawn_runs_the_epilogue_after_thread_local_destructors) {
    static std::string order;
    struct AtExit {
        ~AtExit() { order += "destructor "; }
    };
    static Word done(0);
    StdPlatform::spawn(
        [] {
            thread_local AtExit at_exit;
            (void)at_exit;
            order += "body ";
        },
        [] {
            order += "epilogue";
            done.store(1, std::memory_order_release);
            StdPlatform::wake_all(done);
        },
        0);
    while (done.load(std::memory_order_acquire) == 0) StdPlatform::wait(done, 0, Deadline::never());
    EXPECT_EQ(order, "body destructor epilogue");
}

TEST(StdPlatform, spawn_with_an_impossible_stack_throws_and_starts_nothing) {
    EXPECT_THROW(StdPlatform::spawn([] { FAIL(); }, [] { FAIL(); }, 1), std::system_error);
}

TEST(StdPlatform, local_is_null_in_a_new_thread_and_kept_per_thread) {
    int mine = 0;
    StdPlatform::local() = &mine;
    std::jthread([] { EXPECT_EQ(StdPlatform::local(), nullptr); }).join();
    EXPECT_EQ(StdPlatform::local(), &mine);
    StdPlatform::local() = nullptr;
}

using Mutex = mutex<StdPlatform>;
using ConditionVariable = condition_variable<StdPlatform>;

TEST(MutexOfStdPlatform, is_a_std_mutex_that_takes_a_name) {
    static_assert(std::derived_from<Mutex, std::mutex>);
    Mutex named{"named"};
    const std::scoped_lock guard(named);
    EXPECT_FALSE(std::async(std::launch::async, [&] { return named.try_lock(); }).get());
}

TEST(ConditionVariableOfStdPlatform, hands_a_value_over) {
    Mutex mutex;
    ConditionVariable ready{"ready"};
    int value = 0;
    std::jthread setter([&] {
        const std::scoped_lock guard(mutex);
        value = 42;
        ready.notify_one();
    });
    std::unique_lock guard(mutex);
    ready.wait(guard, [&] { return value != 0; });
    EXPECT_EQ(value, 42);
    EXPECT_TRUE(guard.owns_lock());
}

TEST(ConditionVariableOfStdPlatform, times_out_with_the_mutex_held) {
    Mutex mutex;
    ConditionVariable never_notified;
    std::unique_lock guard(mutex);
    EXPECT_EQ(never_notified.wait_until(guard, std::chrono::steady_clock::now() + 1ms), std::cv_status::timeout);
    EXPECT_EQ(never_notified.wait_for(guard, 1ms), std::cv_status::timeout);
    EXPECT_FALSE(never_notified.wait_for(guard, 1ms, [] { return false; }));
    EXPECT_FALSE(std::async(std::launch::async, [&] { return mutex.try_lock(); }).get());
}

TEST(ConditionVariableOfStdPlatform, leaves_the_mutex_held_when_the_predicate_throws) {
    Mutex mutex;
    ConditionVariable condition;
    std::unique_lock guard(mutex);
    EXPECT_THROW(condition.wait(guard, []() -> bool { throw std::runtime_error("the predicate fails"); }),
                 std::runtime_error);
    EXPECT_TRUE(guard.owns_lock());
    EXPECT_FALSE(std::async(std::launch::async, [&] { return mutex.try_lock(); }).get());
}

TEST(StdPlatformDeathTest, misuse_says_why_and_aborts) {
    EXPECT_DEATH(StdPlatform::misuse("the reason"), "heddle: misuse: the reason");
}

}  // namespace
}  // namespace heddle
