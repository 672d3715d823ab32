// Programs that the options of the command line tell apart: options_executions_*.txt say how each run ends.
#include <atomic>
#include <barrier>
#include <cassert>
#include <chrono>
#include <condition_variable>
#include <latch>
#include <mutex>
#include <thread>

#include <heddle/unmodified.hpp>

#include "together.hpp"

namespace {

// ---- --strict-library

HEDDLE_TEST(LatchLetsAllGo) {
    std::latch latch(2);
    const auto user = [&] { latch.arrive_and_wait(); };
    together(user, user);
}

HEDDLE_TEST(BarrierLetsAllGo) {
    std::barrier barrier(2);
    const auto user = [&] { barrier.arrive_and_wait(); };
    together(user, user);
}

HEDDLE_TEST(AtomicWaitSeesTheStore) {
    std::atomic<int> flag{0};
    together([&] { flag.wait(0, std::memory_order_acquire); },
             [&] { flag.store(1, std::memory_order_release), flag.notify_one(); });
}

// ---- --no-time-outs

HEDDLE_TEST(TimeOutHidesALostWakeUp) {
    std::mutex mutex;
    std::condition_variable condition;
    std::atomic<bool> ready{false};
    together(
        [&] {
            std::unique_lock guard(mutex);
            while (!ready) condition.wait_for(guard, std::chrono::seconds(1));
        },
        [&] {
            ready = true;
            condition.notify_one();
        });
}

HEDDLE_TEST(WaitWithoutTimeOnlyLooks) {
    std::mutex mutex;
    std::condition_variable condition;
    std::unique_lock guard(mutex);
    assert(!condition.wait_for(guard, std::chrono::seconds(0), [] { return false; }));
}

// ---- --no-weak-failures

// One that is tried only once: where it fails without cause, the thread that was first has not got it.
HEDDLE_TEST(FirstOneGetsIt) {
    std::atomic<bool> taken{false};
    std::atomic<int> got{0};
    const auto user = [&] {
        bool free = false;
        if (taken.compare_exchange_weak(free, true)) ++got;
    };
    together(user, user);
    assert(got == 1);
}

// ---- --spin

HEDDLE_TEST(SpinsGiveUpAfterFive) {
    std::atomic<int> flag{0};
    together([&] { flag = 1; },
             [&] {
                 int spins = 0;
                 while (flag == 0 && spins != 5) ++spins;
             });
}

}  // namespace
