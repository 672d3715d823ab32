// Whoever breaks a rule of a lock or a condition is told which one.
#include <condition_variable>
#include <latch>
#include <memory>
#include <mutex>
#include <semaphore>
#include <shared_mutex>
#include <thread>

#include <heddle/unmodified.hpp>

#include "together.hpp"

namespace {

struct Waiting {
    std::mutex mutex, other_mutex;
    std::condition_variable condition;
    bool is_ready = false;

    void wait_with(std::mutex& own) {
        std::unique_lock guard(own);
        condition.wait(guard, [this] { return is_ready; });
    }
};

HEDDLE_BROKEN_TEST(ConditionWithTwoMutexes, misuse) {
    Waiting waiting;
    together([&] { waiting.wait_with(waiting.mutex); }, [&] { waiting.wait_with(waiting.other_mutex); },
             [&] {
                 const std::scoped_lock both(waiting.mutex, waiting.other_mutex);
                 waiting.is_ready = true;
                 waiting.condition.notify_all();
             });
}

HEDDLE_BROKEN_TEST(LockedMutexIsFreed, misuse) {
    const auto mutex = std::make_unique<std::mutex>();
    std::thread other([&] { mutex->lock(); });
    other.join();
}

// On a stack whose frames others use.
HEDDLE_BROKEN_TEST(LockedMutexGoesWithItsFrame, misuse) {
    const auto leave_locked = [] {
        std::mutex mutex;
        std::thread other([&] { mutex.lock(); });
        other.join();
    };
    leave_locked();
}

HEDDLE_BROKEN_TEST(LockedMutexIsDestroyed, misuse) {
    pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
    pthread_mutex_lock(&mutex);
    pthread_mutex_destroy(&mutex);
}

HEDDLE_BROKEN_TEST(LatchIsCountedBelowZero, misuse) {
    std::latch latch(1);
    together([&] { latch.count_down(); }, [&] { latch.count_down(); });
}

HEDDLE_BROKEN_TEST(LatchIsCountedDownByTooMuch, misuse) {
    std::latch latch(2);
    latch.count_down(3);
}

HEDDLE_BROKEN_TEST(BinarySemaphoreIsReleasedTwice, misuse) {
    std::binary_semaphore semaphore(0);
    together([&] { semaphore.release(); }, [&] { semaphore.release(); });
}

HEDDLE_BROKEN_TEST(SemaphoreIsReleasedAboveItsMax, misuse) {
    std::counting_semaphore<3> semaphore(1);
    semaphore.release(3);
}

HEDDLE_BROKEN_TEST(ReaderLocksAgain, misuse) {
    std::shared_mutex mutex;
    const std::shared_lock outer(mutex);
    const std::shared_lock inner(mutex);
}

HEDDLE_BROKEN_TEST(ReaderTriesAgain, misuse) {
    std::shared_timed_mutex mutex;
    const std::shared_lock outer(mutex);
    const std::shared_lock inner(mutex, std::try_to_lock);
}

HEDDLE_BROKEN_TEST(OtherReaderUnlocks, misuse) {
    std::shared_mutex mutex;
    mutex.lock_shared();
    std::thread other([&] { mutex.unlock_shared(); });
    other.join();
}

}  // namespace
