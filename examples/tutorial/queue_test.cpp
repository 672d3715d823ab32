#include "bounded_queue.hpp"

#include <cassert>
#include <thread>

#include <heddle/unmodified.hpp>

HEDDLE_TEST(QueueKeepsOrder) {
    BoundedQueue<int> queue(1);
    std::thread producer([&] { queue.push(1), queue.push(2); });
    assert(queue.pop() == 1);
    assert(queue.pop() == 2);
    producer.join();
}

HEDDLE_TEST(QueueWakesBothConsumers) {
    BoundedQueue<int> queue(2);
    std::thread first([&] { queue.pop(); });
    std::thread second([&] { queue.pop(); });
    queue.push(1), queue.push(2);
    first.join();
    second.join();
}
