// Queues: heddle's and its peers', on the same work. Part of the program whose main is in primitives.cpp.
#include <benchmark/benchmark.h>

#include <atomic>
#include <cstddef>
#include <string>
#include <type_traits>

#include <heddle/queue.hpp>
#include <heddle/ring_queue.hpp>

#include "peers.hpp"

namespace heddle {
namespace {

template <class T>
T item() {
    if constexpr (std::is_same_v<T, std::string>) return "an item that is longer than a small string";
    else return T{};
}

template <class Q, class T>
void put_and_get(benchmark::State& state) {
    static Q queue(0);
    for (auto _ : state) {
        queue.put(item<T>());
        benchmark::DoNotOptimize(queue.get());
    }
}

// One thread puts as many items as a queue has room for, then the other one gets them all: what passing them on takes at
// least if the two take turns with one lock, since it changes hands as seldom as it can.
template <class Q, class T>
void pass_on_in_batches(benchmark::State& state) {
    constexpr int room = 1024;
    constexpr std::size_t apart = 128;  // who looks at the turn does not disturb who works
    alignas(apart) static Q queue(0);
    alignas(apart) static std::atomic<int> turn{0};
    const int self = state.thread_index();
    int done = 0;
    for (auto left = state.max_iterations; auto _ : state) {
        while (done == 0 && turn.load(std::memory_order_acquire) != self) {
        }
        if (self == 0) queue.put(item<T>());
        else benchmark::DoNotOptimize(queue.get());
        if (--left != 0 && ++done != room) continue;
        turn.store(1 - self, std::memory_order_release);
        done = 0;
    }
}

// Even threads put, odd threads get, equally many.
template <class Q, class T, int maxsize>
void pass_on(benchmark::State& state) {
    static Q queue(maxsize);
    if (state.thread_index() % 2 == 0)
        for (auto _ : state) queue.put(item<T>());
    else
        for (auto _ : state) benchmark::DoNotOptimize(queue.get());
}

// A request goes to the other thread, and an answer comes back.
template <class Q, class T>
void ask_and_answer(benchmark::State& state) {
    static Q requests(0);
    static Q answers(0);
    const bool asks = state.thread_index() == 0;
    for (auto _ : state) {
        if (asks) requests.put(item<T>());
        benchmark::DoNotOptimize((asks ? answers : requests).get());
        if (!asks) answers.put(item<T>());
    }
}

using Int = int;
using String = std::string;

}  // namespace
}  // namespace heddle

using namespace heddle;
using namespace heddle::bench;

#define HEDDLE_PASS_ON(Q, T, maxsize, n, text, who) \
    BENCHMARK(pass_on<Q<T>, T, maxsize>)->Name(text "/" who)->Threads(2 * n)->UseRealTime()
#define HEDDLE_PASS_ON_ALL(T, maxsize, n, text)                         \
    HEDDLE_PASS_ON(Queue, T, maxsize, n, "queue, " text, "heddle");     \
    HEDDLE_PASS_ON(StdQueue, T, maxsize, n, "queue, " text, "std");     \
    HEDDLE_PASS_ON(AbslQueue, T, maxsize, n, "queue, " text, "absl");   \
    HEDDLE_PASS_ON(NsyncQueue, T, maxsize, n, "queue, " text, "nsync"); \
    HEDDLE_PASS_ON(TbbQueue, T, maxsize, n, "queue, " text, "tbb")
#define HEDDLE_PASS_ON_BOUNDED(T, maxsize, n, text) \
    HEDDLE_PASS_ON_ALL(T, maxsize, n, text);        \
    HEDDLE_PASS_ON(BoostBoundedQueue, T, maxsize, n, "queue, " text, "boost")
#define HEDDLE_PASS_ON_UNBOUNDED(T, n, text)                               \
    HEDDLE_PASS_ON_ALL(T, 0, n, text);                                     \
    HEDDLE_PASS_ON(BoostUnboundedQueue, T, 0, n, "queue, " text, "boost"); \
    HEDDLE_PASS_ON(MoodycamelQueue, T, 0, n, "queue, " text, "moodycamel")
// One, two and four threads at each side.
#define HEDDLE_PASS_ON_EACH(T, name)                                \
    HEDDLE_PASS_ON_UNBOUNDED(T, 1, "1x1, unbounded, " name);        \
    HEDDLE_PASS_ON_UNBOUNDED(T, 2, "2x2, unbounded, " name);        \
    HEDDLE_PASS_ON_UNBOUNDED(T, 4, "4x4, unbounded, " name);        \
    HEDDLE_PASS_ON_BOUNDED(T, 1024, 1, "1x1, maxsize 1024, " name); \
    HEDDLE_PASS_ON_BOUNDED(T, 1024, 2, "2x2, maxsize 1024, " name); \
    HEDDLE_PASS_ON_BOUNDED(T, 1024, 4, "4x4, maxsize 1024, " name); \
    HEDDLE_PASS_ON_BOUNDED(T, 16, 1, "1x1, maxsize 16, " name);     \
    HEDDLE_PASS_ON_BOUNDED(T, 16, 2, "2x2, maxsize 16, " name);     \
    HEDDLE_PASS_ON_BOUNDED(T, 16, 4, "4x4, maxsize 16, " name);     \
    HEDDLE_PASS_ON_BOUNDED(T, 1, 1, "1x1, maxsize 1, " name);       \
    HEDDLE_PASS_ON_BOUNDED(T, 1, 2, "2x2, maxsize 1, " name);       \
    HEDDLE_PASS_ON_BOUNDED(T, 1, 4, "4x4, maxsize 1, " name)
BENCHMARK(put_and_get<Queue<Int>, Int>)->Name("queue, one thread, int/heddle");
BENCHMARK(put_and_get<StdQueue<Int>, Int>)->Name("queue, one thread, int/std");
BENCHMARK(put_and_get<BareQueue<Int>, Int>)->Name("queue, one thread, int/bare");
BENCHMARK(put_and_get<AbslQueue<Int>, Int>)->Name("queue, one thread, int/absl");
BENCHMARK(put_and_get<NsyncQueue<Int>, Int>)->Name("queue, one thread, int/nsync");
BENCHMARK(put_and_get<BoostUnboundedQueue<Int>, Int>)->Name("queue, one thread, int/boost");
BENCHMARK(put_and_get<TbbQueue<Int>, Int>)->Name("queue, one thread, int/tbb");
BENCHMARK(put_and_get<MoodycamelQueue<Int>, Int>)->Name("queue, one thread, int/moodycamel");
#define HEDDLE_PASS_ON_IN_BATCHES(text) \
    BENCHMARK(pass_on_in_batches<BareQueue<Int>, Int>)->Name("queue, " text "/bare")->Threads(2)->UseRealTime()
HEDDLE_PASS_ON_EACH(Int, "int");
HEDDLE_PASS_ON_EACH(String, "string");
HEDDLE_PASS_ON_IN_BATCHES("1x1, unbounded, int");
HEDDLE_PASS_ON_IN_BATCHES("2x2, unbounded, int");
HEDDLE_PASS_ON_IN_BATCHES("1x1, maxsize 1024, int");
HEDDLE_PASS_ON(BareLockedSlot, Int, 1, 1, "queue, 1x1, maxsize 1, int", "bare");
HEDDLE_PASS_ON(BareLockedSlot, Int, 1, 1, "queue, 2x2, maxsize 1, int", "bare");

#define HEDDLE_ASK(Q, who) \
    BENCHMARK(ask_and_answer<Q<Int>, Int>)->Name("queue, request and answer/" who)->Threads(2)->UseRealTime()
HEDDLE_ASK(Queue, "heddle");
HEDDLE_ASK(StdQueue, "std");
HEDDLE_ASK(AbslQueue, "absl");
HEDDLE_ASK(NsyncQueue, "nsync");
HEDDLE_ASK(BoostUnboundedQueue, "boost");
HEDDLE_ASK(TbbQueue, "tbb");
HEDDLE_ASK(MoodycamelQueue, "moodycamel");

#define HEDDLE_RING(T, maxsize, n, text)                                      \
    HEDDLE_PASS_ON(RingQueue, T, maxsize, n, "ring, " text, "heddle");        \
    HEDDLE_PASS_ON(StdQueue, T, maxsize, n, "ring, " text, "std");            \
    HEDDLE_PASS_ON(BoostBoundedQueue, T, maxsize, n, "ring, " text, "boost"); \
    HEDDLE_PASS_ON(TbbQueue, T, maxsize, n, "ring, " text, "tbb")
HEDDLE_RING(Int, 1024, 1, "1x1, maxsize 1024, int");
HEDDLE_RING(Int, 16, 1, "1x1, maxsize 16, int");
HEDDLE_RING(Int, 1, 1, "1x1, maxsize 1, int");
HEDDLE_PASS_ON(BareSlot, Int, 1, 1, "ring, 1x1, maxsize 1, int", "bare");
HEDDLE_RING(Int, 1, 2, "2x2, maxsize 1, int");
HEDDLE_PASS_ON(BareSlot, Int, 1, 1, "ring, 2x2, maxsize 1, int", "bare");
HEDDLE_RING(Int, 1024, 4, "4x4, maxsize 1024, int");
HEDDLE_RING(String, 1024, 1, "1x1, maxsize 1024, string");
