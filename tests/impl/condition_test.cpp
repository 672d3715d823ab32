// Condition: every public operation, its arguments and its errors.
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <limits>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include <heddle/condition.hpp>

namespace heddle {
namespace {

using namespace std::chrono_literals;

template <class L>
class ConditionOver : public testing::Test {};
using Locks = testing::Types<Lock, RLock>;
TYPED_TEST_SUITE(ConditionOver, Locks);

TYPED_TEST(ConditionOver, wait_and_notify_need_the_lock) {
    Condition<TypeParam> condition;
    EXPECT_THROW(condition.wait(), RuntimeError);
    EXPECT_THROW(condition.wait(Seconds(0)), RuntimeError);
    EXPECT_THROW(condition.notify(), RuntimeError);
    EXPECT_THROW(condition.notify_all(), RuntimeError);
}

TYPED_TEST(ConditionOver, wait_times_out_but_not_early_and_holds_the_lock) {
    Condition<TypeParam> condition;
    const std::scoped_lock guard(condition);
    const auto start = std::chrono::steady_clock::now();
    EXPECT_FALSE(condition.wait(20ms));
    EXPECT_GE(std::chrono::steady_clock::now() - start, 20ms);
    EXPECT_TRUE(condition.locked());
}

TYPED_TEST(ConditionOver, wait_returns_true_once_notified) {
    Condition<TypeParam> condition;
    condition.acquire();
    std::jthread notifier([&] {
        const std::scoped_lock guard(condition);
        condition.notify();
    });
    EXPECT_TRUE(condition.wait(60s));
    condition.release();
}

TYPED_TEST(ConditionOver, wait_refuses_bad_timeouts_with_the_lock_held) {
    Condition<TypeParam> condition;
    const std::scoped_lock guard(condition);
    EXPECT_THROW(condition.wait(Seconds(std::numeric_limits<double>::infinity())), OverflowError);
    EXPECT_THROW(condition.wait(Seconds(std::numeric_limits<double>::quiet_NaN())), ValueError);
    EXPECT_TRUE(condition.locked());
    EXPECT_FALSE(condition.wait(Seconds(-5)));
}

// Threads that wait one after the other, and the order in which they were chosen.
struct Waiters {
    explicit Waiters(int count) {
        for (int n = 0; n != count; ++n) {
            threads.emplace_back([this, n] {
                const std::scoped_lock guard(condition);
                ++waiting;
                if (condition.wait(60s)) woken.push_back(n);
            });
            await([&] { return waiting == n + 1; });
        }
    }
    template <class Predicate>
    void await(Predicate predicate) {
        for (;;) {
            const std::scoped_lock guard(condition);
            if (predicate()) return;
            std::this_thread::yield();
        }
    }
    void notify(int n) {
        const std::scoped_lock guard(condition);
        condition.notify(n);
    }

    Condition<Lock> condition;
    int waiting = 0;
    std::vector<int> woken;
    std::vector<std::jthread> threads;
};

TEST(Condition, notify_chooses_as_many_as_it_is_told_the_oldest_first) {
    Waiters waiters(4);
    waiters.notify(1);
    waiters.await([&] { return waiters.woken.size() == 1; });
    EXPECT_EQ(waiters.woken, std::vector{0});
    waiters.notify(2);
    waiters.await([&] { return waiters.woken.size() == 3; });
    std::this_thread::sleep_for(5ms);
    waiters.await([&] { return waiters.woken.size() == 3; });
    waiters.notify(10);
    waiters.await([&] { return waiters.woken.size() == 4; });
    EXPECT_EQ(waiters.woken.back(), 3);
}

TEST(Condition, notify_of_none_or_of_nobody_has_no_effect) {
    Waiters waiters(1);
    waiters.notify(0);
    waiters.notify(-3);
    std::this_thread::sleep_for(5ms);
    waiters.await([&] { return waiters.woken.empty(); });
    waiters.notify(1);
    waiters.await([&] { return waiters.woken.size() == 1; });

    Condition<> fresh;
    const std::scoped_lock guard(fresh);
    fresh.notify_all();
    EXPECT_FALSE(fresh.wait(1ms)) << "a notify is not remembered";
}

TEST(Condition, wait_for_gives_the_predicates_last_value) {
    Condition<> condition;
    const std::scoped_lock guard(condition);
    EXPECT_EQ(condition.wait_for([] { return 7; }), 7);
    int calls = 0;
    EXPECT_EQ(condition.wait_for([&] { return ++calls, static_cast<const char*>(nullptr); }, Seconds(0)), nullptr);
    EXPECT_EQ(calls, 2) << "once before and once after the one wait(0)";
}

TEST(Condition, wait_for_with_a_true_predicate_asks_for_no_lock_and_no_timeout) {
    Condition<> condition;
    EXPECT_TRUE(condition.wait_for([] { return true; }, Seconds(std::numeric_limits<double>::infinity())));
    EXPECT_THROW(condition.wait_for([] { return false; }), RuntimeError);
}

TEST(Condition, wait_for_has_one_deadline_for_all_its_waits) {
    Condition<> condition;
    std::atomic<bool> done{false};
    std::jthread notifier([&] {
        while (!done) {
            const std::scoped_lock guard(condition);
            condition.notify_all();
        }
    });
    const std::scoped_lock guard(condition);
    const auto start = std::chrono::steady_clock::now();
    EXPECT_FALSE(condition.wait_for([] { return false; }, 30ms));
    EXPECT_GE(std::chrono::steady_clock::now() - start, 30ms);
    done = true;
}

TEST(Condition, a_predicate_that_throws_leaves_the_lock_held) {
    Condition<> condition;
    condition.acquire();
    EXPECT_THROW(condition.wait_for([]() -> bool { throw std::logic_error("predicate"); }), std::logic_error);
    condition.release();
    EXPECT_FALSE(condition.locked());
}

TEST(Condition, wait_gives_up_every_level_of_an_rlock) {
    RLock lock;
    Condition<> condition(lock);
    lock.acquire();
    lock.acquire();
    std::jthread notifier([&] {
        const std::scoped_lock guard(lock);
        condition.notify();
    });
    EXPECT_TRUE(condition.wait(60s));
    EXPECT_EQ(lock.recursion_count(), 2U);
    lock.release();
    lock.release();
}

TEST(Condition, wait_for_ends_when_a_stop_is_requested) {
    Condition<> condition;
    std::stop_source stop;
    std::atomic<bool> waits{false};
    std::jthread waiter([&] {
        const std::scoped_lock guard(condition);
        const auto never = [&] { return waits = true, false; };
        EXPECT_FALSE(condition.wait_for(stop.get_token(), never));
        EXPECT_TRUE(condition.locked());
    });
    while (!waits) std::this_thread::yield();
    stop.request_stop();
}

TEST(Condition, wait_for_does_not_wait_if_a_stop_was_requested_before) {
    Condition<Lock> condition;
    std::stop_source stop;
    stop.request_stop();
    const std::scoped_lock guard(condition);
    EXPECT_FALSE(condition.wait_for(stop.get_token(), [] { return false; }));
    EXPECT_TRUE(condition.wait_for(stop.get_token(), [] { return true; }));
}

TEST(Condition, a_stop_may_be_requested_with_the_lock_held_and_takes_no_notify_from_another) {
    Condition<Lock> condition;
    std::stop_source stop;
    int waiting = 0;
    bool stopped = false;
    bool notified = false;
    std::jthread stops([&] {
        const std::scoped_lock guard(condition);
        ++waiting;
        condition.wait_for(stop.get_token(), [] { return false; });
        stopped = true;
    });
    std::jthread stays([&] {
        const std::scoped_lock guard(condition);
        ++waiting;
        notified = condition.wait(60s);
    });
    for (bool both = false; !both; std::this_thread::yield()) {
        const std::scoped_lock guard(condition);
        both = waiting == 2;
    }
    {
        const std::scoped_lock guard(condition);
        stop.request_stop();
    }
    stops.join();
    {
        const std::scoped_lock guard(condition);
        EXPECT_TRUE(stopped);
        condition.notify();
    }
    stays.join();
    EXPECT_TRUE(notified);
}

}  // namespace
}  // namespace heddle
