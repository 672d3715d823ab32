// Whatever the number of threads and rounds, nothing that the spin lock protects is lost.
#include <heddle/properties/property.hpp>

#include <thread>
#include <vector>

#include "spin_lock.hpp"

template <class Lock>
void counts_every_round() {
    const int threads = *rc::gen::inRange(1, 4);
    const int rounds = *rc::gen::inRange(1, 200);
    Lock lock;
    int count = 0;
    {
        std::vector<std::jthread> running;
        for (int n = 0; n != threads; ++n) {
            running.emplace_back([&] {
                for (int round = 0; round != rounds; ++round) {
                    lock.lock();
                    ++count;
                    lock.unlock();
                }
            });
        }
    }
    RC_ASSERT(count == threads * rounds);
    RC_ASSERT(lock.try_lock());
}

struct NeverFree : mine::SpinLock {  // try_lock refuses even a free lock
    bool try_lock() { return false; }
};

TEST(SpinLockProperty, counts_every_round) {
    heddle::properties::expect_holds("a SpinLock loses no round and is free in the end",
                                     &counts_every_round<mine::SpinLock>);
}

TEST(SpinLockProperty_broken, a_lock_that_is_never_free_is_caught) {
    heddle::properties::expect_caught("a SpinLock loses no round and is free in the end",
                                      &counts_every_round<NeverFree>);
}
