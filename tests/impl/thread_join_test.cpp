// Thread::join: who may call it, when it gives up, and what it waits for.
#include <gtest/gtest.h>

#include <chrono>
#include <limits>
#include <memory>
#include <thread>

#include <heddle/lock.hpp>
#include <heddle/thread.hpp>

#include "held_thread.hpp"

namespace heddle {
namespace {

using namespace std::chrono_literals;

TEST(Thread, join_refuses_a_thread_that_was_not_started) {
    Thread thread([] {});
    EXPECT_THROW(thread.join(), RuntimeError);
    EXPECT_THROW(thread.join(1s), RuntimeError);
}

TEST(Thread, join_refuses_the_thread_itself) {
    bool refused = false;
    std::unique_ptr<Thread> thread;
    thread = std::make_unique<Thread>([&] {
        try {
            thread->join();
        } catch (const RuntimeError&) {
            refused = true;
        }
    });
    thread->start();
    thread->join();
    EXPECT_TRUE(refused);
}

TEST(Thread, join_may_be_called_again) {
    Thread thread([] {});
    thread.start();
    thread.join();
    thread.join();
    EXPECT_TRUE(thread.join(0s));
}

TEST(Thread, join_with_a_timeout_tells_whether_the_thread_has_ended) {
    HeldThread held;
    held.thread.start();
    EXPECT_FALSE(held.thread.join(5ms));
    EXPECT_FALSE(held.thread.join(0s));
    EXPECT_FALSE(held.thread.join(-1s));
    held.let_go();
    EXPECT_TRUE(held.thread.join(60s));
}

TEST(Thread, join_refuses_bad_timeouts_after_the_state_checks) {
    Thread thread([] {});
    EXPECT_THROW(thread.join(timeout_max + 1s), RuntimeError);
    thread.start();
    thread.join();
    EXPECT_THROW(thread.join(timeout_max + 1s), OverflowError);
    EXPECT_THROW(thread.join(Seconds(std::numeric_limits<double>::quiet_NaN())), ValueError);
}

TEST(Thread, join_waits_for_thread_local_destructors) {
    static int destroyed = 0;
    struct Local {
        ~Local() {
            std::this_thread::sleep_for(5ms);
            ++destroyed;
        }
    };
    Thread thread([] {
        thread_local Local local;
        (void)local;
    });
    thread.start();
    thread.join();
    EXPECT_EQ(destroyed, 1);
}

}  // namespace
}  // namespace heddle
