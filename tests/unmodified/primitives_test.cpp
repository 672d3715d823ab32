// heddle's own primitives as they ship: on the machine's futex and clock, with their back-off.
#include <cassert>
#include <mutex>
#include <thread>

#include <heddle/barrier.hpp>
#include <heddle/condition.hpp>
#include <heddle/event.hpp>
#include <heddle/lock.hpp>
#include <heddle/queue.hpp>
#include <heddle/rlock.hpp>
#include <heddle/semaphore.hpp>
#include <heddle/unmodified.hpp>

#include "together.hpp"

namespace {

/// Two threads that count with a lock, so often each.
template <class Lock, int times>
void count_with() {
    Lock lock;
    int count = 0;
    const auto counter = [&] {
        for (int n = 0; n != times; ++n) {
            lock.lock();
            ++count;
            lock.unlock();
        }
    };
    together(counter, counter);
    assert(count == 2 * times);
}

HEDDLE_TEST(LockExcludes) { count_with<heddle::Lock, 1>(); }
HEDDLE_TEST(LockExcludesTwice) { count_with<heddle::Lock, 2>(); }
HEDDLE_TEST(RLockExcludes) { count_with<heddle::RLock, 1>(); }

HEDDLE_TEST(LockExcludesThree) {
    heddle::Lock lock;
    int count = 0;
    const auto counter = [&] {
        lock.lock();
        ++count;
        lock.unlock();
    };
    together(counter, counter, counter);
    assert(count == 3);
}

HEDDLE_TEST(EventPublishes) {
    heddle::Event event;
    int data = 0;
    together(
        [&] {
            event.wait();
            assert(data == 1);
        },
        [&] { data = 1, event.set(); });
}

HEDDLE_TEST(SemaphoreExcludes) {
    heddle::Semaphore semaphore(1);
    int count = 0;
    const auto counter = [&] {
        semaphore.acquire();
        ++count;
        semaphore.release();
    };
    together(counter, counter);
    assert(count == 2);
}

HEDDLE_TEST(BarrierLetsAllGoTogether) {
    heddle::Barrier barrier(2);
    int first = 0, second = 0;
    together([&] { first = 1, barrier.wait(), assert(second == 1); },
             [&] { second = 1, barrier.wait(), assert(first == 1); });
}

HEDDLE_TEST(ConditionWakes) {
    heddle::Condition<heddle::Lock> condition;
    bool ready = false;
    together(
        [&] {
            const std::scoped_lock guard(condition);
            while (!ready) condition.wait();
        },
        [&] {
            const std::scoped_lock guard(condition);
            ready = true;
            condition.notify();
        });
}

HEDDLE_TEST(QueueHandsOver) {
    heddle::Queue<int> queue(1);
    together([&] { queue.put(1); }, [&] { assert(queue.get() == 1); });
}

HEDDLE_BROKEN_TEST(DataBesideTheLockRaces, data_race) {
    heddle::Lock lock;
    int count = 0;
    together(
        [&] {
            lock.lock();
            ++count;
            lock.unlock();
        },
        [&] { ++count; });
}

}  // namespace
