// Programs that are written twice: here as ordinary C++, in paired_models.cpp on a Platform. Both have the same executions.
#include <atomic>
#include <cassert>
#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <thread>
#include <utility>

#include <heddle/unmodified.hpp>

#include "together.hpp"

namespace {

constexpr auto relaxed = std::memory_order_relaxed;
constexpr auto acquire = std::memory_order_acquire;
constexpr auto release = std::memory_order_release;

HEDDLE_TEST(StoreBuffering) {
    std::atomic<int> x{0}, y{0};
    together([&] { x.store(1, relaxed), y.load(relaxed); }, [&] { y.store(1, relaxed), x.load(relaxed); });
}

HEDDLE_TEST(MessagePassing) {
    std::atomic<int> flag{0};
    int data = 0;
    together([&] { data = 1, flag.store(1, release); },
             [&] {
                 if (flag.load(acquire) == 1) assert(data == 1);
             });
    assert(data == 1);
}

HEDDLE_TEST(IndependentReads) {
    std::atomic<int> x{0}, y{0};
    together([&] { x.store(1, release); }, [&] { y.store(1, release); }, [&] { x.load(acquire), y.load(acquire); },
             [&] { y.load(acquire), x.load(acquire); });
}

HEDDLE_TEST(IndependentReadsInOrder) {
    std::atomic<int> x{0}, y{0};
    together([&] { x = 1; }, [&] { y = 1; }, [&] { x.load(), y.load(); }, [&] { y.load(), x.load(); });
}

HEDDLE_TEST(ThreeWriters) {
    std::atomic<int> x{0};
    const auto writer = [&x](int number) {
        return [&x, number] { x.store(number, relaxed), x.store(number + 10, relaxed), x.load(relaxed); };
    };
    together(writer(1), writer(2), writer(3));
}

HEDDLE_TEST(Fibonacci) {
    std::atomic<int> i{1}, j{1};
    const auto adder = [](std::atomic<int>& mine, std::atomic<int>& first, std::atomic<int>& second) {
        return [&] {
            for (int iteration = 0; iteration != 4; ++iteration) {
                const int a = first.load(relaxed);
                const int b = second.load(relaxed);
                mine.store(a + b, relaxed);
            }
        };
    };
    together(adder(i, i, j), adder(j, i, j));
}

HEDDLE_TEST(LockedCounter) {
    std::mutex mutex;
    int count = 0;
    const auto counter = [&] {
        for (int iteration = 0; iteration != 2; ++iteration) {
            const std::lock_guard guard(mutex);
            ++count;
        }
    };
    together(counter, counter, counter);
    assert(count == 6);
}

HEDDLE_TEST(OnePlace) {
    std::mutex mutex;
    std::condition_variable emptied, filled;
    int items = 0;
    const auto put = [&] {
        std::unique_lock guard(mutex);
        while (items == 1) emptied.wait(guard);
        ++items;
        filled.notify_one();
    };
    const auto get = [&] {
        std::unique_lock guard(mutex);
        while (items == 0) filled.wait(guard);
        --items;
        emptied.notify_one();
    };
    together(put, put, get, get);
}

HEDDLE_TEST(RingOfTwo) {
    constexpr unsigned items = 3, places = 2;
    std::atomic<unsigned> head{0}, tail{0};
    unsigned ring[places] = {};
    together(
        [&] {
            for (unsigned item = 0; item != items; ++item) {
                while (tail.load(relaxed) - head.load(acquire) == places) std::this_thread::yield();
                ring[item % places] = item + 1;
                tail.store(item + 1, release);
            }
        },
        [&] {
            for (unsigned item = 0; item != items; ++item) {
                while (tail.load(acquire) == head.load(relaxed)) std::this_thread::yield();
                assert(ring[item % places] == item + 1);
                head.store(item + 1, release);
            }
        });
}

HEDDLE_TEST(TicketLock) {
    std::atomic<int> next{0}, served{0};
    int count = 0;
    const auto counter = [&] {
        const int ticket = next.fetch_add(1, relaxed);
        while (served.load(acquire) != ticket) std::this_thread::yield();
        ++count;
        served.store(ticket + 1, release);
    };
    together(counter, counter, counter);
    assert(count == 3);
}

struct Node {
    int value = 0;
    Node* next = nullptr;
};

HEDDLE_TEST(StackThatIsEmptied) {
    std::atomic<Node*> top{nullptr};
    const auto push = [&](int value) {
        auto* const node = new Node{value};
        Node* next = top.load(relaxed);
        do node->next = next;
        while (!top.compare_exchange_strong(next, node, release, relaxed));
    };
    const auto take_all = [&] {
        Node* node = top.exchange(nullptr, acquire);
        int sum = 0;
        while (node != nullptr) {
            sum += node->value;
            delete std::exchange(node, node->next);
        }
        return sum;
    };
    int taken = 0;
    together([&] { push(1), push(2); }, [&] { push(4); }, [&] { taken = take_all(); });
    assert(taken + take_all() == 7);
}

// Loops that try again, and look before they do.
HEDDLE_TEST(StackThatIsPopped) {
    struct Linked {
        Linked* next = nullptr;
    };
    std::atomic<Linked*> top{nullptr};
    Linked nodes[2];
    const auto push = [&top](Linked* node) {
        for (;;) {
            Linked* next = top.load(relaxed);
            node->next = next;
            if (top.compare_exchange_strong(next, node, release, relaxed)) return;
        }
    };
    const auto pop = [&top] {
        for (;;) {
            Linked* node = top.load(acquire);
            if (node == nullptr || top.compare_exchange_strong(node, node->next, acquire, relaxed)) return;
        }
    };
    together([&] { push(&nodes[0]); }, [&] { push(&nodes[1]); }, pop, pop);
}

HEDDLE_TEST(WordOfBits) {
    std::atomic<int> word{0};
    const auto set = [&word](int bit) {
        return [&word, bit] {
            for (;;) {
                int found = word.load(relaxed);
                if (word.compare_exchange_strong(found, found | bit, relaxed, relaxed)) return;
            }
        };
    };
    together(set(1), set(2), set(4), set(8));
    assert(word == 15);
}

}  // namespace
