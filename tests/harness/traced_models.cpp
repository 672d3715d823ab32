// Failures whose executions are hard to tell: the reports of each are compared, and checked to be executions.
#include <memory>
#include <mutex>
#include <string>

#include <heddle/checker/model.hpp>

namespace heddle::fixtures {

template <Platform P>
struct StoreComesFirst {
    static constexpr auto claim = "the store comes before the load (it need not)";
    static constexpr int threads = 2;
    typename P::template atomic<int> a{0, "a"};
    void thread(int index) {
        if (index == 0) a.store(1, std::memory_order_seq_cst);
        else check(a.load(std::memory_order_seq_cst) == 1, "the store came first");
    }
};
HEDDLE_BROKEN_MODEL(StoreComesFirst, failure::assertion);

template <Platform P>
struct NobodyCounts {
    static constexpr auto claim = "the counter stays at zero (it does not)";
    static constexpr int threads = 1;
    typename P::template atomic<int> a{0, "a"};
    void thread(int) {
        a.store(a.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
        check(a.load(std::memory_order_relaxed) == 0, "zero");
    }
};
HEDDLE_BROKEN_MODEL(NobodyCounts, failure::assertion);

template <Platform P>
struct FirstInTheMutex {
    static constexpr auto claim = "thread 0 is the first in the mutex (it need not be)";
    static constexpr int threads = 2;
    checker::mutex<P> mutex;
    typename P::template plain<int> first{-1, "first"};
    void thread(int index) {
        const std::lock_guard guard(mutex);
        if (index == 1) first.write(index);
        else check(first.read() == -1, "thread 0 was first");
    }
};
HEDDLE_BROKEN_MODEL(FirstInTheMutex, failure::assertion);

template <Platform P>
struct WritesAfterwards {
    static constexpr auto claim = "nobody writes after the threads (after() does)";
    static constexpr int threads = 2;
    typename P::template atomic<int> a{0, "a"};
    WritesAfterwards() { a.store(2, std::memory_order_relaxed); }
    void thread(int index) { a.load(index == 0 ? std::memory_order_relaxed : std::memory_order_acquire); }
    void after() {
        a.store(3, std::memory_order_relaxed);
        check(a.load(std::memory_order_relaxed) == 2, "two");
    }
};
HEDDLE_BROKEN_MODEL(WritesAfterwards, failure::assertion);

template <Platform P>
struct StoresBeforeLoads {
    static constexpr auto claim = "one of two threads sees the other's store (with relaxed orders it need not)";
    static constexpr int threads = 2;
    typename P::template atomic<int> x{0, "x"};
    typename P::template atomic<int> y{0, "y"};
    typename P::template plain<int> seen_x{1, "seen_x"};
    typename P::template plain<int> seen_y{1, "seen_y"};
    void thread(int index) {
        auto& mine = index == 0 ? x : y;
        auto& other = index == 0 ? y : x;
        mine.store(1, std::memory_order_relaxed);
        (index == 0 ? seen_y : seen_x).write(other.load(std::memory_order_relaxed));
    }
    void after() { check(seen_x.read() == 1 || seen_y.read() == 1, "one of them has seen the other"); }
};
HEDDLE_BROKEN_MODEL(StoresBeforeLoads, failure::assertion);

template <Platform P>
struct LocksInTwoOrders {
    static constexpr auto claim = "two locks may be taken in any order (they may not)";
    static constexpr int threads = 2;
    checker::mutex<P> left{"left"};
    checker::mutex<P> right{"right"};
    void thread(int index) {
        const std::lock_guard first(index == 0 ? left : right);
        const std::lock_guard second(index == 0 ? right : left);
    }
};
HEDDLE_BROKEN_MODEL(LocksInTwoOrders, failure::deadlock);

template <Platform P>
struct NotifiesWithoutTheMutex {
    static constexpr auto claim = "a notify before the wait is enough (it is lost)";
    static constexpr int threads = 2;
    checker::mutex<P> mutex;
    checker::condition_variable<P> condition;
    void thread(int index) {
        if (index == 0) {
            condition.notify_one();
        } else {
            std::unique_lock guard(mutex);
            condition.wait(guard);
        }
    }
};
HEDDLE_BROKEN_MODEL(NotifiesWithoutTheMutex, failure::deadlock);

template <Platform P>
struct LeavesTheMutexTwice {
    static constexpr auto claim = "a mutex may be unlocked under its guard (it may not)";
    static constexpr int threads = 1;
    checker::mutex<P> mutex;
    typename P::template plain<bool> left{false, "left"};
    [[gnu::noinline]] void leave() {
        const std::lock_guard guard(mutex);
        mutex.unlock();
    }
    void thread(int) {
        leave();
        left.write(true);
    }
};
HEDDLE_BROKEN_MODEL(LeavesTheMutexTwice, failure::misuse);

template <Platform P>
struct CountsWithoutALock {
    static constexpr auto claim = "two threads may count in plain data (they may not)";
    static constexpr int threads = 2;
    typename P::template plain<int> count{0, "count"};
    void thread(int) { count.write(count.read() + 1); }
};
HEDDLE_BROKEN_MODEL(CountsWithoutALock, failure::data_race);

template <Platform P>
struct SpinsByYielding {
    static constexpr auto claim = "somebody raises the flag (nobody does)";
    static constexpr int threads = 2;
    typename P::template atomic<bool> flag{false, "flag"};
    typename P::template atomic<int> other{0, "other"};
    void thread(int index) {
        if (index == 0) other.store(1, std::memory_order_release);
        else
            while (!flag.load(std::memory_order_acquire)) P::yield();
    }
};
HEDDLE_BROKEN_MODEL(SpinsByYielding, failure::livelock);

template <Platform P>
struct ShowsBothSides {
    static constexpr auto claim = "HEDDLE_CHECK says what the sides of a comparison are";
    static constexpr int threads = 2;
    typename P::template atomic<int> count{0, "count"};
    void thread(int) { count.store(count.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed); }
    void after() { HEDDLE_CHECK(count.load(std::memory_order_relaxed) == 2, "both were counted"); }
};
HEDDLE_BROKEN_MODEL(ShowsBothSides, failure::assertion);

enum class Colour : std::uint8_t { red, green };
std::string to_string(Colour colour) { return colour == Colour::red ? "red" : "green"; }

struct Point {
    std::int64_t x = 0;
    std::int64_t y = 0;
};
std::string to_string(const Point& point) {
    return "(" + std::to_string(point.x) + ", " + std::to_string(point.y) + ")";
}

template <Platform P>
struct ShowsItsValues {
    static constexpr auto claim = "values are shown as their types say";
    static constexpr int threads = 1;
    struct Node {
        typename P::template atomic<Node*> next{nullptr, "next"};
    };
    std::unique_ptr<Node> node = std::make_unique<Node>();
    typename P::template atomic<Colour> colour{Colour::red, "colour"};
    typename P::template atomic<Node*> head{nullptr, "head"};
    typename P::template atomic<int*> number{nullptr, "number"};
    typename P::template plain<Point> point{{}, "point"};
    typename P::template plain<std::string> text{"", "text"};
    void thread(int) {
        const auto owned = std::make_unique<int>(3);
        colour.store(Colour::green, std::memory_order_relaxed);
        head.store(node.get(), std::memory_order_relaxed);
        number.store(owned.get(), std::memory_order_relaxed);
        point.write({3, 4});
        text.write("heddle");
        check(text.read().empty(), "the text is empty");
    }
};
HEDDLE_BROKEN_MODEL(ShowsItsValues, failure::assertion);

template <Platform P>
struct WakesOneOfTwo {
    static constexpr auto claim = "one wake is enough for two (it is not)";
    static constexpr int threads = 3;
    typename P::template atomic<FutexWord> word{0, "word"};
    void thread(int index) {
        if (index == 0) {
            word.store(1, std::memory_order_release);
            P::wake_one(word);
        } else {
            while (word.load(std::memory_order_acquire) == 0) P::wait(word, 0, Deadline::never());
        }
    }
};
HEDDLE_BROKEN_MODEL(WakesOneOfTwo, failure::deadlock);

template <Platform P>
struct LooksBeforeItTakes {
    static constexpr auto claim = "a relaxed store gives a flag back (it publishes nothing)";
    static constexpr int threads = 2;
    typename P::template atomic<int> held{0, "held"};
    typename P::template plain<int> inside{0, "inside"};
    void thread(int) {
        // The exchange acquires; that the load before it does not is no mistake, and not named as one.
        if (held.load(std::memory_order_relaxed) != 0 || held.exchange(1, std::memory_order_acquire) != 0) return;
        inside.write(inside.read() + 1);
        held.store(0, std::memory_order_relaxed);
    }
};
HEDDLE_BROKEN_MODEL(LooksBeforeItTakes, failure::data_race);

}  // namespace heddle::fixtures
