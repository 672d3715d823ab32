// The primitives of other libraries, each behind the interface that the benchmarks use.
#pragma once

#include <nsync.h>

#include <boost/thread/concurrent_queues/sync_bounded_queue.hpp>
#include <boost/thread/concurrent_queues/sync_queue.hpp>

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <limits>
#include <mutex>
#include <utility>

#include <absl/synchronization/mutex.h>
#include <absl/synchronization/notification.h>
#include <concurrentqueue/blockingconcurrentqueue.h>
#include <tbb/concurrent_queue.h>

#include <heddle/platform/backoff.hpp>

namespace heddle::bench {

class AbslMutex {
  public:
    void lock() { mutex_.Lock(); }
    void unlock() { mutex_.Unlock(); }
    absl::Mutex& get() { return mutex_; }

  private:
    absl::Mutex mutex_;
};

class NsyncMutex {
  public:
    NsyncMutex() { nsync::nsync_mu_init(&mutex_); }
    void lock() { nsync::nsync_mu_lock(&mutex_); }
    void unlock() { nsync::nsync_mu_unlock(&mutex_); }
    nsync::nsync_mu& get() { return mutex_; }

  private:
    nsync::nsync_mu mutex_{};
};

/// No lock, but what an uncontended one at least consists of: a compare-exchange and an exchange. Nothing that is built on
/// such a lock can take less.
class BareLock {
  public:
    void lock() {
        while (!try_lock()) continue;
    }
    bool try_lock() {
        int expected = 0;
        return word_.compare_exchange_strong(expected, 1, std::memory_order_acquire, std::memory_order_relaxed);
    }
    void unlock() { word_.exchange(0, std::memory_order_release); }

  private:
    std::atomic<int> word_{0};
};

/// For one thread, which has nobody to wait for.
struct NoCondition {
    void wait(BareLock& /*lock*/) {}
    void notify_one() {}
};

class StdCondition {
  public:
    void wait(std::mutex& mutex) {
        std::unique_lock guard(mutex, std::adopt_lock);
        condition_.wait(guard);
        guard.release();
    }
    void notify_one() { condition_.notify_one(); }
    void notify_all() { condition_.notify_all(); }

  private:
    std::condition_variable condition_;
};

class AbslCondition {
  public:
    void wait(AbslMutex& mutex) { condition_.Wait(&mutex.get()); }
    void notify_one() { condition_.Signal(); }
    void notify_all() { condition_.SignalAll(); }

  private:
    absl::CondVar condition_;
};

class NsyncCondition {
  public:
    NsyncCondition() { nsync::nsync_cv_init(&condition_); }
    void wait(NsyncMutex& mutex) { nsync::nsync_cv_wait(&condition_, &mutex.get()); }
    void notify_one() { nsync::nsync_cv_signal(&condition_); }
    void notify_all() { nsync::nsync_cv_broadcast(&condition_); }

  private:
    nsync::nsync_cv condition_{};
};

/// What one writes by hand: a mutex, two condition variables and a deque.
template <class Mutex, class Condition, class T>
class DequeQueue {
  public:
    explicit DequeQueue(std::ptrdiff_t maxsize) : maxsize_(maxsize) {}
    void put(T item) {
        {
            const std::scoped_lock guard(mutex_);
            while (maxsize_ > 0 && std::cmp_greater_equal(items_.size(), maxsize_)) not_full_.wait(mutex_);
            items_.push_back(std::move(item));
        }
        not_empty_.notify_one();
    }
    T get() {
        std::unique_lock guard(mutex_);
        while (items_.empty()) not_empty_.wait(mutex_);
        T item = std::move(items_.front());
        items_.pop_front();
        guard.unlock();
        not_full_.notify_one();
        return item;
    }

  private:
    std::ptrdiff_t maxsize_;
    Mutex mutex_;
    Condition not_empty_;
    Condition not_full_;
    std::deque<T> items_;
};

template <class T>
using StdQueue = DequeQueue<std::mutex, StdCondition, T>;
template <class T>
using BareQueue = DequeQueue<BareLock, NoCondition, T>;
template <class T>
using AbslQueue = DequeQueue<AbslMutex, AbslCondition, T>;
template <class T>
using NsyncQueue = DequeQueue<NsyncMutex, NsyncCondition, T>;

/// One item between one thread that puts and one that gets, both of which do nothing but look: its cache line is on the way
/// twice for each item, and what passes items one by one can hardly take less.
template <class T>
class BareSlot {
  public:
    explicit BareSlot(std::ptrdiff_t /*maxsize*/) {}
    void put(T item) {
        while (full_.load(std::memory_order_acquire)) detail::spin_pause();
        item_ = std::move(item);
        full_.store(true, std::memory_order_release);
    }
    T get() {
        while (!full_.load(std::memory_order_acquire)) detail::spin_pause();
        T item = std::move(item_);
        full_.store(false, std::memory_order_release);
        return item;
    }

  private:
    alignas(64) std::atomic<bool> full_{false};
    T item_{};
};

/// The same with a lock around each step, all of it in one cache line: a queue over a lock can hardly pass items one by
/// one and take less.
template <class T>
class BareLockedSlot {
  public:
    explicit BareLockedSlot(std::ptrdiff_t /*maxsize*/) {}
    void put(T item) {
        step(false, [&] { item_ = std::move(item); });
    }
    T get() {
        T item;
        step(true, [&] { item = std::move(item_); });
        return item;
    }

  private:
    template <class F>
    void step(bool when_full, F pass_on) {
        while (full_.load(std::memory_order_relaxed) != when_full) detail::spin_pause();
        while (!lock_.try_lock()) detail::spin_pause();
        pass_on();
        full_.store(!when_full, std::memory_order_relaxed);
        lock_.unlock();
    }

    alignas(64) BareLock lock_;
    std::atomic<bool> full_{false};
    T item_{};
};

/// A size no queue comes to here: what Boost and TBB take for unbounded.
constexpr std::size_t bound(std::ptrdiff_t maxsize) {
    return maxsize > 0 ? static_cast<std::size_t>(maxsize) : std::size_t{std::numeric_limits<int>::max()};
}

template <class T>
class BoostBoundedQueue {
  public:
    explicit BoostBoundedQueue(std::ptrdiff_t maxsize) : queue_(bound(maxsize)) {}
    void put(T item) { queue_.push_back(std::move(item)); }
    T get() { return queue_.pull_front(); }

  private:
    boost::concurrent::sync_bounded_queue<T> queue_;  // allocates all its slots at once
};

template <class T>
class BoostUnboundedQueue {
  public:
    explicit BoostUnboundedQueue(std::ptrdiff_t) {}
    void put(T item) { queue_.push(std::move(item)); }
    T get() { return queue_.pull(); }

  private:
    boost::concurrent::sync_queue<T> queue_;
};

template <class T>
class TbbQueue {
  public:
    explicit TbbQueue(std::ptrdiff_t maxsize) { queue_.set_capacity(static_cast<std::ptrdiff_t>(bound(maxsize))); }
    void put(T item) { queue_.push(std::move(item)); }
    T get() {
        T item{};
        queue_.pop(item);
        return item;
    }

  private:
    tbb::concurrent_bounded_queue<T> queue_;
};

/// Unbounded only, and first in first out for each producer only.
template <class T>
class MoodycamelQueue {
  public:
    explicit MoodycamelQueue(std::ptrdiff_t) {}
    void put(T item) { queue_.enqueue(std::move(item)); }
    T get() {
        T item{};
        queue_.wait_dequeue(item);
        return item;
    }

  private:
    moodycamel::BlockingConcurrentQueue<T> queue_;
};

}  // namespace heddle::bench
