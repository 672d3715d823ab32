// Wake-ups without a cause: a wait under `if` that should be under `while` is found, whatever it waits with; a loop around
// the wait costs next to nothing (wake_ups_executions.txt).
#include <linux/futex.h>
#include <pthread.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cassert>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <queue>
#include <thread>

#include <heddle/unmodified.hpp>

namespace {

enum class Around { loop, condition };

/// Waits as long as `holds` is false, or once if it is.
template <Around around, class Holds, class Wait>
void wait_until(const Holds& holds, const Wait& wait) {
    if constexpr (around == Around::loop)
        while (!holds()) wait();
    else if (!holds()) wait();
}

template <Around around, class Condition>
void pass_an_item() {
    std::mutex mutex;
    Condition condition;
    std::queue<int> queue;
    std::thread consumer([&] {
        std::unique_lock lock(mutex);
        wait_until<around>([&] { return !queue.empty(); }, [&] { condition.wait(lock); });
        assert(!queue.empty());
    });
    {
        const std::lock_guard lock(mutex);
        queue.push(1);
    }
    condition.notify_one();
    consumer.join();
}

template <Around around>
void signal() {
    pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
    pthread_cond_t condition = PTHREAD_COND_INITIALIZER;
    bool is_ready = false;
    std::thread waiter([&] {
        pthread_mutex_lock(&mutex);
        wait_until<around>([&] { return is_ready; }, [&] { pthread_cond_wait(&condition, &mutex); });
        assert(is_ready);
        pthread_mutex_unlock(&mutex);
    });
    pthread_mutex_lock(&mutex);
    is_ready = true;
    pthread_cond_signal(&condition);
    pthread_mutex_unlock(&mutex);
    waiter.join();
}

using Word = std::atomic<std::uint32_t>;
long sleep_on(Word& word, std::uint32_t expected) {
    return syscall(SYS_futex, &word, FUTEX_WAIT_PRIVATE, expected, nullptr, nullptr, 0);
}
void wake_one(Word& word) { syscall(SYS_futex, &word, FUTEX_WAKE_PRIVATE, 1, nullptr, nullptr, 0); }

template <Around around>
void wake() {
    Word word{0};
    std::thread waiter([&] {
        wait_until<around>([&] { return word.load() != 0; }, [&] { sleep_on(word, 0); });
        assert(word.load() != 0);
    });
    word.store(1);
    wake_one(word);
    waiter.join();
}

/// A mutex over the futex (Drepper, "Futexes Are Tricky"), and a condition as Android's C library had it.
class Mutex {
  public:
    void lock() {
        std::uint32_t found = 0;
        if (word_.compare_exchange_strong(found, 1)) return;
        while (word_.exchange(2) != 0) sleep_on(word_, 2);
    }
    void unlock() {
        if (word_.exchange(0) == 2) wake_one(word_);
    }

  private:
    Word word_{0};
};

class Condition {
  public:
    void wait(Mutex& mutex) {
        const std::uint32_t before = signals_.load();
        mutex.unlock();
        sleep_on(signals_, before);
        mutex.lock();
    }
    void signal() {
        signals_.fetch_add(1);
        wake_one(signals_);
    }

  private:
    Word signals_{0};
};

template <Around around>
void signal_by_hand() {
    Mutex mutex;
    Condition condition;
    bool is_ready = false;
    std::thread waiter([&] {
        mutex.lock();
        wait_until<around>([&] { return is_ready; }, [&] { condition.wait(mutex); });
        assert(is_ready);
        mutex.unlock();
    });
    mutex.lock();
    is_ready = true;
    mutex.unlock();
    condition.signal();
    waiter.join();
}

}  // namespace

HEDDLE_TEST(WaitInALoop) { pass_an_item<Around::loop, std::condition_variable>(); }
HEDDLE_BROKEN_TEST(WaitUnderAnIf, assertion) { pass_an_item<Around::condition, std::condition_variable>(); }
HEDDLE_TEST(WaitWithAnyLockInALoop) { pass_an_item<Around::loop, std::condition_variable_any>(); }
HEDDLE_BROKEN_TEST(WaitWithAnyLockUnderAnIf, assertion) {
    pass_an_item<Around::condition, std::condition_variable_any>();
}
HEDDLE_TEST(PosixWaitInALoop) { signal<Around::loop>(); }
HEDDLE_BROKEN_TEST(PosixWaitUnderAnIf, assertion) { signal<Around::condition>(); }
HEDDLE_TEST(FutexInALoop) { wake<Around::loop>(); }
HEDDLE_BROKEN_TEST(FutexUnderAnIf, assertion) { wake<Around::condition>(); }
HEDDLE_TEST(ConditionByHandInALoop) { signal_by_hand<Around::loop>(); }
HEDDLE_BROKEN_TEST(ConditionByHandUnderAnIf, assertion) { signal_by_hand<Around::condition>(); }

HEDDLE_BROKEN_TEST(WaitThatDidNotTimeOutIsNoNews, assertion) {
    std::mutex mutex;
    std::condition_variable condition;
    bool is_ready = false;
    std::thread waiter([&] {
        std::unique_lock lock(mutex);
        if (is_ready) return;
        if (condition.wait_for(lock, std::chrono::seconds(1)) == std::cv_status::no_timeout) assert(is_ready);
    });
    {
        const std::lock_guard lock(mutex);
        is_ready = true;
    }
    condition.notify_one();
    waiter.join();
}

// Two calls in one function are two waits: the first one has its loop.
HEDDLE_BROKEN_TEST(SecondWaitHasNoLoop, assertion) {
    std::mutex mutex;
    std::condition_variable condition;
    int stage = 0;
    std::thread waiter([&] {
        std::unique_lock lock(mutex);
        while (stage == 0) condition.wait(lock);
        if (stage == 1) condition.wait(lock);
        assert(stage == 2);
    });
    for (int next = 1; next != 3; ++next) {
        const std::lock_guard lock(mutex);
        stage = next;
        condition.notify_one();
    }
    waiter.join();
}

// What the thread looks at after the wait it has not looked at before: the wait is no loop's.
HEDDLE_BROKEN_TEST(WaitThatComesBeforeTheLook, use_after_free) {
    struct Job {
        std::mutex mutex;
        std::condition_variable condition;
        bool is_done = false;
    };
    auto* const job = new Job;
    std::unique_lock lock(job->mutex);
    std::thread worker([job] {
        {
            const std::lock_guard own(job->mutex);
            job->is_done = true;
        }
        job->condition.notify_one();
    });
    do job->condition.wait(lock);
    while (!job->is_done);
    lock.unlock();
    delete job;
    worker.join();
}
