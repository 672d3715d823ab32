// The standard library's mutexes on a Platform: each used in one right way and in one wrong one.
#include <chrono>
#include <mutex>
#include <shared_mutex>

#include <heddle/checker/model.hpp>
#include <heddle/checker/standard.hpp>

namespace heddle::cases {

using namespace std::chrono_literals;

/// Data that a lock guards.
template <Platform P, template <Platform> class Mutex>
struct Guards {
    static constexpr auto claim = "the lock guards the data";
    static constexpr int threads = 2;
    Mutex<P> mutex{"mutex"};
    typename P::template plain<int> data{0, "data"};
    void count() { data.write(data.read() + 1); }
};
template <Platform P>
struct RecursiveMutexGuards : Guards<P, recursive_mutex> {
    void thread(int) {
        const std::lock_guard outer(this->mutex);
        const std::lock_guard inner(this->mutex);
        this->count();
    }
    void after() { check(this->data.read() == 2); }
};
HEDDLE_MODEL(RecursiveMutexGuards);
template <Platform P>
struct RecursiveMutexIsLeftTooEarly : Guards<P, recursive_mutex> {
    void thread(int) {
        this->mutex.lock();
        this->mutex.lock();
        this->mutex.unlock();
        this->mutex.unlock();
        this->count();
    }
};
HEDDLE_BROKEN_MODEL(RecursiveMutexIsLeftTooEarly, failure::data_race);
template <Platform P>
struct TimedMutexGivesUp : Guards<P, timed_mutex> {
    typename P::template atomic<int> missed{0, "missed"};
    void thread(int) {
        if (std::unique_lock guard(this->mutex, 1ms); guard.owns_lock()) this->count();
        else missed.fetch_add(1, std::memory_order_relaxed);
    }
    void after() { check(this->data.read() + missed.load(std::memory_order_relaxed) == 2); }
};
HEDDLE_MODEL(TimedMutexGivesUp);
template <Platform P>
struct TimedMutexNeverGivesUp : Guards<P, recursive_timed_mutex> {
    void thread(int) {
        check(this->mutex.try_lock_until(clock<P>::now() + 1ms), "it is locked in time"), this->mutex.unlock();
    }
};
HEDDLE_BROKEN_MODEL(TimedMutexNeverGivesUp, failure::assertion);

template <Platform P>
struct SharedMutexGuards : Guards<P, shared_mutex> {
    static constexpr int threads = 3;
    void thread(int index) {
        if (index == 0) {
            const std::unique_lock guard(this->mutex);
            this->count();
        } else {
            const std::shared_lock guard(this->mutex);
            this->data.read();
        }
    }
};
HEDDLE_MODEL(SharedMutexGuards);
template <Platform P>
struct SharedMutexGuardsNoWrite : Guards<P, shared_mutex> {
    void thread(int) {
        const std::shared_lock guard(this->mutex);
        this->count();
    }
};
HEDDLE_BROKEN_MODEL(SharedMutexGuardsNoWrite, failure::data_race);
template <Platform P>
struct SharedMutexIsNotUpgraded : Guards<P, shared_mutex> {
    void thread(int) {
        const std::shared_lock guard(this->mutex);
        const std::unique_lock upgraded(this->mutex);
        this->count();
    }
};
HEDDLE_BROKEN_MODEL(SharedMutexIsNotUpgraded, failure::deadlock);
template <Platform P>
struct SharedMutexIsLockedAgainByAReader : Guards<P, shared_mutex> {
    void thread(int) {
        const std::shared_lock outer(this->mutex);
        const std::shared_lock inner(this->mutex);
        this->data.read();
    }
};
HEDDLE_BROKEN_MODEL(SharedMutexIsLockedAgainByAReader, failure::misuse);
template <Platform P>
struct SharedMutexIsUnlockedByAnotherReader : Guards<P, shared_mutex> {
    typename P::template atomic<bool> offered{false, "offered"};
    void thread(int index) {
        if (index == 0) {
            this->mutex.lock_shared();
            offered.store(true, std::memory_order_release);  // synchronizes with the acquire of whoever takes it
        }
        if (offered.exchange(false, std::memory_order_acquire)) this->mutex.unlock_shared();
    }
};
HEDDLE_BROKEN_MODEL(SharedMutexIsUnlockedByAnotherReader, failure::misuse);

template <Platform P>
struct AnyLockWaits : Guards<P, shared_mutex> {
    condition_variable_any<P> changed{"changed"};
    void thread(int index) {
        if (index == 0) {
            std::shared_lock guard(this->mutex);
            changed.wait(guard, [this] { return this->data.read() != 0; });
        } else {
            {
                const std::lock_guard guard(this->mutex);
                this->count();
            }
            changed.notify_all();
        }
    }
};
HEDDLE_MODEL(AnyLockWaits);

}  // namespace heddle::cases
