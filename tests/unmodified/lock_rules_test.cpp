// Whoever breaks a rule of a lock or a condition is told which one.
#include <condition_variable>
#include <memory>
#include <mutex>
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

}  // namespace
