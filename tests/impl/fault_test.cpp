// What is left when memory or threads are refused: each allocation of an operation fails once, and so does the start of
// a thread. This program replaces operator new and pthread_create, so it is one of its own.
#include <dlfcn.h>
#include <gtest/gtest.h>
#include <pthread.h>

#include <cerrno>
#include <cstdlib>
#include <functional>
#include <new>
#include <optional>
#include <string>
#include <thread>

#include <heddle/barrier.hpp>
#include <heddle/condition.hpp>
#include <heddle/event.hpp>
#include <heddle/local.hpp>
#include <heddle/low_level.hpp>
#include <heddle/queues.hpp>
#include <heddle/semaphore.hpp>
#include <heddle/simple_queue.hpp>
#include <heddle/thread.hpp>
#include <heddle/timer.hpp>

namespace {
constexpr long without_limit = -1;
constinit thread_local long allocations_left = without_limit;
constinit thread_local bool threads_are_refused = false;
}  // namespace

// Out of line: inlined, GCC would see malloc and free where the standard has new and delete.
[[gnu::noinline]] void* operator new(std::size_t size) {
    if (allocations_left == 0) throw std::bad_alloc();
    if (allocations_left > 0) --allocations_left;
    void* const memory = std::malloc(size);
    if (memory == nullptr) throw std::bad_alloc();
    return memory;
}
[[gnu::noinline]] void operator delete(void* memory) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

extern "C" int pthread_create(pthread_t* thread, const pthread_attr_t* attributes, void* (*body)(void*),
                              void* argument) {
    if (threads_are_refused) return EAGAIN;
    static const auto real = reinterpret_cast<decltype(&pthread_create)>(dlsym(RTLD_NEXT, "pthread_create"));
    return real(thread, attributes, body, argument);
}

namespace heddle {
namespace {

// Calls `operation` with none, one, two... allocations left until it succeeds; after each failure `is_unchanged` must hold.
// Returns: how often it failed.
int fail_each_allocation(const std::function<void()>& operation, const std::function<bool()>& is_unchanged) {
    for (int failures = 0;; ++failures) {
        bool failed = false;
        allocations_left = failures;
        try {
            operation();
        } catch (const std::bad_alloc&) {
            failed = true;
        } catch (const RuntimeError&) {  // a thread that could not be started
            failed = true;
        }
        allocations_left = without_limit;
        if (!failed) return failures;
        EXPECT_TRUE(is_unchanged()) << "after " << failures << " allocations";
    }
}

TEST(OutOfMemory, is_noticed_by_these_tests) {
    // The functions themselves: a compiler may leave out a new-expression whose object nobody needs.
    EXPECT_EQ(fail_each_allocation([] { ::operator delete(::operator new(100)); }, [] { return true; }), 1);
    EXPECT_EQ(fail_each_allocation([] {}, [] { return true; }), 0);
}

template <class Q>
class QueueOutOfMemory : public testing::Test {};
using Queues =
    testing::Types<Queue<std::string>, LifoQueue<std::string>, PriorityQueue<std::string>, SimpleQueue<std::string>>;
TYPED_TEST_SUITE(QueueOutOfMemory, Queues);

TYPED_TEST(QueueOutOfMemory, put_changes_nothing) {
    TypeParam queue;
    const std::string item(100, 'x');
    int failures = 0;
    for (std::size_t n = 0; n != 20; ++n)
        failures += fail_each_allocation([&] { queue.put(item); }, [&] { return queue.qsize() == n; });
    EXPECT_GE(failures, 20) << "each copy of the item is an allocation";
    for (int n = 0; n != 20; ++n) EXPECT_EQ(queue.get(false), item);
    EXPECT_THROW(queue.get(false), Empty);
}

TEST(OutOfMemory, a_task_that_was_not_put_is_not_waited_for) {
    Queue<std::string> queue;
    const std::string item(100, 'x');
    EXPECT_GT(fail_each_allocation([&] { queue.put(item); }, [&] { return queue.empty(); }), 0);
    queue.task_done();
    queue.join();
}

TEST(OutOfMemory, a_thread_that_was_not_made_is_not_listed) {
    const std::size_t threads = active_count();
    EXPECT_GT(fail_each_allocation([] { const Thread thread([] {}); }, [&] { return active_count() == threads; }), 0);
}

TEST(OutOfMemory, a_thread_that_was_not_started_can_be_started_later) {
    const std::size_t threads = active_count();
    int calls = 0;
    Thread thread([&calls] { ++calls; });
    EXPECT_GT(fail_each_allocation([&] { thread.start(); },
                                   [&] { return !thread.is_alive() && !thread.ident() && active_count() == threads; }),
              0);
    thread.join();
    EXPECT_EQ(calls, 1);
}

TEST(OutOfMemory, a_timer_that_was_not_started_can_be_started_later) {
    int calls = 0;
    Timer timer(Seconds(0), [&calls] { ++calls; });
    EXPECT_GT(fail_each_allocation([&] { timer.start(); }, [&] { return !timer.is_alive(); }), 0);
    timer.join();
    EXPECT_EQ(calls, 1);
}

TEST(OutOfMemory, start_new_thread_calls_nothing) {
    Semaphore called(0);
    EXPECT_GT(fail_each_allocation([&] { start_new_thread([&] { called.release(); }); },
                                   [&] { return !called.acquire(true, Seconds(0.01)); }),
              0);
    called.acquire();
}

TEST(OutOfMemory, a_foreign_thread_that_was_not_listed_can_be_listed_later) {
    const std::size_t threads = active_count();
    std::thread([&] {
        EXPECT_GT(fail_each_allocation([] { (void)current_thread(); }, [&] { return active_count() == threads; }), 0);
        EXPECT_EQ(active_count(), threads + 1);
    }).join();
    EXPECT_EQ(active_count(), threads);
}

TEST(OutOfMemory, a_local_value_that_was_not_made_can_be_made_later) {
    Local<std::string> local([] { return std::string(100, 'x'); });
    EXPECT_GT(fail_each_allocation([&] { (void)local.get(); }, [&] { return local.find() == nullptr; }), 0);
    EXPECT_EQ(local.get().size(), 100U);
}

TEST(OutOfMemory, a_name_stays_what_it_was) {
    Thread thread([] {});
    thread.set_name("before");
    const std::string name(100, 'x');
    EXPECT_GT(fail_each_allocation([&] { thread.set_name(name); }, [&] { return thread.name() == "before"; }), 0);
    EXPECT_EQ(thread.name(), name);
}

// Locks and waits take no memory at all.
TEST(OutOfMemory, is_nothing_to_locks_and_waits) {
    Lock lock;
    RLock recursive;
    Condition<Lock> condition(lock);
    Semaphore semaphore(1);
    Event event;
    Barrier barrier(1);
    EXPECT_EQ(fail_each_allocation(
                  [&] {
                      lock.acquire();
                      EXPECT_FALSE(lock.acquire(true, Seconds(0.001)));
                      EXPECT_FALSE(condition.wait(Seconds(0.001)));
                      condition.notify_all();
                      lock.release();
                      recursive.acquire();
                      recursive.acquire();
                      recursive.release();
                      recursive.release();
                      semaphore.acquire();
                      EXPECT_FALSE(semaphore.acquire(true, Seconds(0.001)));
                      semaphore.release();
                      EXPECT_FALSE(event.wait(Seconds(0.001)));
                      event.set();
                      event.clear();
                      barrier.wait();
                  },
                  [] { return true; }),
              0);
}

class NoThread : public testing::Test {
  protected:
    NoThread() { threads_are_refused = true; }
    ~NoThread() override { threads_are_refused = false; }
};

TEST_F(NoThread, start_says_so_and_may_be_tried_again) {
    const std::size_t threads = active_count();
    int calls = 0;
    Thread thread([&calls] { ++calls; });
    for (int n = 0; n != 3; ++n) {
        EXPECT_THROW(thread.start(), RuntimeError);
        EXPECT_FALSE(thread.is_alive());
        EXPECT_EQ(thread.ident(), std::nullopt);
        EXPECT_EQ(active_count(), threads);
        EXPECT_THROW(thread.join(), RuntimeError) << "it was not started";
    }
    threads_are_refused = false;
    thread.start();
    thread.join();
    EXPECT_EQ(calls, 1);
}

TEST_F(NoThread, start_new_thread_says_so_and_calls_nothing) {
    Semaphore called(0);
    EXPECT_THROW(start_new_thread([&] { called.release(); }), RuntimeError);
    EXPECT_FALSE(called.acquire(true, Seconds(0.01)));
}

TEST_F(NoThread, a_timer_says_so_and_may_be_tried_again) {
    Event fired;
    Timer timer(Seconds(0), [&] { fired.set(); });
    EXPECT_THROW(timer.start(), RuntimeError);
    threads_are_refused = false;
    timer.start();
    fired.wait();
    timer.join();
}

}  // namespace
}  // namespace heddle
