// What a Platform and its standard types have: each used in one right way and in one wrong one.
#include <chrono>
#include <stdexcept>

#include <heddle/checker/model.hpp>
#include <heddle/checker/standard.hpp>

namespace heddle::cases {

using namespace std::chrono_literals;

template <Platform P>
struct AtomicsWithoutArguments {
    static constexpr auto claim = "atomics may be made without arguments, in arrays, and hold zero";
    static constexpr int threads = 2;
    typename P::template atomic<int> counts[2];
    typename P::template atomic<int*> pointer;
    void thread(int index) {
        check(counts[index].fetch_add(1, std::memory_order_relaxed) == 0);
        check(pointer.load(std::memory_order_relaxed) == nullptr);
    }
};
HEDDLE_MODEL(AtomicsWithoutArguments);

template <Platform P>
struct PointersMove {
    static constexpr auto claim = "each thread takes an element of its own";
    static constexpr int threads = 2;
    long elements[3] = {};
    typename P::template atomic<long*> next{elements, "next"};
    typename P::template plain<int> taken[3];
    void thread(int index) {
        const auto at = next.fetch_add(1, std::memory_order_relaxed) - elements;
        check(at == 0 || at == 1);
        taken[at].write(index);
    }
    void after() { check(next.fetch_sub(2, std::memory_order_relaxed) == elements + 2); }
};
HEDDLE_MODEL(PointersMove);

template <Platform P>
struct LargestIsKept {
    static constexpr auto claim = "the largest value is kept, and the smallest";
    static constexpr int threads = 2;
    typename P::template atomic<int> largest{-1, "largest"};
    typename P::template atomic<int> smallest{9, "smallest"};
    void thread(int index) {
        largest.fetch_max(index, std::memory_order_relaxed);
        smallest.fetch_min(index, std::memory_order_relaxed);
    }
    void after() {
        check(largest.load(std::memory_order_relaxed) == 1 && smallest.load(std::memory_order_relaxed) == 0);
    }
};
HEDDLE_MODEL(LargestIsKept);

/// A compare-exchange with one order that releases: what follows from a failure is not ordered.
template <Platform P, std::memory_order order>
struct TakesWithOneOrder {
    static constexpr auto claim = "who takes the flag sees the data";
    static constexpr int threads = 2;
    typename P::template plain<int> data{0, "data"};
    typename P::template atomic<int> flag{0, "flag"};
    void thread(int index) {
        if (index == 0) {
            data.write(1);
            flag.store(1, std::memory_order_release);
        } else if (int expected = 1; flag.compare_exchange_strong(expected, 2, order)) {
            data.read();
        }
    }
};
template <Platform P>
struct TakesWithAcquire : TakesWithOneOrder<P, std::memory_order_acq_rel> {};
HEDDLE_MODEL(TakesWithAcquire);
template <Platform P>
struct TakesWithRelease : TakesWithOneOrder<P, std::memory_order_release> {};
HEDDLE_BROKEN_MODEL(TakesWithRelease, failure::data_race);

/// std::atomic::wait and notify, on 4 and on 8 bytes.
template <Platform P, class T, bool notifies, std::memory_order order>
struct Waits {
    static constexpr auto claim = "who waits for a value is told, and sees what came before it";
    static constexpr int threads = 2;
    typename P::template atomic<T> value{0, "value"};
    typename P::template plain<int> data{0, "data"};
    void thread(int index) {
        if (index == 0) {
            data.write(1);
            value.store(T{1} << (8 * sizeof(T) - 2), std::memory_order_release);
            if (notifies) value.notify_all();
        } else {
            value.wait(0, order);
            data.read();
        }
    }
};
template <Platform P>
struct WaitsOn4Bytes : Waits<P, std::int32_t, true, std::memory_order_acquire> {};
HEDDLE_MODEL(WaitsOn4Bytes);
template <Platform P>
struct WaitsOn8Bytes : Waits<P, std::int64_t, true, std::memory_order_acquire> {};
HEDDLE_MODEL(WaitsOn8Bytes);
template <Platform P>
struct WaitsForNoNotice : Waits<P, std::int64_t, false, std::memory_order_acquire> {};
HEDDLE_BROKEN_MODEL(WaitsForNoNotice, failure::deadlock);
template <Platform P>
struct WaitsRelaxed : Waits<P, std::int32_t, true, std::memory_order_relaxed> {};
HEDDLE_BROKEN_MODEL(WaitsRelaxed, failure::data_race);

template <Platform P>
struct CalledOnce {
    static constexpr auto claim = "a function is called until it has returned once, and all see what it did";
    static constexpr int threads = 2;
    once_flag<P> once{"once"};
    typename P::template plain<int> data{0, "data"};
    bool throws = true;
    void thread(int) {
        try {
            heddle::call_once(
                once,
                [this](int by) {
                    data.write(data.read() + by);
                    if (data.read() == 1) throw std::runtime_error("once more");
                },
                1);
        } catch (const std::runtime_error&) {
            heddle::call_once(once, [this] { data.write(2); });
        }
        check(data.read() == 2);
    }
};
HEDDLE_MODEL(CalledOnce);

template <Platform P>
struct LatchOpens {
    static constexpr auto claim = "who has passed the latch sees what all did before it";
    static constexpr int threads = 3;
    latch<P> done{2, "done"};
    typename P::template plain<int> results[2];
    void thread(int index) {
        if (index != 2) {
            results[index].write(index);
            done.count_down();
        } else {
            done.wait();
            check(results[0].read() + results[1].read() == 1);
        }
    }
};
HEDDLE_MODEL(LatchOpens);
template <Platform P>
struct LatchIsTooLow {
    static constexpr auto claim = "a latch is counted down as often as it counts (it is not)";
    static constexpr int threads = 2;
    latch<P> done{1, "done"};
    void thread(int) { done.count_down(); }
};
HEDDLE_BROKEN_MODEL(LatchIsTooLow, failure::misuse);

template <Platform P>
struct BarrierCompletes {
    static constexpr auto claim = "between two phases one thread runs the completion, alone";
    static constexpr int threads = 2;
    static constexpr auto search = checker::context_bound(1);
    struct Completion {
        BarrierCompletes* model;
        void operator()() noexcept { model->phases.write(model->phases.read() + 1); }
    };
    typename P::template plain<int> phases{0, "phases"};
    barrier<P, Completion> both{2, Completion{this}, "both"};
    void thread(int index) {
        both.arrive_and_wait();
        check(phases.read() >= 1);
        if (index == 0) both.arrive_and_drop();
        else both.wait(both.arrive());
    }
    void after() { check(phases.read() == 2); }
};
HEDDLE_MODEL(BarrierCompletes);
template <Platform P>
struct BarrierIsNotMet {
    static constexpr auto claim = "both threads come to the barrier (one does not)";
    static constexpr int threads = 2;
    barrier<P> both{2, "both"};
    void thread(int index) { index == 0 ? both.arrive_and_wait() : static_cast<void>(both.arrive(0)); }
};
HEDDLE_BROKEN_MODEL(BarrierIsNotMet, failure::deadlock);

template <Platform P>
struct SemaphoreAdmitsOne {
    static constexpr auto claim = "a semaphore of one is a lock";
    static constexpr int threads = 2;
    binary_semaphore<P> semaphore{1, "semaphore"};
    typename P::template plain<int> data{0, "data"};
    void thread(int index) {
        if (index == 0) semaphore.acquire();
        else if (!semaphore.try_acquire_for(1ms)) return;
        data.write(index);
        semaphore.release();
    }
};
HEDDLE_MODEL(SemaphoreAdmitsOne);
template <Platform P>
struct SemaphoreAdmitsTwo {
    static constexpr auto claim = "a semaphore of two is a lock (it is not)";
    static constexpr int threads = 2;
    counting_semaphore<P> semaphore{2, "semaphore"};
    typename P::template plain<int> data{0, "data"};
    void thread(int index) {
        semaphore.acquire();
        data.write(index);
        semaphore.release();
    }
};
HEDDLE_BROKEN_MODEL(SemaphoreAdmitsTwo, failure::data_race);

template <Platform P, bool joins>
struct Starts {
    static constexpr auto claim = "who joins a thread sees what it did";
    static constexpr int threads = 1;
    static constexpr int dynamic_threads = 1;
    typename P::template plain<int> data{0, "data"};
    void thread(int) {
        heddle::thread<P> other([this](int value) { data.write(value); }, 7);
        if (!joins) return other.detach(), data.write(8);
        other.join();
        check(data.read() == 7);
    }
};
template <Platform P>
struct JoinedThread : Starts<P, true> {};
HEDDLE_MODEL(JoinedThread);
template <Platform P>
struct ThreadNotJoinedInTime : Starts<P, false> {};
HEDDLE_BROKEN_MODEL(ThreadNotJoinedInTime, failure::data_race);
template <Platform P>
struct ThreadNeverJoined {
    static constexpr auto claim = "a thread need not be joined (it must be)";
    static constexpr int threads = 1;
    static constexpr int dynamic_threads = 1;
    typename P::template atomic<int> word{0, "word"};
    void thread(int) {
        const heddle::thread<P> other([this] { word.store(1, std::memory_order_relaxed); });
    }
};
HEDDLE_BROKEN_MODEL(ThreadNeverJoined, failure::misuse);

/// A model with parameters.
template <Platform P, int many, bool atomically>
struct Counts {
    static constexpr auto claim = "no increment is lost";
    static constexpr int threads = many;
    typename P::template atomic<int> count{0, "count"};
    void thread(int) {
        if (atomically) count.fetch_add(1, std::memory_order_relaxed);
        else count.store(count.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
    }
    void after() { check(count.load(std::memory_order_relaxed) == many); }
};
HEDDLE_MODEL_OF(CountsTwo, Counts, 2, true);
HEDDLE_MODEL_OF(CountsThree, Counts, 3, true);
HEDDLE_BROKEN_MODEL_OF(CountsWithLosses, failure::assertion, Counts, 2, false);

}  // namespace heddle::cases
