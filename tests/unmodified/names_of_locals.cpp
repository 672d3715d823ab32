// A failure in which several locals of one frame take part: each has a name.
#include <atomic>
#include <thread>

#include <heddle/unmodified.hpp>

HEDDLE_TEST(SleepsForEver) {
    std::atomic<int> before{0};
    std::atomic<int> ready{0};
    std::atomic<int> after{0};
    std::thread other([&] {
        before.store(1, std::memory_order_relaxed);
        ready.store(1, std::memory_order_relaxed);
        after.store(1, std::memory_order_relaxed);
    });
    ready.wait(0);
    other.join();
}
