// What an engine cannot see, and must say so.
#include <atomic>
#include <mutex>
#include <shared_mutex>
#include <sstream>
#include <string>
#include <thread>

#include <heddle/checker/model.hpp>

namespace heddle::cases {

template <Platform P, class Mutex>
struct GuardedBy {
    static constexpr auto claim = "a standard mutex guards its data";
    static constexpr int threads = 2;
    Mutex mutex;
    typename P::template plain<int> data{0, "data"};

    void thread(int) {
        const std::lock_guard guard(mutex);
        data.write(data.read() + 1);
    }
};
template <Platform P>
struct StdMutexLeftIn : GuardedBy<P, std::mutex> {};
HEDDLE_BROKEN_MODEL(StdMutexLeftIn, failure::misuse);
template <Platform P>
struct StdRecursiveMutexLeftIn : GuardedBy<P, std::recursive_mutex> {};
HEDDLE_BROKEN_MODEL(StdRecursiveMutexLeftIn, failure::misuse);
template <Platform P>
struct StdSharedMutexLeftIn : GuardedBy<P, std::shared_mutex> {};
HEDDLE_BROKEN_MODEL(StdSharedMutexLeftIn, failure::misuse);

template <Platform P>
struct StdCallOnceLeftIn {
    static constexpr auto claim = "it is made once";
    static constexpr int threads = 2;
    std::once_flag once;
    typename P::template plain<int> data{0, "data"};
    void thread(int) {
        std::call_once(once, [this] { data.write(1); });
    }
};
HEDDLE_BROKEN_MODEL(StdCallOnceLeftIn, failure::misuse);

template <Platform P>
struct StdThreadLeftIn {
    static constexpr auto claim = "a thread may start another";
    static constexpr int threads = 1;
    typename P::template atomic<int> word{0, "word"};
    void thread(int) {
        std::thread([this] { word.store(1, std::memory_order_relaxed); }).join();
    }
};
HEDDLE_BROKEN_MODEL(StdThreadLeftIn, failure::misuse);

template <Platform P>
struct StdAtomicLeftIn {
    static constexpr auto claim = "the count is right";
    static constexpr int threads = 2;
    std::atomic<int> count{0};
    void thread(int) { count.fetch_add(1, std::memory_order_relaxed); }
    void after() { check(count == 2); }
};
HEDDLE_BROKEN_MODEL(StdAtomicLeftIn, failure::misuse);

template <Platform P>
struct OrdinaryVariablesOnly {
    static constexpr auto claim = "the sum is right";
    static constexpr int threads = 2;
    int sum = 0;
    typename P::template atomic<int> mine[2]{typename P::template atomic<int>(0), typename P::template atomic<int>(0)};
    void thread(int index) {
        mine[index].store(1, std::memory_order_relaxed);
        sum += 1;
    }
};
HEDDLE_BROKEN_MODEL(OrdinaryVariablesOnly, failure::nothing_checked);

/// Libraries guard their own data with what an engine does not see; that is none of the model's business.
template <Platform P>
struct UsesLibraries {
    static constexpr auto claim = "a stream in a model is no misuse";
    static constexpr int threads = 2;
    typename P::template atomic<int> word{0, "word"};
    void thread(int index) {
        std::ostringstream text;
        text << index << ' ' << 1.5;
        word.fetch_add(static_cast<int>(text.str().size()), std::memory_order_relaxed);
    }
    void after() { check(word.load(std::memory_order_relaxed) == 10); }
};
HEDDLE_MODEL(UsesLibraries);

}  // namespace heddle::cases
