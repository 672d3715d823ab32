// Waits that end by time, locks over several mutexes, and what the futex of Linux does.
#include <chrono>
#include <memory>
#include <mutex>

#include <heddle/checker/model.hpp>

namespace heddle::cases {

template <Platform P>
struct PollsWithATimedWait {
    static constexpr auto claim = "a worker stops when it is told";
    static constexpr int threads = 2;
    checker::mutex<P> mutex;
    checker::condition_variable<P> condition;
    typename P::template plain<bool> stop{false, "stop"};

    void thread(int index) {
        std::unique_lock guard(mutex);
        if (index == 0) {
            stop.write(true);
            condition.notify_one();
        } else {
            while (!stop.read()) condition.wait_for(guard, std::chrono::milliseconds(10));
        }
    }
};
HEDDLE_MODEL(PollsWithATimedWait);

template <Platform P>
struct SpinsForAThreadInATimedWait {
    static constexpr auto claim = "the one who spins goes on when the other one's time is out";
    static constexpr int threads = 2;
    typename P::template atomic<FutexWord> nothing{0, "nothing"};
    typename P::template atomic<bool> done{false, "done"};

    void thread(int index) {
        if (index == 0) {
            P::wait(nothing, 0, Deadline::after(P::now(), std::chrono::milliseconds(10)));
            done.store(true, std::memory_order_release);
        } else {
            while (!done.load(std::memory_order_acquire)) P::yield();
        }
    }
};
HEDDLE_MODEL(SpinsForAThreadInATimedWait);

template <Platform P>
struct ScopedLockInTwoOrders {
    static constexpr auto claim = "std::scoped_lock does not deadlock";
    static constexpr int threads = 2;
    checker::mutex<P> first, second;

    void thread(int index) {
        if (index == 0) std::scoped_lock guard(first, second);
        else std::scoped_lock guard(second, first);
    }
};
HEDDLE_MODEL(ScopedLockInTwoOrders);

template <Platform P>
struct LockGuardsInTwoOrders {
    static constexpr auto claim = "two mutexes may be taken in any order (they may not)";
    static constexpr int threads = 2;
    checker::mutex<P> first, second;

    void thread(int index) {
        const std::lock_guard outer(index == 0 ? first : second);
        const std::lock_guard inner(index == 0 ? second : first);
    }
};
HEDDLE_BROKEN_MODEL(LockGuardsInTwoOrders, failure::deadlock);

template <Platform P>
struct ClockAlongHappensBefore {
    static constexpr auto claim = "a stamp that was handed over is not in the future";
    static constexpr int threads = 2;
    typename P::template atomic<FutexWord> nothing{0, "nothing"};
    typename P::template atomic<std::int64_t> stamp{0, "stamp"};

    void thread(int index) {
        if (index == 0) {
            P::wait(nothing, 0, Deadline::after(P::now(), std::chrono::milliseconds(10)));
            stamp.store(P::now().count(), std::memory_order_release);
        } else {
            const std::int64_t theirs = stamp.load(std::memory_order_acquire);
            check(P::now().count() >= theirs, "it is not in the future");
        }
    }
};
HEDDLE_MODEL(ClockAlongHappensBefore);

template <Platform P>
struct WakeAfterDestruction {
    static constexpr auto claim = "a semaphore may be destroyed by the one who was woken";
    static constexpr int threads = 2;
    using Word = typename P::template atomic<FutexWord>;
    Word* const word = new Word(0, "word");

    void thread(int index) {
        if (index == 0) {
            word->store(1, std::memory_order_release);
            P::wake_one(*word);
        } else {
            while (word->load(std::memory_order_acquire) == 0) P::wait(*word, 0, Deadline::never());
            delete word;
        }
    }
};
HEDDLE_MODEL(WakeAfterDestruction);

/// In Linux a wait has a full barrier before it compares (kernel/futex/waitwake.c): who counts itself first is seen by a
/// signaller that has a fence of its own.
template <Platform P, bool fenced>
struct FutexWait {
    static constexpr auto claim = "who waits is woken";
    static constexpr int threads = 2;
    typename P::template atomic<FutexWord> word{0, "word"};
    typename P::template atomic<int> waiters{0, "waiters"};

    void thread(int index) {
        if (index == 0) {
            word.store(1, std::memory_order_release);
            if (fenced) P::fence(std::memory_order_seq_cst);
            if (waiters.load(std::memory_order_relaxed) != 0) P::wake_all(word);
        } else {
            waiters.fetch_add(1, fenced ? std::memory_order_relaxed : std::memory_order_seq_cst);
            P::wait(word, 0, Deadline::never());
        }
    }
};
template <Platform P>
struct FutexWaitIsAFullBarrier : FutexWait<P, true> {};
HEDDLE_MODEL(FutexWaitIsAFullBarrier);
template <Platform P>
struct FutexWakeWithoutAFence : FutexWait<P, false> {};
HEDDLE_BROKEN_MODEL(FutexWakeWithoutAFence, failure::deadlock);

/// The barrier orders no data.
template <Platform P>
struct FutexWaitAcquiresNothing {
    static constexpr auto claim = "who was woken sees the data (it may not)";
    static constexpr int threads = 2;
    typename P::template atomic<FutexWord> word{0, "word"};
    typename P::template plain<int> data{0, "data"};

    void thread(int index) {
        if (index == 0) {
            data.write(1);
            P::fence(std::memory_order_seq_cst);
            word.store(1, std::memory_order_relaxed);
            P::wake_all(word);
        } else {
            while (word.load(std::memory_order_relaxed) == 0) P::wait(word, 0, Deadline::never());
            data.read();
        }
    }
};
HEDDLE_BROKEN_MODEL(FutexWaitAcquiresNothing, failure::data_race);

/// A wait that is not in a loop: it comes back without a wake.
template <Platform P>
struct WaitsOnce {
    static constexpr auto claim = "whoever comes back from a wait was notified (perhaps not)";
    static constexpr int threads = 2;
    checker::mutex<P> mutex;
    checker::condition_variable<P> condition;
    typename P::template plain<bool> ready{false, "ready"};

    void thread(int index) {
        std::unique_lock guard(mutex);
        if (index == 0) {
            ready.write(true);
            condition.notify_one();
        } else if (!ready.read()) {
            condition.wait(guard);
            check(ready.read(), "it was notified");
        }
    }
};
HEDDLE_BROKEN_MODEL(WaitsOnce, failure::assertion);

template <Platform P>
struct EndsWithItsMutex {
    static constexpr auto claim = "a thread may end while it holds a mutex (it may not)";
    static constexpr int threads = 2;
    checker::mutex<P> mutex;
    void thread(int index) {
        if (index == 0) mutex.lock();
        else if (mutex.try_lock()) mutex.unlock();
    }
};
HEDDLE_BROKEN_MODEL(EndsWithItsMutex, failure::misuse);

template <Platform P>
struct DestroysALockedMutex {
    static constexpr auto claim = "a mutex may be destroyed while it is locked (it may not)";
    static constexpr int threads = 1;
    void thread(int) {
        const auto mutex = std::make_unique<checker::mutex<P>>();
        mutex->lock();
    }
};
HEDDLE_BROKEN_MODEL(DestroysALockedMutex, failure::misuse);

template <Platform P>
struct NamedConditionVariable {
    static constexpr auto claim = "names are for reports";
    static constexpr int threads = 1;
    checker::mutex<P> mutex{"mutex of the queue"};
    checker::condition_variable<P> not_empty{"not empty"};
    void thread(int) { not_empty.notify_all(); }
};
HEDDLE_MODEL(NamedConditionVariable);

}  // namespace heddle::cases
