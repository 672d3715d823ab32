// Queue FIFO: against the sequential specification, and with real producers and consumers.
#include <heddle/queue.hpp>

#include <algorithm>
#include <functional>
#include <memory>
#include <vector>

#include <heddle/properties/property.hpp>
#include <heddle/properties/queue_specification.hpp>
#include <heddle/queues.hpp>
#include <heddle/thread.hpp>

#include "queue_under_test.hpp"
#include "traffic.hpp"

namespace heddle::properties {
namespace {

// After a shutdown little can happen any more, so every other case has none; and most have room for many items.
template <class AnyQueue, class Specification>
void agrees() {
    using Kind = typename Specification::Kind;
    const std::size_t shutdowns = *rc::gen::arbitrary<bool>() ? 1 : 0;
    assert_queue_agrees<AnyQueue, Specification>(
        rc::gen::weightedElement<Kind>({{10, Kind::put},
                                        {6, Kind::get},
                                        {3, Kind::task_done},
                                        {2, Kind::qsize},
                                        {2, Kind::full},
                                        {1, Kind::set_maxsize},
                                        {shutdowns, Kind::shutdown},
                                        {shutdowns, Kind::shutdown_now}}),
        rc::gen::weightedOneOf<std::ptrdiff_t>(
            {{1, rc::gen::just<std::ptrdiff_t>(0)}, {1, rc::gen::inRange<std::ptrdiff_t>(0, 4)}}));
}

TEST(QueueProperty, agrees_with_the_sequential_specification) {
    expect_holds("a Queue does what the sequential specification says", &agrees<Queue<int>, QueueSpecification>);
}

TEST(QueueProperty, a_shutdown_ends_no_task_that_is_done_before_its_item_is_got) {
    expect_holds("what shutdown(true) drops is unfinished at most once", [] {
        const int items = *rc::gen::inRange(1, 9);
        const int done = *rc::gen::inRange(1, items + 1);
        Queue<int> queue;
        for (int item = 0; item != items; ++item) queue.put(item);
        for (int task = 0; task != done; ++task) queue.task_done();
        queue.shutdown(true);
        RC_ASSERT_THROWS_AS(queue.task_done(), ValueError);
    });
}

TEST(QueueProperty_broken, last_in_first_out_is_caught) {
    expect_caught("a Queue does what the sequential specification says", &agrees<LifoQueue<int>, QueueSpecification>,
                  {.counterexample_contains = "get_nowait"});
}

TEST(LifoQueueProperty, agrees_with_the_sequential_specification) {
    expect_holds("a LifoQueue gives the latest item", &agrees<LifoQueue<int>, LifoQueueSpecification>);
}

TEST(LifoQueueProperty_broken, first_in_first_out_is_caught) {
    expect_caught("a LifoQueue gives the latest item", &agrees<Queue<int>, LifoQueueSpecification>,
                  {.counterexample_contains = "get_nowait"});
}

TEST(PriorityQueueProperty, agrees_with_the_sequential_specification) {
    expect_holds("a PriorityQueue gives the least item", &agrees<PriorityQueue<int>, PriorityQueueSpecification>);
}

// A heap without sifting down: the last item takes the place of the first.
template <class T>
class NeverSinks {
  public:
    void push(T item) {
        items_.push_back(item);
        std::push_heap(items_.begin(), items_.end(), std::greater<>());
    }
    T pop() {
        const T item = items_.front();
        items_.front() = items_.back();
        items_.pop_back();
        return item;
    }
    std::size_t size() const { return items_.size(); }
    void clear() { items_.clear(); }

  private:
    std::vector<T> items_;
};

TEST(PriorityQueueProperty_broken, a_heap_that_never_sifts_down_is_caught) {
    expect_caught("a PriorityQueue gives the least item",
                  &agrees<BasicQueue<StdPlatform, int, NeverSinks<int>>, PriorityQueueSpecification>,
                  {.counterexample_contains = "get_nowait"});
}

// Runs the workload. Returns: what each consumer got, in its order.
template <class AnyQueue>
std::vector<std::vector<Item>> run(const Workload& workload) {
    AnyQueue queue(workload.maxsize);
    std::vector<std::vector<Item>> got(static_cast<std::size_t>(workload.consumers));
    std::vector<std::unique_ptr<Thread>> consumers;
    consumers.reserve(got.size());
    for (auto& mine : got) {
        consumers.push_back(std::make_unique<Thread>([&queue, &mine] {
            try {
                for (;;) {
                    mine.push_back(queue.get());
                    queue.task_done();
                }
            } catch (const ShutDown&) {  // nothing more will come
            }
        }));
    }
    std::vector<std::unique_ptr<Thread>> producers;
    for (int index = 0; std::cmp_not_equal(index, workload.producers.size()); ++index) {
        const int count = workload.producers[static_cast<std::size_t>(index)];
        producers.push_back(std::make_unique<Thread>([&queue, index, count] {
            for (int number = 0; number != count; ++number) queue.put(Item{index, number});
        }));
    }
    const auto start = [](auto& threads) {
        for (auto& thread : threads) thread->start();
    };
    const auto join = [](auto& threads) {
        for (auto& thread : threads) thread->join();
    };
    if (!workload.late) start(consumers);
    start(producers);
    join(producers);
    if (workload.late) start(consumers);
    queue.join();
    queue.shutdown();
    join(consumers);
    return got;
}

template <class AnyQueue>
void keeps_every_item_in_order() {
    const Workload workload = *workloads(0);
    assert_complete_and_in_order(workload, run<AnyQueue>(workload));
}

TEST(QueueProperty, real_threads_lose_nothing_and_keep_each_producers_order) {
    expect_holds("items of each producer arrive once and in order", &keeps_every_item_in_order<Queue<Item>>);
}

TEST(QueueProperty_broken, reordering_between_real_threads_is_caught) {
    expect_caught("items of each producer arrive once and in order", &keeps_every_item_in_order<LifoQueue<Item>>,
                  {.counterexample_contains = "items per producer"});
}

}  // namespace
}  // namespace heddle::properties
