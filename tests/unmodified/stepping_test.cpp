// Loops that spin without a yield and write in each turn: they are cut off after some turns, and what they do until then is seen. One that
// writes again what it has written there waits.
#include <atomic>
#include <cassert>
#include <mutex>
#include <thread>

#include <heddle/unmodified.hpp>

namespace {

/// Another thread does that until it sees the flag.
template <class Turn>
void until_told(const Turn& turn) {
    std::atomic<bool> told{false};
    std::thread other([&] {
        while (!told.load()) turn();
    });
    told.store(true);
    other.join();
}

HEDDLE_TEST(CountsInAnAtomic) {
    std::atomic<int> count{0};
    until_told([&] { count.fetch_add(1, std::memory_order_relaxed); });
}
HEDDLE_TEST(CountsUnderAMutex) {
    std::mutex mutex;
    int count = 0;
    until_told([&] {
        const std::lock_guard guard(mutex);
        ++count;
    });
}
HEDDLE_TEST(StoresItsCount) {
    std::atomic<int> stored{0};
    int count = 0;
    until_told([&] { stored.store(++count, std::memory_order_relaxed); });
}
HEDDLE_TEST(TogglesAnAtomic) {
    std::atomic<bool> on{false};
    until_told([&] { on.store(!on.load(std::memory_order_relaxed), std::memory_order_relaxed); });
}
HEDDLE_BROKEN_TEST(CountsOnlyOnce, assertion) {
    std::atomic<int> count{0};
    until_told([&] { count.fetch_add(1, std::memory_order_relaxed); });
    assert(count < 5);
}

/// A lock of which each failed attempt is counted.
class CountingLock {
  public:
    void lock() {
        while (is_locked_.exchange(true, std::memory_order_acquire)) failed_.fetch_add(1, std::memory_order_relaxed);
    }
    void unlock() { is_locked_.store(false, std::memory_order_release); }

  private:
    std::atomic<bool> is_locked_{false};
    std::atomic<int> failed_{0};
};

template <class Turn>
void in_two(const Turn& turn) {
    std::thread other(turn);
    turn();
    other.join();
}

HEDDLE_TEST(LockThatCountsExcludes) {
    CountingLock lock;
    int count = 0;
    in_two([&] {
        const std::lock_guard guard(lock);
        ++count;
    });
    assert(count == 2);
}
HEDDLE_BROKEN_TEST(LockThatCountsIsLetGoTooEarly, assertion) {
    CountingLock lock;
    std::atomic<int> count{0};
    in_two([&] {
        lock.lock();
        const int now = count.load();
        lock.unlock();
        count.store(now + 1);
    });
    assert(count == 2);
}

/// Readers announce themselves, and take that back while it is written: the loop yields late, if at all.
class LockThatIsTakenBack {
  public:
    void lock_shared() {
        for (int failures = 0; (held_.fetch_add(reader, std::memory_order_acquire) & writer) != 0;) {
            held_.fetch_sub(reader, std::memory_order_release);
            if (++failures > 1000) std::this_thread::yield();
        }
    }
    void lock() {
        for (int free = 0; !held_.compare_exchange_strong(free, writer, std::memory_order_acq_rel);) free = 0;
    }
    void unlock(std::memory_order order) { held_.fetch_and(~writer, order); }
    void unlock_shared() { held_.fetch_sub(reader, std::memory_order_release); }

  private:
    static constexpr int writer = 1;
    static constexpr int reader = 4;

    std::atomic<int> held_{0};
};
void reads_beside_a_writer(std::memory_order unlock) {
    LockThatIsTakenBack lock;
    int data = 0;
    std::thread reader([&] {
        lock.lock_shared();
        assert(data <= 1);
        lock.unlock_shared();
    });
    lock.lock();
    ++data;
    lock.unlock(unlock);
    reader.join();
}
HEDDLE_TEST(TakesBackWhatItAdds) { reads_beside_a_writer(std::memory_order_release); }
HEDDLE_BROKEN_TEST(TakesBackWhatItAddsTooEarly, data_race) { reads_beside_a_writer(std::memory_order_relaxed); }

// A loop that ends is followed to its end, however it looks.
HEDDLE_BROKEN_TEST(CountsToItsEnd, assertion) {
    constexpr int turns = 40;
    std::atomic<int> count{0};
    std::thread other([&] {
        for (int turn = 0; turn != turns; ++turn) count.fetch_add(1, std::memory_order_relaxed);
    });
    other.join();
    assert(count != turns);
}

// ---- what is written again

HEDDLE_TEST(StoresTheSame) {
    std::atomic<int> stored{0};
    until_told([&] { stored.store(1, std::memory_order_relaxed); });
}
HEDDLE_BROKEN_TEST(StoresTheSameForEver, livelock) {
    std::atomic<int> stored{0};
    std::atomic<bool> told{false};
    std::thread other([&] {
        while (!told.load()) stored.store(1, std::memory_order_relaxed);
    });
    other.join();
}
// Another thread stores in between: then it is not the same.
HEDDLE_BROKEN_TEST(StoresTheSameOverAnothers, assertion) {
    std::atomic<int> stored{0};
    std::atomic<bool> told{false};
    std::thread other([&] {
        while (!told.load()) stored.store(1);
    });
    stored.store(2);
    const int seen = stored.load();
    told.store(true);
    other.join();
    assert(seen == 2);
}
// Who reads the later store, which is weaker, does not see what came before the first one.
HEDDLE_BROKEN_TEST(StoresTheSameLessStrictly, data_race) {
    std::atomic<int> stored{0};
    std::atomic<bool> told{false};
    int data = 0;
    std::thread other([&] {
        data = 1;
        stored.store(1, std::memory_order_release);
        while (!told.load(std::memory_order_relaxed)) stored.store(1, std::memory_order_relaxed);
    });
    const bool is_stored = stored.load(std::memory_order_acquire) == 1;
    if (is_stored) data = 2;
    told.store(true, std::memory_order_relaxed);
    other.join();
}

}  // namespace
