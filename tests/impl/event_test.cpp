// Event and Timer: every public operation, its arguments and its errors.
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <limits>
#include <memory>
#include <stdexcept>
#include <thread>
#include <vector>

#include <heddle/event.hpp>
#include <heddle/timer.hpp>

namespace heddle {
namespace {

using namespace std::chrono_literals;

TEST(Event, is_clear_when_made) { EXPECT_FALSE(Event().is_set()); }

TEST(Event, is_set_until_it_is_cleared) {
    Event event;
    event.set();
    event.set();
    EXPECT_TRUE(event.is_set());
    EXPECT_TRUE(event.wait());
    event.clear();
    event.clear();
    EXPECT_FALSE(event.is_set());
    EXPECT_FALSE(event.wait(Seconds(0)));
}

TEST(Event, wait_times_out_but_not_early) {
    Event event;
    const auto start = std::chrono::steady_clock::now();
    EXPECT_FALSE(event.wait(20ms));
    EXPECT_GE(std::chrono::steady_clock::now() - start, 20ms);
    EXPECT_FALSE(event.wait(Seconds(-1)));
}

TEST(Event, wait_checks_its_timeout_only_if_it_has_to_wait) {
    Event event;
    EXPECT_THROW(event.wait(Seconds(1e300)), OverflowError);
    EXPECT_THROW(event.wait(Seconds(std::numeric_limits<double>::quiet_NaN())), ValueError);
    event.set();
    EXPECT_TRUE(event.wait(Seconds(1e300)));
}

TEST(Event, releases_every_waiter_although_it_is_cleared_at_once) {
    for (int round = 0; round != 20; ++round) {
        Event event;
        std::atomic<int> begun{0};
        std::atomic<int> through{0};
        std::vector<std::jthread> threads;
        for (int n = 0; n != 3; ++n)
            threads.emplace_back([&] {
                ++begun;
                while (!event.wait(60s)) {
                }
                ++through;
            });
        while (begun != 3) std::this_thread::yield();
        std::this_thread::sleep_for(2ms);
        event.set();
        event.clear();
        threads.clear();
        EXPECT_EQ(through, 3);
    }
}

TEST(Timer, calls_its_function_once_after_the_interval) {
    const auto start = std::chrono::steady_clock::now();
    std::atomic<int> calls{0};
    Timer timer(
        20ms, [&](int by) { calls += by; }, 1);
    timer.start();
    timer.join();
    EXPECT_EQ(calls, 1);
    EXPECT_GE(std::chrono::steady_clock::now() - start, 20ms);
}

TEST(Timer, of_no_or_negative_interval_fires_at_once) {
    std::atomic<int> calls{0};
    Timer none(Seconds(0), [&] { ++calls; });
    Timer negative(Seconds(-5), [&] { ++calls; });
    none.start();
    negative.start();
    none.join();
    negative.join();
    EXPECT_EQ(calls, 2);
}

TEST(Timer, cancelled_in_time_ends_at_once_without_a_call) {
    std::atomic<int> calls{0};
    Timer before(60s, [&] { ++calls; });
    before.cancel();
    before.start();
    Timer after(60s, [&] { ++calls; });
    after.start();
    after.cancel();
    after.cancel();
    before.join();
    after.join();
    EXPECT_EQ(calls, 0);
}

TEST(Timer, is_a_thread_with_a_name_and_starts_once) {
    Timer timer(ThreadOptions{.name = "tick", .daemon = true}, Seconds(0), [] {});
    EXPECT_EQ(timer.name(), "tick");
    EXPECT_TRUE(timer.daemon());
    timer.start();
    EXPECT_THROW(timer.start(), RuntimeError);
    timer.join();
}

TEST(Timer, may_be_dropped_while_it_waits) {
    std::atomic<bool> called{false};
    {
        std::make_unique<Timer>(5ms, [&] { called = true; })->start();
    }
    shutdown();
    EXPECT_TRUE(called);
}

TEST(Timer, with_an_interval_out_of_range_fails_in_its_thread) {
    std::atomic<int> overflows{0};
    set_excepthook([&](const ExceptHookArgs& args) {
        try {
            std::rethrow_exception(args.exception);
        } catch (const OverflowError&) {
            ++overflows;
        }
    });
    std::atomic<int> calls{0};
    Timer timer(Seconds(1e300), [&] { ++calls; });
    timer.start();
    timer.join();
    set_excepthook({});
    EXPECT_EQ(overflows, 1);
    EXPECT_EQ(calls, 0);
}

TEST(Timer, whose_function_throws_tells_the_excepthook) {
    std::atomic<int> failures{0};
    set_excepthook([&](const ExceptHookArgs&) { ++failures; });
    Timer timer(Seconds(0), [] { throw std::runtime_error("tick"); });
    timer.start();
    timer.join();
    set_excepthook({});
    EXPECT_EQ(failures, 1);
}

}  // namespace
}  // namespace heddle
