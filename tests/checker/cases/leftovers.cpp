// Types and functions of the standard and C libraries that were left in a model, where an engine does not see them.
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <threads.h>
#include <unistd.h>

#include <atomic>
#include <barrier>
#include <chrono>
#include <condition_variable>
#include <fstream>
#include <future>
#include <latch>
#include <memory>
#include <mutex>
#include <semaphore>
#include <shared_mutex>
#include <stop_token>
#include <thread>

#include <heddle/checker/model.hpp>

namespace heddle::cases {

using namespace std::chrono_literals;

/// Two threads that meet at an object which an engine does see, and at something that it does not.
template <Platform P>
struct Leftover {
    static constexpr auto claim = "an engine sees all that threads wait with (not this)";
    static constexpr int threads = 2;
    typename P::template atomic<int> seen{0, "seen"};
    typename P::template plain<int> data{0, "data"};
    void meet() { seen.fetch_add(1, std::memory_order_relaxed); }
};

template <Platform P>
struct StdAtomicBesideData : Leftover<P> {
    std::atomic<bool> ready{false};
    void thread(int index) {
        this->meet();
        if (index == 0) this->data.write(1), ready.store(true);
        else if (ready.load()) this->data.read();
    }
};
HEDDLE_BROKEN_MODEL(StdAtomicBesideData, failure::misuse);
template <Platform P>
struct StdAtomicFlagSpins : Leftover<P> {
    std::atomic_flag held = ATOMIC_FLAG_INIT;
    void thread(int) {
        while (held.test_and_set(std::memory_order_acquire)) P::yield();
        this->data.write(1);
        held.clear(std::memory_order_release);
    }
};
HEDDLE_BROKEN_MODEL(StdAtomicFlagSpins, failure::misuse);
template <Platform P>
struct StdAtomicRef : Leftover<P> {
    int count = 0;
    void thread(int) {
        this->meet();
        std::atomic_ref<int>(count).fetch_add(1);
    }
};
HEDDLE_BROKEN_MODEL(StdAtomicRef, failure::misuse);
template <Platform P>
struct StdAtomicSharedPtr : Leftover<P> {
    std::atomic<std::shared_ptr<int>> shared;
    void thread(int) {
        this->meet();
        shared.store(std::make_shared<int>(1));
    }
};
HEDDLE_BROKEN_MODEL(StdAtomicSharedPtr, failure::misuse);
template <Platform P>
struct StdFence : Leftover<P> {
    void thread(int index) {
        if (index == 0) {
            this->data.write(1);
            std::atomic_thread_fence(std::memory_order_release);
            this->seen.store(1, std::memory_order_relaxed);
        } else if (this->seen.load(std::memory_order_acquire) == 1) {
            this->data.read();
        }
    }
};
HEDDLE_BROKEN_MODEL(StdFence, failure::misuse);

/// One object of type `T`, made of `value` or of nothing, and what is done with it.
#define HEDDLE_LEFT_IN(Name, T, make, use) \
    template <Platform P>                  \
    struct Name : Leftover<P> {            \
        T object make;                     \
        void thread(int) {                 \
            this->meet();                  \
            use;                           \
        }                                  \
    };                                     \
    HEDDLE_BROKEN_MODEL(Name, failure::misuse)

HEDDLE_LEFT_IN(StdAtomicWaits, std::atomic<int>, {0}, object.wait(0));
HEDDLE_LEFT_IN(StdLatch, std::latch, {2}, object.arrive_and_wait());
HEDDLE_LEFT_IN(StdBarrier, std::barrier<>, {2}, object.arrive_and_wait());
HEDDLE_LEFT_IN(StdSemaphore, std::counting_semaphore<4>, {1}, object.acquire());
HEDDLE_LEFT_IN(StdSharedTimedMutex, std::shared_timed_mutex, {}, object.try_lock_shared_for(1ms));
HEDDLE_LEFT_IN(StdSharedMutexTried, std::shared_mutex, {}, object.try_lock());
HEDDLE_LEFT_IN(StdSharedMutexTriedShared, std::shared_mutex, {}, object.try_lock_shared());
HEDDLE_LEFT_IN(StdRecursiveTimedMutex, std::recursive_timed_mutex, {}, object.try_lock_for(1ms));
HEDDLE_LEFT_IN(StdPromise, std::promise<void>, {}, object.set_value());
HEDDLE_LEFT_IN(StdAsync, std::future<void>, {}, std::async(std::launch::async, [] {}).get());
HEDDLE_LEFT_IN(StdJthread, int, {0}, std::jthread([] {}).join());
HEDDLE_LEFT_IN(PosixSpinLock, pthread_spinlock_t, {}, pthread_spin_lock(&object));
HEDDLE_LEFT_IN(PosixSemaphore, sem_t, {}, sem_post(&object));
HEDDLE_LEFT_IN(PosixBarrier, pthread_barrier_t, {}, pthread_barrier_wait(&object));
HEDDLE_LEFT_IN(StdSleep, int, {0}, std::this_thread::sleep_for(1h));
HEDDLE_LEFT_IN(StdYield, int, {0}, std::this_thread::yield());
HEDDLE_LEFT_IN(StdConditionNotifies, std::condition_variable, {}, object.notify_all());
HEDDLE_LEFT_IN(StdConditionAnyNotifies, std::condition_variable_any, {}, object.notify_one());
HEDDLE_LEFT_IN(StdStopSource, std::stop_source, {}, object.request_stop());
HEDDLE_LEFT_IN(StdThreadId, std::thread::id, {}, object = std::this_thread::get_id());
HEDDLE_LEFT_IN(StdAtomicLoadOfAnOwner, std::shared_ptr<int>, {}, std::atomic_load(&object));
HEDDLE_LEFT_IN(BuiltinAtomic, int, {0}, __atomic_fetch_add(&object, 1, __ATOMIC_SEQ_CST));
HEDDLE_LEFT_IN(BuiltinSync, int, {0}, __sync_fetch_and_add(&object, 1));
HEDDLE_LEFT_IN(PosixCondition, pthread_cond_t, {}, pthread_cond_signal(&object));
HEDDLE_LEFT_IN(PosixThreadData, pthread_key_t, {0}, pthread_getspecific(object));
HEDDLE_LEFT_IN(CMutex, mtx_t, {}, mtx_lock(&object));
HEDDLE_LEFT_IN(CCondition, cnd_t, {}, cnd_signal(&object));
HEDDLE_LEFT_IN(CThread, thrd_t, {},
               thrd_create(
                   &object, [](void*) { return 0; }, nullptr));
HEDDLE_LEFT_IN(KernelThread, pid_t, {0}, object = gettid());
HEDDLE_LEFT_IN(KernelWait, pollfd, {}, poll(&object, 0, 1));
HEDDLE_LEFT_IN(KernelSleep, unsigned, {0}, sleep(object));
HEDDLE_LEFT_IN(KernelAlarm, unsigned, {100}, alarm(object));
#undef HEDDLE_LEFT_IN

/// What a model reads or writes elsewhere is none of its steps: that it does is said.
template <Platform P>
struct ReadsAFile : Leftover<P> {
    static constexpr auto claim = "a model may read a file";
    void thread(int) {
        this->meet();
        check(std::ifstream("/dev/zero").get() == 0);
    }
};
HEDDLE_MODEL(ReadsAFile);

/// Atomics that no thread of the model has been left with are none of its business.
template <Platform P>
struct StdAtomicOfTheHarness {
    static constexpr auto claim = "a model may be made of what a std::atomic says before it runs";
    static constexpr int threads = 2;
    static inline const int begin = std::atomic<int>(3).load();
    typename P::template atomic<int> count{begin, "count"};
    void thread(int) { count.fetch_add(1, std::memory_order_relaxed); }
    void after() { check(count.load(std::memory_order_relaxed) == begin + 2); }
};
HEDDLE_MODEL(StdAtomicOfTheHarness);

}  // namespace heddle::cases
