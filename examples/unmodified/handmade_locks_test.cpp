// Locks that people write themselves. Those that spin without a pause are found to wait, too.
#include <atomic>
#include <cassert>
#include <mutex>
#include <shared_mutex>
#include <thread>
#include <vector>

#include <heddle/unmodified.hpp>

namespace {

constexpr auto relaxed = std::memory_order_relaxed;
constexpr auto acquire = std::memory_order_acquire;
constexpr auto release = std::memory_order_release;
constexpr auto acq_rel = std::memory_order_acq_rel;

template <class Lock>
void count_with(Lock& lock, int threads) {
    int count = 0;
    std::vector<std::thread> counters;
    for (int i = 0; i != threads; ++i)
        counters.emplace_back([&] {
            const std::lock_guard guard(lock);
            ++count;
        });
    for (std::thread& counter : counters) counter.join();
    assert(count == threads);
}

// ---- by turns

template <std::memory_order unlocking = release>
class TicketLock {
  public:
    void lock() {
        const unsigned ticket = next_.fetch_add(1, relaxed);
        while (serving_.load(acquire) != ticket) std::this_thread::yield();
    }
    void unlock() { serving_.store(serving_.load(relaxed) + 1, unlocking); }

  private:
    std::atomic<unsigned> next_{0}, serving_{0};
};
HEDDLE_TEST(TicketLockExcludesThree) {
    TicketLock lock;
    count_with(lock, 3);
}
HEDDLE_BROKEN_TEST(TicketLockThatPublishesNothing, data_race) {
    TicketLock<relaxed> lock;
    count_with(lock, 2);
}

// ---- without a word

class SpinLock {
  public:
    void lock() {
        while (held_.exchange(true, acquire))
            while (held_.load(relaxed)) {
            }
    }
    void unlock() { held_.store(false, release); }

  private:
    std::atomic<bool> held_{false};
};
HEDDLE_TEST(SpinLockExcludesThree) {
    SpinLock lock;
    count_with(lock, 3);
}

// ---- with a queue: Mellor-Crummey and Scott

template <bool waits_for_successor>
class McsLock {
  public:
    struct Node {
        std::atomic<Node*> next{nullptr};
        std::atomic<bool> waits{true};
    };
    void lock(Node& own) {
        Node* const last = last_.exchange(&own, acq_rel);
        if (last == nullptr) return;
        last->next.store(&own, release);
        while (own.waits.load(acquire)) std::this_thread::yield();
    }
    void unlock(Node& own) {
        Node* next = own.next.load(acquire);
        if (next == nullptr) {
            Node* expected = &own;
            if (last_.compare_exchange_strong(expected, nullptr, release, relaxed)) return;
            while (waits_for_successor && (next = own.next.load(acquire)) == nullptr) std::this_thread::yield();
        }
        if (next != nullptr) next->waits.store(false, release);
    }

  private:
    std::atomic<Node*> last_{nullptr};
};

template <bool waits_for_successor>
void count_with_mcs(int threads) {
    McsLock<waits_for_successor> lock;
    int count = 0;
    std::vector<typename McsLock<waits_for_successor>::Node> nodes(static_cast<std::size_t>(threads));
    std::vector<std::thread> counters;
    for (auto& node : nodes)
        counters.emplace_back([&] {
            lock.lock(node);
            ++count;
            lock.unlock(node);
        });
    for (std::thread& counter : counters) counter.join();
    assert(count == threads);
}
HEDDLE_TEST(McsLockExcludesThree) { count_with_mcs<true>(3); }
HEDDLE_BROKEN_TEST(McsLockThatMissesItsSuccessor, livelock) { count_with_mcs<false>(2); }

// ---- spinning for a while, then asleep: Drepper, "Futexes are tricky"

template <bool marks_waiters>
class ParkingLock {
  public:
    void lock() {
        constexpr int most_spins = 100;
        for (int spin = 0; spin != most_spins; ++spin) {
            int free = 0;
            if (word_.compare_exchange_weak(free, held, acquire, relaxed)) return;
            __builtin_ia32_pause();
        }
        // Broken: whoever has taken it without a mark, although others wait, wakes nobody.
        const int taken = marks_waiters ? contended : held;
        while (word_.exchange(contended, acquire) != 0) word_.wait(contended, relaxed);
        if (taken != contended) word_.store(taken, relaxed);
    }
    void unlock() {
        if (word_.exchange(0, release) == contended) word_.notify_one();
    }

  private:
    static constexpr int held = 1;
    static constexpr int contended = 2;
    std::atomic<int> word_{0};
};
HEDDLE_TEST(ParkingLockExcludesTwo) {
    ParkingLock<true> lock;
    count_with(lock, 2);
}
HEDDLE_BROKEN_TEST(ParkingLockThatForgetsWhoWaits, deadlock) {
    ParkingLock<false> lock;
    count_with(lock, 3);
}

// ---- tried often before it is waited for

template <bool waits_in_the_end>
class TryingLock {
  public:
    void lock() {
        constexpr int most_tries = 1000;
        for (int tries = 0; tries != most_tries; ++tries)
            if (mutex_.try_lock()) return;
        // Broken: whoever gives up goes on as if he held it.
        if (waits_in_the_end) mutex_.lock();
    }
    void unlock() { mutex_.unlock(); }

  private:
    std::mutex mutex_;
};
HEDDLE_TEST(TryingLockExcludesThree) {
    TryingLock<true> lock;
    count_with(lock, 3);
}
HEDDLE_BROKEN_TEST(TryingLockThatGivesUp, data_race) {
    TryingLock<false> lock;
    count_with(lock, 2);
}

// ---- readers and writers

template <std::memory_order leaving>
class ReadersWriterLock {
  public:
    void lock_shared() {
        for (;;) {
            int readers = state_.load(relaxed);
            if (readers != writing && state_.compare_exchange_weak(readers, readers + 1, acquire, relaxed)) return;
            std::this_thread::yield();
        }
    }
    void unlock_shared() { state_.fetch_sub(1, leaving); }
    void lock() {
        for (int nobody = 0; !state_.compare_exchange_weak(nobody, writing, acquire, relaxed); nobody = 0)
            std::this_thread::yield();
    }
    void unlock() { state_.store(0, release); }

  private:
    static constexpr int writing = -1;
    std::atomic<int> state_{0};
};

template <class Lock>
void read_and_write_with() {
    Lock lock;
    int data = 0;
    const auto read = [&] {
        const std::shared_lock guard(lock);
        assert(data == 0 || data == 1);
    };
    std::thread writer([&] {
        const std::unique_lock guard(lock);
        ++data;
    });
    std::thread reader(read);
    read();
    writer.join();
    reader.join();
}
HEDDLE_TEST(ReadersWriterLockExcludes) { read_and_write_with<ReadersWriterLock<release>>(); }
HEDDLE_TEST(SharedMutexExcludes) { read_and_write_with<std::shared_mutex>(); }
HEDDLE_BROKEN_TEST(ReaderThatLeavesWithoutRelease, data_race) { read_and_write_with<ReadersWriterLock<relaxed>>(); }

}  // namespace
