// Locks, waiting and threads: heddle's and what a C++ programmer would take instead, on the same work in the same run. Every
// benchmark is named WORK/WHO/..., and bench/table.py divides the peers' times by heddle's.
#include <benchmark/benchmark.h>

#include <atomic>
#include <barrier>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <semaphore>
#include <thread>

#include <heddle/barrier.hpp>
#include <heddle/condition.hpp>
#include <heddle/event.hpp>
#include <heddle/semaphore.hpp>
#include <heddle/thread.hpp>

#include "peers.hpp"

namespace heddle {
namespace {

// ---- locks

template <class L>
void lock_and_unlock(benchmark::State& state) {
    static L lock;
    for (auto _ : state) {
        lock.lock();
        lock.unlock();
    }
}

template <class L>
void lock_again(benchmark::State& state) {
    static L lock;
    const std::scoped_lock outer(lock);
    for (auto _ : state) {
        lock.lock();
        lock.unlock();
    }
}

// A critical section of some tens of nanoseconds, and as much outside of it.
template <class L>
void contend(benchmark::State& state) {
    static L lock;
    static std::size_t shared = 0;
    std::size_t own = 0;
    for (auto _ : state) {
        {
            const std::scoped_lock guard(lock);
            for (int n = 0; n != 8; ++n) benchmark::DoNotOptimize(++shared);
        }
        for (int n = 0; n != 8; ++n) benchmark::DoNotOptimize(++own);
    }
}

// The critical section alone, with nobody else: as the others' come one after the other, nothing can take less.
template <class L>
void be_inside(benchmark::State& state) {
    static L lock;
    static std::size_t shared = 0;
    for (auto _ : state) {
        const std::scoped_lock guard(lock);
        for (int n = 0; n != 8; ++n) benchmark::DoNotOptimize(++shared);
    }
}

// ---- waiting

struct HeddleTable {
    heddle::Lock lock;
    heddle::Condition<heddle::Lock> condition{lock};
    void wait() { condition.wait(); }
    void notify() { condition.notify(); }
};
template <class Mutex, class Condition>
struct Table {
    Mutex lock;
    Condition condition;
    void wait() { condition.wait(lock); }
    void notify() { condition.notify_one(); }
};
using StdTable = Table<std::mutex, bench::StdCondition>;
using AbslTable = Table<bench::AbslMutex, bench::AbslCondition>;
using NsyncTable = Table<bench::NsyncMutex, bench::NsyncCondition>;

template <class AnyTable>
void ping_pong(benchmark::State& state) {
    static AnyTable table;
    static bool turn = false;
    const bool mine = state.thread_index() == 1;
    for (auto _ : state) {
        const std::scoped_lock guard(table.lock);
        while (turn != mine) table.wait();
        turn = !mine;
        table.notify();
    }
}

// How long it takes a thread that has fallen asleep to run again, from the notify on.
template <class AnyTable>
void wake_a_sleeper(benchmark::State& state) {
    using Clock = std::chrono::steady_clock;
    constexpr auto until_it_sleeps = std::chrono::microseconds(200);
    AnyTable table;
    enum { nothing, wake_up, end } told = nothing;
    std::atomic<Clock::rep> woken_at{0};  // zero: it sleeps
    std::thread sleeper([&] {
        for (;;) {
            {
                const std::scoped_lock guard(table.lock);
                while (told == nothing) table.wait();
                if (told == end) return;
                told = nothing;
            }
            woken_at.store(Clock::now().time_since_epoch().count());
        }
    });
    const auto tell = [&](auto what) {
        const std::scoped_lock guard(table.lock);
        told = what;
        table.notify();
    };
    for (auto _ : state) {
        woken_at.store(0);
        std::this_thread::sleep_for(until_it_sleeps);
        const auto start = Clock::now().time_since_epoch().count();
        tell(wake_up);
        while (woken_at.load() == 0) std::this_thread::sleep_for(until_it_sleeps / 10);  // and leaves it a processor
        state.SetIterationTime(std::chrono::duration<double>(Clock::duration(woken_at.load() - start)).count());
    }
    tell(end);
    sleeper.join();
}

struct StdEvent {
    std::mutex mutex;
    std::condition_variable changed;
    bool flag = false;
    void set() {
        const std::scoped_lock guard(mutex);
        flag = true;
        changed.notify_all();
    }
    void wait() {
        std::unique_lock guard(mutex);
        changed.wait(guard, [this] { return flag; });
    }
};

struct AbslEvent {
    absl::Notification notification;
    void set() {
        if (!notification.HasBeenNotified()) notification.Notify();
    }
    void wait() { notification.WaitForNotification(); }
};

template <class E>
void wait_for_a_set_event(benchmark::State& state) {
    static E event;
    event.set();
    for (auto _ : state) event.wait();
}

template <class S>
void take_and_give_a_permit(benchmark::State& state) {
    static S semaphore(1);
    for (auto _ : state) {
        semaphore.acquire();
        semaphore.release();
    }
}

template <class S>
void hand_a_permit_over(benchmark::State& state) {
    static S ping(0);
    static S pong(0);
    S& take = state.thread_index() == 0 ? pong : ping;
    S& give = state.thread_index() == 0 ? ping : pong;
    for (auto _ : state) {
        give.release();
        take.acquire();
    }
}

struct StdBarrier {
    explicit StdBarrier(std::ptrdiff_t parties) : barrier(parties) {}
    void wait() { barrier.arrive_and_wait(); }
    std::barrier<> barrier;
};

template <class B, int parties>
void meet(benchmark::State& state) {
    static B barrier(parties);
    for (auto _ : state) barrier.wait();
}

// ---- threads

void start_and_join_heddle(benchmark::State& state) {
    for (auto _ : state) {
        heddle::Thread thread([] {});
        thread.start();
        thread.join();
    }
}
void start_and_join_std(benchmark::State& state) {
    for (auto _ : state) std::jthread([] {});
}

}  // namespace
}  // namespace heddle

using namespace heddle;
using namespace heddle::bench;

#define HEDDLE_LOCKS(function, text, threads)                                            \
    BENCHMARK(function<Lock>)->Name(text "/heddle")->Threads(threads)->UseRealTime();    \
    BENCHMARK(function<std::mutex>)->Name(text "/std")->Threads(threads)->UseRealTime(); \
    BENCHMARK(function<AbslMutex>)->Name(text "/absl")->Threads(threads)->UseRealTime(); \
    BENCHMARK(function<NsyncMutex>)->Name(text "/nsync")->Threads(threads)->UseRealTime()
HEDDLE_LOCKS(lock_and_unlock, "lock and unlock", 1);
BENCHMARK(lock_and_unlock<BareLock>)->Name("lock and unlock/bare");
#define HEDDLE_CONTENTION(text, threads)  \
    HEDDLE_LOCKS(contend, text, threads); \
    BENCHMARK(be_inside<BareLock>)->Name(text "/bare")->UseRealTime()
HEDDLE_CONTENTION("lock, 2 threads", 2);
HEDDLE_CONTENTION("lock, 4 threads", 4);
HEDDLE_CONTENTION("lock, 8 threads", 8);
BENCHMARK(lock_and_unlock<RLock>)->Name("recursive lock and unlock/heddle");
BENCHMARK(lock_and_unlock<std::recursive_mutex>)->Name("recursive lock and unlock/std");
BENCHMARK(lock_and_unlock<BareLock>)->Name("recursive lock and unlock/bare");
BENCHMARK(lock_again<RLock>)->Name("recursive lock, nested/heddle");
BENCHMARK(lock_again<std::recursive_mutex>)->Name("recursive lock, nested/std");
BENCHMARK(ping_pong<HeddleTable>)->Name("condition, ping-pong/heddle")->Threads(2)->UseRealTime();
BENCHMARK(ping_pong<StdTable>)->Name("condition, ping-pong/std")->Threads(2)->UseRealTime();
BENCHMARK(ping_pong<AbslTable>)->Name("condition, ping-pong/absl")->Threads(2)->UseRealTime();
BENCHMARK(ping_pong<NsyncTable>)->Name("condition, ping-pong/nsync")->Threads(2)->UseRealTime();
#define HEDDLE_WAKE(Table, who) \
    BENCHMARK(wake_a_sleeper<Table>)->Name("wake a sleeping thread/" who)->UseManualTime()->Iterations(1000)
HEDDLE_WAKE(HeddleTable, "heddle");
HEDDLE_WAKE(StdTable, "std");
HEDDLE_WAKE(AbslTable, "absl");
HEDDLE_WAKE(NsyncTable, "nsync");
BENCHMARK(wait_for_a_set_event<Event>)->Name("event, already set/heddle");
BENCHMARK(wait_for_a_set_event<StdEvent>)->Name("event, already set/std");
BENCHMARK(wait_for_a_set_event<AbslEvent>)->Name("event, already set/absl");
BENCHMARK(take_and_give_a_permit<Semaphore>)->Name("semaphore, one thread/heddle");
BENCHMARK(take_and_give_a_permit<std::counting_semaphore<>>)->Name("semaphore, one thread/std");
BENCHMARK(hand_a_permit_over<Semaphore>)->Name("semaphore, hand-over/heddle")->Threads(2)->UseRealTime();
BENCHMARK(hand_a_permit_over<std::counting_semaphore<>>)->Name("semaphore, hand-over/std")->Threads(2)->UseRealTime();
BENCHMARK(meet<Barrier, 2>)->Name("barrier of 2/heddle")->Threads(2)->UseRealTime();
BENCHMARK(meet<StdBarrier, 2>)->Name("barrier of 2/std")->Threads(2)->UseRealTime();
BENCHMARK(meet<Barrier, 4>)->Name("barrier of 4/heddle")->Threads(4)->UseRealTime();
BENCHMARK(meet<StdBarrier, 4>)->Name("barrier of 4/std")->Threads(4)->UseRealTime();
BENCHMARK(start_and_join_heddle)->Name("start and join a thread/heddle")->UseRealTime();
BENCHMARK(start_and_join_std)->Name("start and join a thread/std")->UseRealTime();

int main(int argc, char** argv) {
    // As long as a process has one thread, glibc takes its locks without an atomic operation. Who uses locks has more.
    std::thread([] {}).join();
    benchmark::Initialize(&argc, argv);
    if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
    benchmark::RunSpecifiedBenchmarks();
}
