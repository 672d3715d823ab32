// Queue::shutdown: what it leaves, drops and wakes.
#include <gtest/gtest.h>

#include <chrono>

#include <heddle/queue.hpp>
#include <heddle/thread.hpp>

namespace heddle {
namespace {

using namespace std::chrono_literals;

TEST(Queue, graceful_shutdown_lets_getters_drain_it) {
    Queue<int> queue;
    queue.put(1);
    EXPECT_FALSE(queue.is_shutdown());
    queue.shutdown();
    EXPECT_TRUE(queue.is_shutdown());
    EXPECT_THROW(queue.put(2), ShutDown);
    EXPECT_THROW(queue.put_nowait(2), ShutDown);
    EXPECT_EQ(queue.get(), 1);
    EXPECT_THROW(queue.get(), ShutDown);
    EXPECT_THROW(queue.get_nowait(), ShutDown);
    queue.task_done();
    queue.join();
}

TEST(Queue, immediate_shutdown_drops_what_is_queued_and_counts_what_is_handed_out) {
    Queue<int> queue;
    for (int item = 0; item != 3; ++item) queue.put(item);
    queue.get();
    queue.shutdown(true);
    EXPECT_TRUE(queue.empty());
    EXPECT_THROW(queue.get(), ShutDown);
    queue.task_done();
    EXPECT_THROW(queue.task_done(), ValueError);
    queue.join();
}

TEST(Queue, shutdown_may_be_repeated_and_made_immediate) {
    Queue<int> queue;
    queue.put(1);
    queue.shutdown();
    queue.shutdown(true);
    queue.shutdown();
    EXPECT_TRUE(queue.empty());
    queue.join();
}

TEST(Queue, shutdown_refuses_before_it_looks_at_the_arguments) {
    Queue<int> queue(1);
    queue.shutdown();
    EXPECT_THROW(queue.put(1, true, -1s), ShutDown);
    EXPECT_THROW(queue.get(true, -1s), ShutDown);
}

TEST(Queue, shutdown_wakes_a_blocked_getter_and_a_blocked_putter) {
    Queue<int> empty;
    Queue<int> full(1);
    full.put(0);
    int refused = 0;
    Thread getter([&] {
        try {
            empty.get();
        } catch (const ShutDown&) {
            ++refused;
        }
    });
    getter.start();
    empty.shutdown();
    getter.join();
    Thread putter([&] {
        try {
            full.put(1);
        } catch (const ShutDown&) {
            ++refused;
        }
    });
    putter.start();
    full.shutdown();
    putter.join();
    EXPECT_EQ(refused, 2);
}

}  // namespace
}  // namespace heddle
