// What POSIX has besides mutexes and conditions.
#include <pthread.h>
#include <semaphore.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cassert>
#include <cerrno>
#include <climits>
#include <condition_variable>
#include <ctime>
#include <mutex>
#include <shared_mutex>
#include <thread>
#include <utility>

#include <heddle/unmodified.hpp>

namespace {

class Semaphore {
  public:
    explicit Semaphore(unsigned count) { sem_init(&semaphore_, 0, count); }
    ~Semaphore() { sem_destroy(&semaphore_); }
    void wait() { sem_wait(&semaphore_); }
    bool is_there_in_the_past() {
        const timespec past{};
        return sem_timedwait(&semaphore_, &past) == 0;
    }
    bool try_wait() { return sem_trywait(&semaphore_) == 0; }
    int value() {
        int value = 0;
        sem_getvalue(&semaphore_, &value);
        return value;
    }
    void post() { sem_post(&semaphore_); }

  private:
    sem_t semaphore_;
};

HEDDLE_BROKEN_TEST(SemaphoresAreTakenInTwoOrders, deadlock) {
    Semaphore first(1), second(1);
    std::thread other([&] { second.wait(), first.wait(), first.post(), second.post(); });
    first.wait(), second.wait(), second.post(), first.post();
    other.join();
}

HEDDLE_TEST(SemaphorePublishesData) {
    Semaphore ready(0);
    int data = 0;
    std::thread writer([&] { data = 1, ready.post(); });
    ready.wait();
    assert(data == 1);
    writer.join();
}

// Who tries and does not wait only looks, as long as that fails: a loop of tries waits.
template <class Tries>
void try_until_posted(const Tries& tries) {
    Semaphore ready(0);
    int data = 0;
    std::thread writer([&] { data = 1, ready.post(); });
    while (!tries(ready)) {
    }
    assert(data == 1);
    writer.join();
}
HEDDLE_TEST(SemaphoreIsTried) {
    try_until_posted([](Semaphore& ready) { return ready.try_wait(); });
}
HEDDLE_TEST(SemaphoreIsLookedAt) {
    try_until_posted([](Semaphore& ready) { return ready.value() != 0; });
}
HEDDLE_TEST(SemaphoreIsTriedByTimedWait) {
    try_until_posted([](Semaphore& ready) { return ready.is_there_in_the_past(); });
}
HEDDLE_BROKEN_TEST(SemaphoreIsTriedThatNobodyPosts, livelock) {
    Semaphore never(0);
    std::thread other([&] {
        while (!never.try_wait()) {
        }
    });
    other.join();
}
// By one order of all semaphores' steps.
HEDDLE_TEST(OneOfTwoTriesSucceeds) {
    Semaphore first(0), second(0);
    bool seen[2] = {};
    std::thread other([&] { first.post(), seen[0] = second.try_wait(); });
    second.post(), seen[1] = first.try_wait();
    other.join();
    assert(seen[0] || seen[1]);
}
HEDDLE_BROKEN_TEST(OnlyOneTryFindsThePermit, assertion) {
    Semaphore one(1);
    bool has[2] = {};
    std::thread other([&] { has[0] = one.try_wait(); });
    has[1] = one.try_wait();
    other.join();
    assert(has[0] && has[1]);
}
HEDDLE_TEST(SharedLockIsTried) {
    std::shared_mutex mutex;
    int data = 0;
    std::thread writer([&] {
        while (!mutex.try_lock()) {
        }
        ++data;
        mutex.unlock();
    });
    while (!mutex.try_lock_shared()) {
    }
    assert(data == 0 || data == 1);
    mutex.unlock_shared();
    writer.join();
}

HEDDLE_TEST(SharedLockExcludesWriters) {
    std::shared_mutex mutex;
    int data = 0;
    std::thread writer([&] {
        const std::unique_lock lock(mutex);
        ++data;
    });
    {
        const std::shared_lock lock(mutex);
        assert(data == 0 || data == 1);
    }
    writer.join();
}

HEDDLE_BROKEN_TEST(WritingWithASharedLockRaces, data_race) {
    std::shared_mutex mutex;
    int data = 0;
    const auto writes = [&] {
        const std::shared_lock lock(mutex);
        ++data;
    };
    std::thread first(writes), second(writes);
    first.join();
    second.join();
}

HEDDLE_TEST(BarrierLetsAllGoTogether) {
    pthread_barrier_t barrier;
    pthread_barrier_init(&barrier, nullptr, 2);
    int mine = 0, theirs = 0;
    std::thread other([&] {
        theirs = 1;
        pthread_barrier_wait(&barrier);
        assert(mine == 1);
    });
    mine = 1;
    pthread_barrier_wait(&barrier);
    assert(theirs == 1);
    other.join();
    pthread_barrier_destroy(&barrier);
}

HEDDLE_TEST(RecursiveMutexIsLockedAgain) {
    std::recursive_mutex mutex;
    int count = 0;
    const auto counter = [&] {
        const std::lock_guard outer(mutex);
        const std::lock_guard inner(mutex);
        ++count;
    };
    std::thread other(counter);
    counter();
    other.join();
    assert(count == 2);
}

HEDDLE_TEST(ErrorCheckingMutexTellsOfItsOwner) {
    pthread_mutexattr_t attributes;
    pthread_mutexattr_init(&attributes);
    pthread_mutexattr_settype(&attributes, PTHREAD_MUTEX_ERRORCHECK);
    pthread_mutex_t mutex;
    pthread_mutex_init(&mutex, &attributes);
    pthread_mutex_lock(&mutex);
    assert(pthread_mutex_lock(&mutex) == EDEADLK);
    std::thread other([&] { assert(pthread_mutex_unlock(&mutex) == EPERM); });
    other.join();
    pthread_mutex_unlock(&mutex);
    pthread_mutex_destroy(&mutex);
}

// Nobody else waits by then.
HEDDLE_TEST(ConditionHasAnotherMutexLater) {
    std::mutex mutexes[2];
    std::condition_variable condition;
    int ready = 0;
    const auto wait_with = [&](std::mutex& mutex, int wanted) {
        std::unique_lock guard(mutex);
        condition.wait(guard, [&] { return ready == wanted; });
    };
    for (int turn = 0; turn != 2; ++turn) {
        std::thread other([&] { wait_with(mutexes[turn], turn + 1); });
        {
            const std::lock_guard guard(mutexes[turn]);
            ready = turn + 1;
        }
        condition.notify_one();
        other.join();
    }
}
HEDDLE_BROKEN_TEST(MutexIsUnlockedByAnotherThread, misuse) {
    std::mutex mutex;
    mutex.lock();
    std::thread other([&] { mutex.unlock(); });
    other.join();
}

HEDDLE_TEST(TimedMutexTimesOutOrIsTaken) {
    std::timed_mutex mutex;
    std::thread other([&] { const std::lock_guard guard(mutex); });
    if (mutex.try_lock_for(std::chrono::milliseconds(1))) mutex.unlock();
    other.join();
}

HEDDLE_TEST(ThreadsHaveNumbersOfTheirOwn) {
    assert(gettid() == getpid() && syscall(SYS_gettid) == gettid());
    std::thread other([] { assert(gettid() != getpid() && syscall(SYS_gettid) == gettid()); });
    other.join();
}

HEDDLE_TEST(ValuesOfKeysEndWithTheirThreads) {
    static int ended = 0;
    pthread_key_t key;
    pthread_key_create(&key, [](void* value) { delete static_cast<int*>(value), ++ended; });
    std::thread other([&] {
        pthread_setspecific(key, new int(1));
        assert(*static_cast<int*>(pthread_getspecific(key)) == 1);
    });
    other.join();
    assert(ended == 1 && pthread_getspecific(key) == nullptr);
    pthread_key_delete(key);
}

// A key that is older than the executions, as those that libraries have: the first thread has its value still.
struct OlderKey {
    OlderKey() {
        pthread_key_create(&key, [](void* value) { ++*static_cast<int*>(value); });
        pthread_setspecific(key, &first_value);
    }
    pthread_key_t key;
    int first_value = 0;
};
OlderKey older;
HEDDLE_TEST(OlderKeyIsAnother) {
    pthread_key_t own;
    pthread_key_create(&own, nullptr);
    pthread_setspecific(own, &own);
    int ended = 0;
    std::thread other([&] {
        assert(pthread_getspecific(older.key) == nullptr);
        pthread_setspecific(older.key, &ended);
    });
    other.join();
    assert(ended == 1);
    assert(pthread_getspecific(older.key) == &older.first_value && older.first_value == 0);
    pthread_key_delete(own);
}
HEDDLE_BROKEN_TEST(KeyThatNobodyMade, misuse) { pthread_setspecific(PTHREAD_KEYS_MAX + 7, &older); }

// The standard library has such a key: notify_all_at_thread_exit() comes after the thread's own objects have ended.
struct Ends {
    ~Ends() { *flag = true; }
    bool* flag = nullptr;
};
thread_local Ends ends;
template <bool at_exit>
void wait_for_the_end_of_a_thread() {
    std::mutex mutex;
    std::condition_variable condition;
    bool is_told = false, has_ended = false;
    std::unique_lock lock(mutex);
    std::thread other([&] {
        ends.flag = &has_ended;
        std::unique_lock own(mutex);
        is_told = true;
        if (at_exit) std::notify_all_at_thread_exit(condition, std::move(own));
        else condition.notify_all();
    });
    condition.wait(lock, [&] { return is_told; });
    assert(has_ended);
    lock.unlock();
    other.join();
}
HEDDLE_TEST(EndOfAThreadIsNotified) { wait_for_the_end_of_a_thread<true>(); }
HEDDLE_BROKEN_TEST(EndOfAThreadIsNotifiedTooEarly, data_race) { wait_for_the_end_of_a_thread<false>(); }

}  // namespace
