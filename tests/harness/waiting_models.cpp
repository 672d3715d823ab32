// Loops that wait for ever, each by another operation than a load: their reports show them once.
#include <mutex>

#include <heddle/checker/model.hpp>

namespace heddle::fixtures {

template <Platform P>
struct SpinsByComparing {
    static constexpr auto claim = "a word that is taken by compare-exchange is given back (it is not)";
    static constexpr int threads = 2;
    typename P::template atomic<int> word{0, "word"};
    void thread(int) {
        for (int expected = 0;
             !word.compare_exchange_strong(expected, 1, std::memory_order_acquire, std::memory_order_relaxed);
             expected = 0)
            P::yield();
    }
};
HEDDLE_BROKEN_MODEL(SpinsByComparing, failure::livelock);

template <Platform P>
struct SpinsWithoutAWord {
    static constexpr auto claim = "a loop of compare-exchanges says that it waits (it does not)";
    static constexpr int threads = 2;
    typename P::template atomic<int> word{0, "word"};
    void thread(int) {
        for (int expected = 0;
             !word.compare_exchange_strong(expected, 1, std::memory_order_acquire, std::memory_order_relaxed);)
            expected = 0;
    }
};
HEDDLE_BROKEN_MODEL(SpinsWithoutAWord, failure::livelock);

template <Platform P>
struct SpinsByTrying {
    static constexpr auto claim = "who tries a mutex gets it (its holder waits for him)";
    static constexpr int threads = 2;
    checker::mutex<P> mutex;
    typename P::template atomic<bool> done{false, "done"};
    void thread(int index) {
        if (index == 0) {
            const std::lock_guard guard(mutex);
            while (!done.load(std::memory_order_acquire)) P::yield();
        } else {
            while (!mutex.try_lock()) P::yield();
            done.store(true, std::memory_order_release);
            mutex.unlock();
        }
    }
};
HEDDLE_BROKEN_MODEL(SpinsByTrying, failure::livelock);

}  // namespace heddle::fixtures
