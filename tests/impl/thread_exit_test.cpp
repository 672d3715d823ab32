// Thread: bodies that fail, and the exit phase.
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <exception>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <heddle/low_level.hpp>
#include <heddle/thread.hpp>

#include "held_thread.hpp"

namespace heddle {
namespace {

using namespace std::chrono_literals;

class ExceptHookTest : public testing::Test {
  protected:
    ~ExceptHookTest() override { set_excepthook({}); }

    static void run_failing(Thread& thread) {
        thread.start();
        thread.join();
    }
};

TEST_F(ExceptHookTest, is_told_of_whatever_leaves_the_body_and_by_whom) {
    std::vector<std::string> seen;
    set_excepthook([&](const ExceptHookArgs& args) {
        try {
            std::rethrow_exception(args.exception);
        } catch (const std::exception& error) {
            seen.push_back(args.thread_name + ": " + error.what());
        } catch (...) {
            seen.push_back(args.thread_name + ": unknown");
        }
    });
    Thread first(ThreadOptions{.name = "first"}, [] { throw std::logic_error("oops"); });
    Thread second(ThreadOptions{.name = "second"}, [] { throw 42; });
    Thread third(ThreadOptions{.name = "third"}, [] { exit_thread(); });
    run_failing(first);
    run_failing(second);
    run_failing(third);
    EXPECT_EQ(seen, (std::vector<std::string>{"first: oops", "second: unknown", "third: thread exit"}));
}

TEST_F(ExceptHookTest, by_default_prints_the_thread_and_the_error) {
    testing::internal::CaptureStderr();
    Thread failing(ThreadOptions{.name = "failing"}, [] { throw std::logic_error("oops"); });
    Thread leaving([] { exit_thread(); });
    run_failing(failing);
    run_failing(leaving);
    EXPECT_EQ(testing::internal::GetCapturedStderr(), "Exception in thread failing: oops\n");
}

TEST_F(ExceptHookTest, that_throws_is_reported_and_the_thread_still_ends) {
    set_excepthook([](const ExceptHookArgs&) { throw std::logic_error("worse"); });
    testing::internal::CaptureStderr();
    Thread failing([] { throw std::logic_error("oops"); });
    run_failing(failing);
    EXPECT_EQ(testing::internal::GetCapturedStderr(), "Exception in threading.excepthook: worse\n");
}

TEST(Shutdown, waits_for_every_non_daemon_thread_and_no_daemon) {
    std::atomic<bool> late_ran{false};
    Thread late([&] {
        std::this_thread::sleep_for(5ms);
        late_ran = true;
    });
    Thread early([&] { late.start(); });
    HeldThread daemon({.daemon = true});
    daemon.thread.start();
    early.start();
    shutdown();
    EXPECT_TRUE(late_ran);
    EXPECT_TRUE(daemon.thread.is_alive());
    shutdown();
}

TEST(Shutdown, by_an_ExitGuard_at_the_end_of_its_scope) {
    std::atomic<bool> ran{false};
    {
        const ExitGuard guard;
        Thread thread([&] {
            std::this_thread::sleep_for(5ms);
            ran = true;
        });
        thread.start();
    }
    EXPECT_TRUE(ran);
}

TEST(Shutdown, from_a_thread_does_not_wait_for_itself) {
    Thread thread([] { shutdown(); });
    thread.start();
    thread.join();
}

TEST(StartNewThread, runs_the_function_with_its_arguments_and_returns_an_ident) {
    Lock done = allocate_lock();
    done.acquire();
    int sum = 0;
    const auto ident = start_new_thread(
        [&](int a, int b) {
            sum = a + b;
            done.release();
        },
        2, 3);
    done.acquire();
    EXPECT_EQ(sum, 5);
    EXPECT_NE(ident, 0U);
}

TEST(StartNewThread, is_not_waited_for_at_the_exit) {
    static Lock gate;
    gate.acquire();
    static Lock ended;
    ended.acquire();
    start_new_thread([] {
        gate.acquire();
        ended.release();
    });
    shutdown();
    EXPECT_TRUE(ended.locked());
    gate.release();
    ended.acquire();
}

// Nobody can join a low-level thread: waits until the system has forgotten it.
void wait_for_end(const std::atomic<std::uint64_t>& native_id) {
    while (native_id == 0) std::this_thread::yield();
    const std::string task = "/proc/self/task/" + std::to_string(native_id.load());
    while (std::filesystem::exists(task)) std::this_thread::sleep_for(1ms);
}

TEST(StartNewThread, contains_what_leaves_the_function) {
    testing::internal::CaptureStderr();
    static std::atomic<std::uint64_t> failing{0};
    static std::atomic<std::uint64_t> leaving{0};
    start_new_thread([] {
        failing = StdPlatform::native_id();
        throw std::logic_error("oops");
    });
    start_new_thread([] {
        leaving = StdPlatform::native_id();
        exit_thread();
    });
    wait_for_end(failing);
    wait_for_end(leaving);
    EXPECT_EQ(testing::internal::GetCapturedStderr(),
              "Exception ignored in a thread started by start_new_thread: oops\n");
}

}  // namespace
}  // namespace heddle
