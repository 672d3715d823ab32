// RingQueue: against the sequential specification of a bounded queue, and with real producers and consumers.
#include <heddle/ring_queue.hpp>

#include <memory>
#include <numeric>
#include <utility>
#include <vector>

#include <heddle/properties/property.hpp>
#include <heddle/properties/queue_specification.hpp>
#include <heddle/queues.hpp>
#include <heddle/thread.hpp>

#include "queue_under_test.hpp"
#include "traffic.hpp"

namespace heddle::properties {
namespace {

// Long enough to go round the ring several times.
template <class Ring>
void agrees() {
    using Kind = QueueSpecification::Kind;
    assert_queue_agrees<Ring, QueueSpecification>(
        rc::gen::weightedElement<Kind>({{8, Kind::put}, {8, Kind::get}, {2, Kind::qsize}, {2, Kind::full}}),
        rc::gen::inRange<std::ptrdiff_t>(1, 6));
}

TEST(RingQueueProperty, agrees_with_the_sequential_specification) {
    expect_holds("a RingQueue does what the sequential specification says", [] {
        RC_ASSERT_THROWS_AS(RingQueue<int>(*rc::gen::inRange<std::ptrdiff_t>(-2, 1)), ValueError);
        agrees<RingQueue<int>>();
    });
}

// The usual slip with two positions and no count.
struct OneSlotTooMany : RingQueue<int> {
    explicit OneSlotTooMany(std::ptrdiff_t maxsize) : RingQueue<int>(maxsize + 1) {}
};

TEST(RingQueueProperty_broken, one_slot_too_many_is_caught) {
    expect_caught("a RingQueue does what the sequential specification says", &agrees<OneSlotTooMany>,
                  {.counterexample_contains = "put_nowait"});
}

TEST(RingQueueProperty_broken, last_in_first_out_is_caught) {
    expect_caught("a RingQueue does what the sequential specification says", &agrees<LifoQueue<int>>,
                  {.counterexample_contains = "get_nowait"});
}

// Each consumer knows how many items it has to get: a RingQueue is not shut down.
template <class AnyQueue>
void keeps_items_in_order_without_shutdown() {
    const Workload workload = *workloads(1);
    const int items = std::accumulate(workload.producers.begin(), workload.producers.end(), 0);
    AnyQueue queue(workload.maxsize);
    std::vector<std::vector<Item>> got(static_cast<std::size_t>(workload.consumers));
    std::vector<std::unique_ptr<Thread>> threads;
    for (int consumer = 0; consumer != workload.consumers; ++consumer) {
        const int share = items / workload.consumers + (consumer < items % workload.consumers ? 1 : 0);
        threads.push_back(std::make_unique<Thread>([&queue, &mine = got[static_cast<std::size_t>(consumer)], share] {
            for (int n = 0; n != share; ++n) mine.push_back(queue.get());
        }));
    }
    for (int index = 0; std::cmp_not_equal(index, workload.producers.size()); ++index) {
        const int count = workload.producers[static_cast<std::size_t>(index)];
        threads.push_back(std::make_unique<Thread>([&queue, index, count] {
            for (int number = 0; number != count; ++number) queue.put(Item{index, number});
        }));
    }
    for (auto& thread : threads) thread->start();
    for (auto& thread : threads) thread->join();
    assert_complete_and_in_order(workload, got);
}

TEST(RingQueueProperty, real_threads_lose_nothing_and_keep_each_producers_order) {
    expect_holds("items of each producer arrive once and in order",
                 &keeps_items_in_order_without_shutdown<RingQueue<Item>>);
}

TEST(RingQueueProperty_broken, reordering_between_real_threads_is_caught) {
    expect_caught("items of each producer arrive once and in order",
                  &keeps_items_in_order_without_shutdown<LifoQueue<Item>>,
                  {.counterexample_contains = "items per producer"});
}

}  // namespace
}  // namespace heddle::properties
