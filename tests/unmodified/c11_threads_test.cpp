// Threads, mutexes, conditions, calls that happen once and thread-specific storage of C11.
#include <threads.h>

#include <atomic>
#include <cassert>
#include <ctime>
#include <thread>

#include <heddle/unmodified.hpp>

namespace {

class Mutex {
  public:
    explicit Mutex(int type) { assert(mtx_init(&mutex_, type) == thrd_success); }
    ~Mutex() { mtx_destroy(&mutex_); }
    Mutex(const Mutex&) = delete;
    Mutex& operator=(const Mutex&) = delete;
    mtx_t* get() { return &mutex_; }

  private:
    mtx_t mutex_;
};

class Condition {
  public:
    Condition() { assert(cnd_init(&condition_) == thrd_success); }
    ~Condition() { cnd_destroy(&condition_); }
    Condition(const Condition&) = delete;
    Condition& operator=(const Condition&) = delete;
    cnd_t* get() { return &condition_; }

  private:
    cnd_t condition_;
};

timespec soon() {
    timespec now{};
    timespec_get(&now, TIME_UTC);
    now.tv_sec += 1;
    return now;
}

/// The function of a thread: it adds, and ends with what was there before.
int add(void* data) { return (*static_cast<int*>(data))++; }

HEDDLE_TEST(ThreadEndsWithItsResult) {
    int data = -7, result = 0;
    thrd_t thread;
    assert(thrd_create(&thread, &add, &data) == thrd_success);
    assert(thrd_equal(thread, thrd_current()) == 0);
    assert(thrd_join(thread, &result) == thrd_success);
    assert(result == -7 && data == -6);
}
HEDDLE_BROKEN_TEST(ThreadRacesWithItsCreator, data_race) {
    int data = 0;
    thrd_t thread;
    thrd_create(&thread, &add, &data);
    data = 2;
    thrd_join(thread, nullptr);
}
HEDDLE_BROKEN_TEST(UpdateIsLost, assertion) {
    static std::atomic<int> count;
    const auto add_apart = [](void*) {
        count = count + 1;
        return 0;
    };
    thrd_t thread;
    thrd_create(&thread, add_apart, nullptr);
    add_apart(nullptr);
    thrd_join(thread, nullptr);
    assert(count == 2);
}
HEDDLE_TEST(ThreadIsDetached) {
    static std::atomic<bool> is_done;
    thrd_t thread;
    const auto finish = [](void*) {
        is_done = true;
        return 0;
    };
    thrd_create(&thread, finish, nullptr);
    assert(thrd_detach(thread) == thrd_success);
    while (!is_done) thrd_yield();
}
HEDDLE_BROKEN_TEST(ThreadIsJoinedTwice, misuse) {
    int data = 0;
    thrd_t thread;
    thrd_create(&thread, &add, &data);
    thrd_join(thread, nullptr);
    thrd_join(thread, nullptr);
}
HEDDLE_TEST(SleepingLoopWaits) {
    std::atomic<bool> is_done{false};
    std::thread other([&] { is_done = true; });
    const timespec span{.tv_sec = 0, .tv_nsec = 1000};
    while (!is_done) thrd_sleep(&span, nullptr);
    other.join();
}

HEDDLE_TEST(TimeIsThatOfTheExecution) {
    timespec posix{}, own{};
    clock_gettime(CLOCK_MONOTONIC, &posix);
    assert(timespec_get(&own, TIME_UTC) == TIME_UTC && timespec_get(&own, 77) == 0);
    assert(own.tv_sec == posix.tv_sec && own.tv_nsec == posix.tv_nsec);
    assert(clock() / CLOCKS_PER_SEC == own.tv_sec);
}

// Each of two threads; either is first: 2 executions.
template <class Lock>
void count_in_two(mtx_t* mutex, const Lock& lock) {
    int count = 0;
    const auto counter = [&] {
        lock(mutex);
        ++count;
        assert(mtx_unlock(mutex) == thrd_success);
    };
    std::thread other(counter);
    counter();
    other.join();
    assert(count == 2);
}
HEDDLE_TEST(MutexExcludes) {
    Mutex mutex(mtx_plain);
    count_in_two(mutex.get(), [](mtx_t* one) { assert(mtx_lock(one) == thrd_success); });
}
HEDDLE_TEST(MutexIsTried) {
    Mutex mutex(mtx_plain);
    count_in_two(mutex.get(), [](mtx_t* one) {
        while (mtx_trylock(one) == thrd_busy) thrd_yield();
    });
}
HEDDLE_TEST(MutexTimesOutOrIsTaken) {
    Mutex mutex(mtx_timed);
    count_in_two(mutex.get(), [](mtx_t* one) {
        const timespec until = soon();
        if (mtx_timedlock(one, &until) == thrd_timedout) mtx_lock(one);
    });
}
HEDDLE_BROKEN_TEST(MutexThatTimedOutIsNotHeld, data_race) {
    Mutex mutex(mtx_timed);
    count_in_two(mutex.get(), [](mtx_t* one) {
        const timespec until = soon();
        mtx_timedlock(one, &until);
    });
}
HEDDLE_TEST(RecursiveMutexIsLockedTwice) {
    Mutex mutex(mtx_recursive);
    count_in_two(mutex.get(), [](mtx_t* one) {
        mtx_lock(one);
        mtx_lock(one);
        mtx_unlock(one);
    });
    assert(mtx_unlock(mutex.get()) == thrd_error);
}
HEDDLE_BROKEN_TEST(PlainMutexIsLockedTwice, deadlock) {
    Mutex mutex(mtx_plain);
    mtx_lock(mutex.get());
    mtx_lock(mutex.get());
}
HEDDLE_BROKEN_TEST(MutexOfAnotherIsUnlocked, misuse) {
    Mutex mutex(mtx_plain);
    mtx_lock(mutex.get());
    std::thread other([&] { mtx_unlock(mutex.get()); });
    other.join();
}

// Told before it waits or while it does: 2 executions. Where the time may pass, it does so before the other one is in, or after,
// which is seen then: 2 more.
template <class Wait, class Tell>
void hand_over(const Wait& wait, const Tell& tell) {
    Mutex mutex(mtx_plain);
    Condition condition;
    bool is_ready = false;
    std::thread other([&] {
        mtx_lock(mutex.get());
        is_ready = true;
        tell(condition.get());
        mtx_unlock(mutex.get());
    });
    mtx_lock(mutex.get());
    while (!is_ready)
        if (!wait(condition.get(), mutex.get())) break;
    mtx_unlock(mutex.get());
    other.join();
}
bool wait_for_ever(cnd_t* condition, mtx_t* mutex) { return cnd_wait(condition, mutex) == thrd_success; }
HEDDLE_TEST(ConditionIsSignalled) {
    hand_over(&wait_for_ever, [](cnd_t* one) { assert(cnd_signal(one) == thrd_success); });
}
HEDDLE_TEST(ConditionIsBroadcast) {
    hand_over(&wait_for_ever, [](cnd_t* one) { assert(cnd_broadcast(one) == thrd_success); });
}
HEDDLE_BROKEN_TEST(ConditionIsForgotten, deadlock) {
    hand_over(&wait_for_ever, [](cnd_t*) {});
}
HEDDLE_TEST(ConditionTimesOut) {
    hand_over(
        [](cnd_t* condition, mtx_t* mutex) {
            const timespec until = soon();
            const int result = cnd_timedwait(condition, mutex, &until);
            assert(result == thrd_success || result == thrd_timedout);
            return result == thrd_success;
        },
        [](cnd_t* one) { cnd_signal(one); });
}
HEDDLE_BROKEN_TEST(ConditionWithAMutexThatIsFree, misuse) {
    Mutex mutex(mtx_plain);
    Condition condition;
    cnd_wait(condition.get(), mutex.get());
}

HEDDLE_TEST(FunctionIsCalledOnce) {
    static once_flag flag = ONCE_FLAG_INIT;
    static int count = 0;
    const auto call = [] {
        call_once(&flag, [] { ++count; });
        assert(count == 1);
    };
    std::thread other(call);
    call();
    other.join();
}
HEDDLE_BROKEN_TEST(FunctionIsCalledOnceByEach, data_race) {
    static int count = 0;
    const auto call = [] {
        once_flag own = ONCE_FLAG_INIT;
        call_once(&own, [] { ++count; });
    };
    std::thread other(call);
    call();
    other.join();
}

HEDDLE_TEST(ValuesEndWithTheirThreads) {
    static int ended = 0;
    static tss_t key;
    const auto end = [](void* value) { delete static_cast<int*>(value), ++ended; };
    const auto set = [](void*) {
        assert(tss_get(key) == nullptr && tss_set(key, new int(1)) == thrd_success);
        return *static_cast<int*>(tss_get(key));
    };
    assert(tss_create(&key, end) == thrd_success);
    thrd_t thread;
    int result = 0;
    thrd_create(&thread, set, nullptr);
    thrd_join(thread, &result);
    assert(result == 1 && ended == 1 && tss_get(key) == nullptr);
    tss_delete(key);
}
HEDDLE_BROKEN_TEST(KeyOfNoStorage, misuse) { tss_set(tss_t{5000}, nullptr); }

}  // namespace
