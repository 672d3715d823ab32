// Boost.Lockfree as it ships.
#include <boost/lockfree/queue.hpp>
#include <boost/lockfree/spsc_queue.hpp>
#include <boost/lockfree/stack.hpp>

#include <cassert>
#include <thread>

#include <heddle/unmodified.hpp>

namespace {

using boost::lockfree::capacity;

HEDDLE_TEST(SpscQueueKeepsOrder) {
    boost::lockfree::spsc_queue<int, capacity<2>> queue;
    constexpr int items = 3;
    std::thread producer([&] {
        for (int item = 1; item <= items; ++item)
            while (!queue.push(item)) std::this_thread::yield();
    });
    std::thread consumer([&] {
        for (int expected = 1, item = 0; expected <= items; ++expected) {
            while (!queue.pop(item)) std::this_thread::yield();
            assert(item == expected);
        }
    });
    producer.join();
    consumer.join();
}

HEDDLE_TEST(SpscQueueIsTried) {
    boost::lockfree::spsc_queue<int, capacity<2>> queue;
    std::thread producer([&] {
        for (int item = 1; item <= 3; ++item) queue.push(item);
    });
    std::thread consumer([&] {
        for (int tries = 0, item = 0, last = 0; tries != 3; ++tries)
            if (queue.pop(item)) assert(item > last), last = item;
    });
    producer.join();
    consumer.join();
}

HEDDLE_TEST(StackIsPushedAndPopped) {
    boost::lockfree::stack<int, capacity<4>> stack;
    std::thread producer([&] { stack.push(1), stack.push(2); });
    std::thread consumer([&] {
        int item = 0;
        if (stack.pop(item)) assert(item == 1 || item == 2);
    });
    producer.join();
    consumer.join();
}

HEDDLE_TEST(QueueOfFixedSizePassesAnItem) {
    boost::lockfree::queue<int, capacity<4>> queue;
    int taken = 0, item = 0;
    std::thread producer([&] { queue.push(1); });
    std::thread consumer([&] { taken += queue.pop(item) ? 1 : 0; });
    producer.join();
    consumer.join();
    while (queue.pop(item)) ++taken;
    assert(taken == 1);
}

}  // namespace
