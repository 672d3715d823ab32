// moodycamel::ConcurrentQueue as it ships: every execution of five small clients.
#include <concurrentqueue/concurrentqueue.h>

#include <cassert>
#include <thread>

#include <heddle/unmodified.hpp>

namespace {

using Queue = moodycamel::ConcurrentQueue<int>;

/// What was taken from a queue, in order where it comes from one producer.
struct Taken {
    int items = 0;
    int sum = 0;

    void from(Queue& queue, int tries) {
        for (int item = 0; tries != 0; --tries)
            if (queue.try_dequeue(item)) ++items, sum += item;
    }
    void rest_of(Queue& queue) {
        for (int item = 0; queue.try_dequeue(item);) ++items, sum += item;
    }
};

HEDDLE_TEST(OneProducerOneConsumer) {
    Queue queue(8);
    Taken taken;
    std::thread producer([&] { queue.enqueue(1), queue.enqueue(2); });
    std::thread consumer([&] { taken.from(queue, 2); });
    producer.join();
    consumer.join();
    taken.rest_of(queue);
    assert(taken.items == 2 && taken.sum == 3);
}

HEDDLE_TEST(ProducerAndConsumerWithTokens) {
    Queue queue(8);
    Taken taken;
    std::thread producer([&] {
        moodycamel::ProducerToken token(queue);
        queue.enqueue(token, 1), queue.enqueue(token, 2);
    });
    std::thread consumer([&] {
        moodycamel::ConsumerToken token(queue);
        for (int tries = 2, item = 0; tries != 0; --tries)
            if (queue.try_dequeue(token, item)) ++taken.items, taken.sum += item;
    });
    producer.join();
    consumer.join();
    taken.rest_of(queue);
    assert(taken.items == 2 && taken.sum == 3);
}

HEDDLE_TEST(OneProducerTwoConsumers) {
    Queue queue(8);
    Taken first, second, rest;
    std::thread producer([&] { queue.enqueue(1), queue.enqueue(2); });
    std::thread consumer([&] { first.from(queue, 1); });
    std::thread other([&] { second.from(queue, 1); });
    producer.join();
    consumer.join();
    other.join();
    rest.rest_of(queue);
    assert(first.items + second.items + rest.items == 2 && first.sum + second.sum + rest.sum == 3);
}

HEDDLE_TEST(TwoProducersOneConsumer) {
    Queue queue(8);
    Taken taken;
    std::thread producer([&] { queue.enqueue(1); });
    std::thread other([&] { queue.enqueue(2); });
    std::thread consumer([&] { taken.from(queue, 2); });
    producer.join();
    other.join();
    consumer.join();
    taken.rest_of(queue);
    assert(taken.items == 2 && taken.sum == 3);
}

HEDDLE_TEST(TwoProducersThreeItems) {
    Queue queue(8);
    Taken taken;
    std::thread producer([&] { queue.enqueue(1), queue.enqueue(2); });
    std::thread other([&] { queue.enqueue(4); });
    std::thread consumer([&] { taken.from(queue, 3); });
    producer.join();
    other.join();
    consumer.join();
    taken.rest_of(queue);
    assert(taken.items == 3 && taken.sum == 7);
}

}  // namespace
