// Spin locks of POSIX.
#include <pthread.h>
#include <sched.h>

#include <atomic>
#include <cassert>
#include <cerrno>
#include <thread>

#include <heddle/unmodified.hpp>

namespace {

class SpinLock {
  public:
    SpinLock() { pthread_spin_init(&lock_, PTHREAD_PROCESS_PRIVATE); }
    ~SpinLock() { pthread_spin_destroy(&lock_); }
    SpinLock(const SpinLock&) = delete;
    SpinLock& operator=(const SpinLock&) = delete;
    void lock() { pthread_spin_lock(&lock_); }
    bool try_lock() { return pthread_spin_trylock(&lock_) == 0; }
    void unlock() { pthread_spin_unlock(&lock_); }

  private:
    pthread_spinlock_t lock_;
};

template <class Lock, class Count>
void count_in_two(Lock& mutex, Count& count) {
    const auto add = [&] {
        mutex.lock();
        ++count;
        mutex.unlock();
    };
    std::thread other(add);
    add();
    other.join();
    assert(count == 2);
}

// Either of them is first: 2 executions.
HEDDLE_TEST(SpinLockExcludes) {
    SpinLock lock;
    int count = 0;
    count_in_two(lock, count);
}
HEDDLE_TEST(SpinLockIsHeldAcrossSteps) {
    SpinLock lock;
    std::atomic<int> count{0};
    count_in_two(lock, count);
}
struct NoLock {
    void lock() {}
    void unlock() {}
};
HEDDLE_BROKEN_TEST(CountWithoutALock, data_race) {
    NoLock lock;
    int count = 0;
    count_in_two(lock, count);
}

// A failed try is a look: a loop of them waits.
HEDDLE_TEST(SpinLockIsTried) {
    SpinLock lock;
    int count = 0;
    const auto add = [&] {
        while (!lock.try_lock()) sched_yield();
        ++count;
        lock.unlock();
    };
    std::thread other(add);
    add();
    other.join();
    assert(count == 2);
}
HEDDLE_BROKEN_TEST(SpinLockIsTriedOnce, assertion) {
    SpinLock lock;
    int count = 0;
    const auto add = [&] {
        if (!lock.try_lock()) return;
        ++count;
        lock.unlock();
    };
    std::thread other(add);
    add();
    other.join();
    assert(count == 2);
}

HEDDLE_BROKEN_TEST(SpinLocksAreTakenInTwoOrders, deadlock) {
    SpinLock first, second;
    std::thread other([&] { second.lock(), first.lock(), first.unlock(), second.unlock(); });
    first.lock(), second.lock(), second.unlock(), first.unlock();
    other.join();
}
HEDDLE_BROKEN_TEST(SpinLockIsLockedTwice, deadlock) {
    SpinLock lock;
    lock.lock();
    assert(!lock.try_lock());
    lock.lock();
}
HEDDLE_BROKEN_TEST(SpinLockOfAnotherIsUnlocked, misuse) {
    SpinLock lock;
    lock.lock();
    std::thread other([&] { lock.unlock(); });
    other.join();
}
HEDDLE_BROKEN_TEST(SpinLockThatIsFreeIsUnlocked, misuse) { SpinLock().unlock(); }
HEDDLE_BROKEN_TEST(SpinLockIsDestroyedWhileItIsLocked, misuse) { SpinLock().lock(); }
HEDDLE_BROKEN_TEST(SpinLockThatNobodyInitialised, misuse) {
    static pthread_spinlock_t lock;
    pthread_spin_lock(&lock);
}
HEDDLE_BROKEN_TEST(SpinLockAfterItsEnd, misuse) {
    pthread_spinlock_t lock;
    pthread_spin_init(&lock, PTHREAD_PROCESS_PRIVATE);
    pthread_spin_destroy(&lock);
    pthread_spin_lock(&lock);
}
HEDDLE_BROKEN_TEST(SpinLockEndsWhileAnotherUsesIt, data_race) {
    pthread_spinlock_t lock;
    pthread_spin_init(&lock, PTHREAD_PROCESS_PRIVATE);
    std::thread other([&] { pthread_spin_lock(&lock), pthread_spin_unlock(&lock); });
    pthread_spin_destroy(&lock);
    other.join();
}

}  // namespace
