// What blocks is visited once too: on a futex, on a mutex, on a condition variable. The counts of the last two are known.
#include <gtest/gtest.h>

#include <deque>
#include <set>
#include <string>
#include <thread>

#include <heddle/checker/mutex.hpp>
#include <heddle/lock.hpp>

#include "explored.hpp"

namespace heddle::oracle {
namespace {

using checker::CheckingPlatform;
using engine::exhaustive::EventId;
using engine::exhaustive::Graph;

/// Threads that lock and unlock so many times.
template <class AnyLock>
class Locking {
  public:
    explicit Locking(int rounds) : rounds_(rounds) {}
    void thread(int) {
        for (int round = 0; round != rounds_; ++round) {
            lock_.lock();
            lock_.unlock();
        }
    }
    void after() {
        check(lock_.try_lock(), "the lock is free in the end");
        lock_.unlock();  // a mutex must not be destroyed while it is held
    }

  private:
    int rounds_;
    AnyLock lock_;
};

/// A bounded queue as textbooks have it: one mutex, two condition variables.
class TextbookQueue {
  public:
    TextbookQueue(int producers, int items, int consumers)
        : producers_(producers), items_(items), per_consumer_(producers * items / consumers) {}

    void thread(int index) {
        if (index < producers_)
            for (int n = 0; n != items_; ++n) put(n);
        else
            for (int n = 0; n != per_consumer_; ++n) get();
    }
    void after() { check(queue_.empty(), "everything was got"); }

  private:
    static constexpr std::size_t capacity = 1;

    void put(int item) {
        std::unique_lock guard(mutex_);
        while (queue_.size() == capacity) not_full_.wait(guard);
        queue_.push_back(item);
        not_empty_.notify_one();
    }
    void get() {
        std::unique_lock guard(mutex_);
        while (queue_.empty()) not_empty_.wait(guard);
        queue_.pop_front();
        not_full_.notify_one();
    }

    int producers_;
    int items_;
    int per_consumer_;
    std::deque<int> queue_;
    checker::mutex<CheckingPlatform> mutex_;
    checker::condition_variable<CheckingPlatform> not_empty_;
    checker::condition_variable<CheckingPlatform> not_full_;
};

// All that distinguishes two graphs: the events of each thread, who reads from whom, and every coherence order.
std::string text_of(const Graph& graph) {
    std::string text;
    const auto add = [&text](EventId id) { text += std::to_string(id.thread) + '.' + std::to_string(id.index) + ' '; };
    for (std::uint16_t thread = 0; graph.size(thread) != 0; ++thread) {
        for (std::uint16_t index = 0; index != graph.size(thread); ++index) {
            const auto& event = graph[EventId{thread, index}];
            text += std::to_string(static_cast<int>(event.kind)) + '=' + std::to_string(event.value) + '<';
            add(event.reads_from);
        }
        text += '\n';
    }
    for (engine::exhaustive::LocationId location = 0; location != graph.locations(); ++location) {
        for (const EventId id : graph.at(location).coherence) add(id);
        text += '\n';
    }
    return text;
}

// Returns: how many executions there are; each was visited once.
std::size_t executions_of(const engine::Program& program) {
    std::set<std::string> seen;
    visit_executions(
        program, [&seen](const Graph& graph) { EXPECT_TRUE(seen.insert(text_of(graph)).second) << "visited twice"; },
        [&seen] { seen.clear(); });
    return seen.size();
}

struct Size {
    int threads;
    int rounds;
    std::size_t executions;
};
void PrintTo(const Size& size, std::ostream* out) { *out << size.threads << " by " << size.rounds; }
std::string name_of(const testing::TestParamInfo<Size>& size) {
    return std::to_string(size.param.threads) + "_by_" + std::to_string(size.param.rounds);
}

template <class AnyLock>
std::size_t lockings(const Size& size) {
    return executions_of(checker::program_of<Locking<AnyLock>>(size.threads, size.rounds));
}

class FutexLock : public testing::TestWithParam<Size> {};
TEST_P(FutexLock, has_each_execution_visited_once) {
    EXPECT_EQ(lockings<BasicLock<CheckingPlatform>>(GetParam()), GetParam().executions);
}
// The first is known from elsewhere, the others pin what was measured.
INSTANTIATE_TEST_SUITE_P(Sizes, FutexLock, testing::Values(Size{2, 1, 10}, Size{2, 2, 472}, Size{3, 1, 2700}), name_of);

class Mutex : public testing::TestWithParam<Size> {};
TEST_P(Mutex, has_one_execution_for_each_order_of_its_holders) {
    EXPECT_EQ(lockings<checker::mutex<CheckingPlatform>>(GetParam()), GetParam().executions);
}
// n threads that lock k times each: (nk)! / (k!)^n
INSTANTIATE_TEST_SUITE_P(Sizes, Mutex,
                         testing::Values(Size{1, 3, 1}, Size{2, 1, 2}, Size{2, 2, 6}, Size{2, 4, 70}, Size{3, 1, 6},
                                         Size{3, 2, 90}, Size{3, 3, 1680}, Size{4, 1, 24}, Size{4, 2, 2520},
                                         Size{5, 1, 120}),
                         name_of);

// Locks that wait in a loop.
struct TestAndSet {
    CheckingPlatform::atomic<bool> held{false};
    void lock() {
        while (held.exchange(true, std::memory_order_acquire)) CheckingPlatform::yield();
    }
    bool try_lock() { return !held.exchange(true, std::memory_order_acquire); }
    void unlock() { held.store(false, std::memory_order_release); }
};
struct WeakCompareExchange : TestAndSet {
    void lock() {
        for (bool free = false;
             !held.compare_exchange_weak(free, true, std::memory_order_acquire, std::memory_order_relaxed);
             free = false)
            CheckingPlatform::yield();
    }
};
struct Ticket {
    CheckingPlatform::atomic<unsigned> next{0};
    CheckingPlatform::atomic<unsigned> served{0};
    void lock() {
        const unsigned mine = next.fetch_add(1, std::memory_order_relaxed);
        while (served.load(std::memory_order_acquire) != mine) CheckingPlatform::yield();
    }
    bool try_lock() { return next.load(std::memory_order_relaxed) == served.load(std::memory_order_relaxed); }
    void unlock() { served.store(served.load(std::memory_order_relaxed) + 1, std::memory_order_release); }
};

template <class Lock>
class SpinLock : public testing::Test {};
using SpinLocks = testing::Types<TestAndSet, WeakCompareExchange, Ticket>;
TYPED_TEST_SUITE(SpinLock, SpinLocks);
TYPED_TEST(SpinLock, has_one_execution_for_each_order_of_its_holders) {
    EXPECT_EQ(lockings<TypeParam>({2, 1, 0}), 2U);
    EXPECT_EQ(lockings<TypeParam>({2, 2, 0}), 6U);
    EXPECT_EQ(lockings<TypeParam>({3, 1, 0}), 6U);
    EXPECT_EQ(lockings<TypeParam>({3, 2, 0}), 90U);
    EXPECT_EQ(lockings<TypeParam>({4, 1, 0}), 24U);
}

std::size_t textbook_queues(int producers, int consumers, int items) {
    return executions_of(checker::program_of<TextbookQueue>(producers + consumers, producers, items, consumers));
}

TEST(ConditionVariable, has_one_execution_for_each_course_of_a_bounded_queue) {
    EXPECT_EQ(textbook_queues(1, 1, 1), 2U);
    EXPECT_EQ(textbook_queues(1, 1, 2), 8U);
    EXPECT_EQ(textbook_queues(2, 1, 1), 16U);
    // Not known from elsewhere.
    EXPECT_EQ(textbook_queues(2, 2, 1), 64U);
}

TEST(Explorations, do_not_disturb_each_other_in_two_threads) {
    std::size_t first = 0;
    std::size_t second = 0;
    {
        const std::jthread a([&] { first = lockings<checker::mutex<CheckingPlatform>>({3, 3, 0}); });
        const std::jthread b([&] { second = lockings<BasicLock<CheckingPlatform>>({3, 1, 0}); });
    }
    EXPECT_EQ(first, 1680U);
    EXPECT_EQ(second, 2700U);
}

}  // namespace
}  // namespace heddle::oracle
