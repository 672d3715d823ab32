// LifoQueue, PriorityQueue and SimpleQueue: their orders, their errors, their guarantees.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <limits>
#include <memory>
#include <numeric>
#include <optional>
#include <random>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <heddle/queues.hpp>
#include <heddle/simple_queue.hpp>

namespace heddle {
namespace {

using namespace std::chrono_literals;

template <class AnyQueue>
auto drained(AnyQueue& queue) {
    std::vector<std::decay_t<decltype(queue.get_nowait())>> items;
    while (!queue.empty()) items.push_back(queue.get_nowait());
    return items;
}

TEST(LifoQueue, gives_the_latest_item_first) {
    LifoQueue<int> queue(3);
    for (const int item : {1, 2, 3}) queue.put(item);
    EXPECT_THROW(queue.put_nowait(4), Full);
    EXPECT_EQ(drained(queue), (std::vector{3, 2, 1}));
    EXPECT_THROW(queue.get_nowait(), Empty);
}

TEST(PriorityQueue, gives_the_least_item_first) {
    std::mt19937 random(7);
    for (int size = 0; size != 40; ++size) {
        std::vector<int> items(static_cast<std::size_t>(size));
        for (int& item : items) item = static_cast<int>(random() % 10);  // with duplicates
        PriorityQueue<int> queue;
        for (const int item : items) queue.put(item);
        std::sort(items.begin(), items.end());
        EXPECT_EQ(drained(queue), items);
    }
}

TEST(PriorityQueue, takes_another_order) {
    PriorityQueue<std::string, std::greater<>> queue;
    for (const char* item : {"b", "c", "a"}) queue.put(item);
    EXPECT_EQ(drained(queue), (std::vector<std::string>{"c", "b", "a"}));
}

TEST(PriorityQueue, holds_move_only_items) {
    struct ByValue {
        bool operator()(const std::unique_ptr<int>& a, const std::unique_ptr<int>& b) const { return *a < *b; }
    };
    PriorityQueue<std::unique_ptr<int>, ByValue> queue;
    for (const int item : {3, 1, 2}) queue.put(std::make_unique<int>(item));
    EXPECT_EQ(*queue.get(), 1);
    EXPECT_EQ(*queue.get(), 2);
}

// A comparison that fails after so many calls.
struct RefusesToCompare {
    static inline int calls_left = 0;
    int value;
    friend bool operator<(const RefusesToCompare& a, const RefusesToCompare& b) {
        if (calls_left-- == 0) throw std::runtime_error("comparison");
        return a.value < b.value;
    }
};

TEST(PriorityQueue, a_comparison_that_throws_changes_nothing) {
    for (int failing = 0; failing != 4; ++failing) {
        PriorityQueue<RefusesToCompare> queue;
        RefusesToCompare::calls_left = 1000;
        for (const int item : {5, 3, 8, 1, 9, 2, 7}) queue.put(RefusesToCompare{item});

        RefusesToCompare::calls_left = failing;
        bool put_failed = false;
        try {
            queue.put(RefusesToCompare{0});
        } catch (const std::runtime_error&) {
            put_failed = true;
        }
        RefusesToCompare::calls_left = failing;
        bool get_failed = false;
        try {
            queue.get();
        } catch (const std::runtime_error&) {
            get_failed = true;
        }
        EXPECT_TRUE(put_failed || failing == 3);
        EXPECT_TRUE(get_failed);

        RefusesToCompare::calls_left = 1000;
        std::vector<int> items;
        while (!queue.empty()) items.push_back(queue.get().value);
        std::vector<int> wanted{1, 2, 3, 5, 7, 8, 9};
        if (!put_failed) wanted.insert(wanted.begin(), 0);
        EXPECT_EQ(items, wanted) << "after " << failing << " comparisons";
        for (std::size_t n = 0; n != wanted.size(); ++n) queue.task_done();
        EXPECT_THROW(queue.task_done(), ValueError) << "a failed put is no task";
    }
}

TEST(SimpleQueue, is_first_in_first_out) {
    SimpleQueue<int> queue;
    for (const int item : {1, 2, 3}) queue.put(item);
    queue.put_nowait(4);
    EXPECT_EQ(queue.qsize(), 4U);
    EXPECT_EQ(drained(queue), (std::vector{1, 2, 3, 4}));
    EXPECT_TRUE(queue.empty());
}

TEST(SimpleQueue, get_of_an_empty_one_throws_Empty_at_once_or_in_time) {
    SimpleQueue<int> queue;
    EXPECT_THROW(queue.get_nowait(), Empty);
    EXPECT_THROW(queue.get(true, Seconds(0)), Empty);
    const auto start = std::chrono::steady_clock::now();
    EXPECT_THROW(queue.get(true, 20ms), Empty);
    EXPECT_GE(std::chrono::steady_clock::now() - start, 20ms);
}

TEST(SimpleQueue, get_checks_its_timeout_even_with_an_item) {
    SimpleQueue<int> queue;
    queue.put(1);
    EXPECT_THROW(queue.get(true, Seconds(-1)), ValueError);
    EXPECT_THROW(queue.get(true, Seconds(std::numeric_limits<double>::quiet_NaN())), ValueError);
    EXPECT_THROW(queue.get(true, Seconds(1e300)), OverflowError);
    EXPECT_EQ(queue.get(false, Seconds(-1)), 1) << "ignored where it does not block";
}

TEST(SimpleQueue, a_blocked_get_is_woken_by_a_put) {
    SimpleQueue<std::unique_ptr<int>> queue;
    std::jthread putter([&] { queue.put(std::make_unique<int>(7)); });
    EXPECT_EQ(*queue.get(), 7);
}

TEST(SimpleQueue, an_item_may_put_when_it_dies) {
    struct Last {
        SimpleQueue<std::shared_ptr<void>>* queue;
        ~Last() { queue->put(nullptr); }
    };
    SimpleQueue<std::shared_ptr<void>> queue;
    queue.put(std::make_shared<Last>(Last{&queue}));
    while (queue.get() != nullptr) {
    }
    SUCCEED();
}

// Moving it fails as often as told.
struct Sticky {
    static inline int failures = 0;
    explicit Sticky(int number) : value(number) {}
    Sticky(Sticky&& other) : value(other.value) {
        if (failures != 0 && failures-- != 0) throw std::runtime_error("move");
    }
    int value;
};

TEST(SimpleQueue, an_item_whose_move_throws_is_still_the_oldest) {
    SimpleQueue<Sticky> queue;
    queue.put(Sticky(1));
    queue.put(Sticky(2));
    Sticky::failures = 1;
    EXPECT_THROW(queue.get(), std::runtime_error);
    EXPECT_EQ(queue.qsize(), 2U);
    EXPECT_EQ(queue.get().value, 1);
    Sticky::failures = 1;
    EXPECT_THROW(queue.put(Sticky(3)), std::runtime_error);
    EXPECT_EQ(queue.get().value, 2);
    EXPECT_TRUE(queue.empty());
}

TEST(SimpleQueue, releases_its_items_when_it_is_destroyed) {
    const auto item = std::make_shared<int>(1);
    {
        SimpleQueue<std::shared_ptr<int>> queue;
        queue.put(item);
        queue.put(item);
    }
    EXPECT_EQ(item.use_count(), 1);
}

}  // namespace
}  // namespace heddle
