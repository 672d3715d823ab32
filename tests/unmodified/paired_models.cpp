// The programs of paired_test.cpp on a Platform.
#include <array>
#include <cstddef>
#include <mutex>
#include <utility>

#include <heddle/checker/model.hpp>

namespace {

using heddle::check;
using heddle::Platform;

constexpr auto relaxed = std::memory_order_relaxed;
constexpr auto acquire = std::memory_order_acquire;
constexpr auto release = std::memory_order_release;
constexpr auto seq_cst = std::memory_order_seq_cst;

template <Platform P>
struct StoreBuffering {
    static constexpr auto claim = "every outcome is explored";
    static constexpr int threads = 2;
    typename P::template atomic<int> x{0}, y{0};
    void thread(int index) {
        if (index == 0) x.store(1, relaxed), y.load(relaxed);
        else y.store(1, relaxed), x.load(relaxed);
    }
};
HEDDLE_MODEL(StoreBuffering);

template <Platform P>
struct MessagePassing {
    static constexpr auto claim = "who sees the flag sees the data";
    static constexpr int threads = 2;
    typename P::template atomic<int> flag{0};
    typename P::template plain<int> data{0};
    void thread(int index) {
        if (index == 0) data.write(1), flag.store(1, release);
        else if (flag.load(acquire) == 1) check(data.read() == 1);
    }
    void after() { check(data.read() == 1); }
};
HEDDLE_MODEL(MessagePassing);

template <Platform P, std::memory_order write, std::memory_order read>
struct Reads {
    static constexpr auto claim = "every outcome is explored";
    static constexpr int threads = 4;
    typename P::template atomic<int> x{0}, y{0};
    void thread(int index) {
        if (index == 0) x.store(1, write);
        else if (index == 1) y.store(1, write);
        else if (index == 2) x.load(read), y.load(read);
        else y.load(read), x.load(read);
    }
};
template <Platform P>
struct IndependentReads : Reads<P, release, acquire> {};
HEDDLE_MODEL(IndependentReads);
template <Platform P>
struct IndependentReadsInOrder : Reads<P, seq_cst, seq_cst> {};
HEDDLE_MODEL(IndependentReadsInOrder);

template <Platform P>
struct ThreeWriters {
    static constexpr auto claim = "every modification order is explored";
    static constexpr int threads = 3;
    typename P::template atomic<int> x{0};
    void thread(int index) { x.store(index + 1, relaxed), x.store(index + 11, relaxed), x.load(relaxed); }
};
HEDDLE_MODEL(ThreeWriters);

template <Platform P>
struct Fibonacci {
    static constexpr auto claim = "every sum is explored";
    static constexpr auto search = heddle::checker::context_bound(2);
    static constexpr int threads = 2;
    typename P::template atomic<int> i{1}, j{1};
    void thread(int index) {
        for (int iteration = 0; iteration != 4; ++iteration) {
            const int a = i.load(relaxed);
            const int b = j.load(relaxed);
            (index == 0 ? i : j).store(a + b, relaxed);
        }
    }
};
HEDDLE_MODEL(Fibonacci);

template <Platform P>
struct LockedCounter {
    static constexpr auto claim = "a mutex protects a counter";
    static constexpr int threads = 3;
    heddle::checker::mutex<P> mutex;
    typename P::template plain<int> count{0};
    void thread(int) {
        for (int iteration = 0; iteration != 2; ++iteration) {
            mutex.lock();
            count.write(count.read() + 1);
            mutex.unlock();
        }
    }
    void after() { check(count.read() == 6); }
};
HEDDLE_MODEL(LockedCounter);

template <Platform P>
struct OnePlace {
    static constexpr auto claim = "two conditions pass items through one place";
    static constexpr unsigned spurious_wakeups = 0;  // as in its pair
    static constexpr auto search = heddle::checker::context_bound(2);
    static constexpr int threads = 4;
    heddle::checker::mutex<P> mutex;
    heddle::checker::condition_variable<P> emptied, filled;
    typename P::template plain<int> items{0};
    void thread(int index) {
        std::unique_lock guard(mutex);
        if (index < 2) {
            while (items.read() == 1) emptied.wait(guard);
            items.write(items.read() + 1);
            filled.notify_one();
        } else {
            while (items.read() == 0) filled.wait(guard);
            items.write(items.read() - 1);
            emptied.notify_one();
        }
    }
};
HEDDLE_MODEL(OnePlace);

template <Platform P>
struct RingOfTwo {
    static constexpr auto claim = "a ring passes items in order";
    static constexpr auto search = heddle::checker::context_bound(2);
    static constexpr int threads = 2;
    static constexpr unsigned items = 3, places = 2;
    typename P::template atomic<unsigned> head{0}, tail{0};
    typename P::template plain<unsigned> ring[places]{typename P::template plain<unsigned>{0},
                                                      typename P::template plain<unsigned>{0}};
    void thread(int index) {
        for (unsigned item = 0; item != items; ++item) {
            if (index == 0) {
                while (tail.load(relaxed) - head.load(acquire) == places) P::yield();
                ring[item % places].write(item + 1);
                tail.store(item + 1, release);
            } else {
                while (tail.load(acquire) == head.load(relaxed)) P::yield();
                check(ring[item % places].read() == item + 1);
                head.store(item + 1, release);
            }
        }
    }
};
HEDDLE_MODEL(RingOfTwo);

template <Platform P>
struct TicketLock {
    static constexpr auto claim = "a ticket lock protects a counter";
    static constexpr int threads = 3;
    typename P::template atomic<int> next{0}, served{0};
    typename P::template plain<int> count{0};
    void thread(int) {
        const int ticket = next.fetch_add(1, relaxed);
        while (served.load(acquire) != ticket) P::yield();
        count.write(count.read() + 1);
        served.store(ticket + 1, release);
    }
    void after() { check(count.read() == 3); }
};
HEDDLE_MODEL(TicketLock);

template <Platform P>
struct StackThatIsEmptied {
    static constexpr auto claim = "what is pushed is taken once";
    static constexpr int threads = 3;
    struct Node {
        typename P::template plain<int> value{0};
        typename P::template plain<Node*> next{nullptr};
    };
    typename P::template atomic<Node*> top{nullptr};
    typename P::template plain<int> taken{0};

    void push(int value) {
        auto* const node = new Node;
        node->value.write(value);
        Node* next = top.load(relaxed);
        do node->next.write(next);
        while (!top.compare_exchange_strong(next, node, release, relaxed));
    }
    int take_all() {
        Node* node = top.exchange(nullptr, acquire);
        int sum = 0;
        while (node != nullptr) {
            sum += node->value.read();
            delete std::exchange(node, node->next.read());
        }
        return sum;
    }
    void thread(int index) {
        if (index == 0) push(1), push(2);
        else if (index == 1) push(4);
        else taken.write(take_all());
    }
    void after() { check(taken.read() + take_all() == 7); }
};
HEDDLE_MODEL(StackThatIsEmptied);

// Loops that try again, and look before they do.
template <Platform P>
struct StackThatIsPopped {
    static constexpr auto claim = "a stack of nodes that stay loses none";
    static constexpr int threads = 4;
    struct Node {
        typename P::template plain<Node*> next{nullptr};
    };
    typename P::template atomic<Node*> top{nullptr};
    std::array<Node, 2> nodes{};

    void push(Node* node) {
        for (;;) {
            Node* next = top.load(relaxed);
            node->next.write(next);
            if (top.compare_exchange_strong(next, node, release, relaxed)) return;
        }
    }
    Node* pop() {
        for (;;) {
            Node* node = top.load(acquire);
            if (node == nullptr || top.compare_exchange_strong(node, node->next.read(), acquire, relaxed)) return node;
        }
    }
    void thread(int index) {
        if (index < 2) push(&nodes[static_cast<std::size_t>(index)]);
        else pop();
    }
};
HEDDLE_MODEL(StackThatIsPopped);

template <Platform P>
struct WordOfBits {
    static constexpr auto claim = "each thread sets its bit";
    static constexpr int threads = 4;
    typename P::template atomic<int> word{0};
    void thread(int index) {
        for (;;) {
            int found = word.load(relaxed);
            if (word.compare_exchange_strong(found, found | 1 << index, relaxed, relaxed)) return;
        }
    }
    void after() { check(word.load(relaxed) == 15); }
};
HEDDLE_MODEL(WordOfBits);

}  // namespace
