// Compare-exchanges in all the forms that compilers have: of classes, weak and strong, by the names of the language and by those
// of the compilers, and with each the failures that only a weak one has.
#include <atomic>
#include <cassert>
#include <thread>
#include <utility>

#include <heddle/unmodified.hpp>

namespace {

/// As wide as a register, although no member is.
struct Tagged {
    int index;
    int tag;
};

template <class Work>
void twice(Work work) {
    std::thread other(work);
    work();
    other.join();
}

HEDDLE_TEST(ClassIsExchanged) {
    std::atomic<Tagged> top{Tagged{0, 0}};
    twice([&top] {
        Tagged seen = top.load();
        while (!top.compare_exchange_weak(seen, {seen.index + 1, seen.tag + 2})) {
        }
    });
    const Tagged last = top.exchange({5, 5});
    assert(last.index == 2 && last.tag == 4);
    top.store({1, 2}, std::memory_order_relaxed);
    assert(top.load(std::memory_order_relaxed).tag == 2);
}
/// What has failed is handed on where the next exchange looks for it, which is not in a local.
struct Node {
    int value;
    Node* next;
};
void push(std::atomic<Node*>& top, int value) {
    auto* const node = new Node{value, top.load(std::memory_order_relaxed)};
    while (!top.compare_exchange_weak(node->next, node, std::memory_order_release, std::memory_order_relaxed)) {
    }
}
HEDDLE_TEST(NodesArePushed) {
    std::atomic<Node*> top{nullptr};
    twice([&top] { push(top, 1), push(top, 2); });
    int sum = 0;
    for (Node* node = top.load(); node != nullptr;) {
        sum += node->value;
        delete std::exchange(node, node->next);
    }
    assert(sum == 6);
}
HEDDLE_BROKEN_TEST(NodesArePushedInvisibly, data_race) {
    std::atomic<Node*> top{nullptr};
    std::thread other([&top] { push(top, 1); });
    const Node* const first = top.load(std::memory_order_relaxed);
    assert(first == nullptr || first->value == 1);
    other.join();
    delete top.load();
}
HEDDLE_BROKEN_TEST(ClassIsReadWithoutOrder, data_race) {
    std::atomic<Tagged> top{Tagged{0, 0}};
    int plain = 0;
    std::thread other([&] {
        plain = 1;
        top.store({1, 1}, std::memory_order_relaxed);
    });
    if (top.load(std::memory_order_acquire).index == 1) assert(plain == 1);
    other.join();
}
HEDDLE_BROKEN_TEST(ClassIsLostBetweenLoadAndStore, assertion) {
    std::atomic<Tagged> top{Tagged{0, 0}};
    twice([&top] {
        const Tagged seen = top.load();
        top.store({seen.index + 1, 0});
    });
    assert(top.load().index == 2);
}

/// A weak one may fail although nobody else is there.
HEDDLE_BROKEN_TEST(WeakOneFailsWithoutCause, assertion) {
    std::atomic<int> word{0};
    int expected = 0;
    const bool exchanged = word.compare_exchange_weak(expected, 1);
    assert(exchanged);
    std::thread([&word] { word = 2; }).join();
}
HEDDLE_BROKEN_TEST(WeakOneOfAClassFailsWithoutCause, assertion) {
    std::atomic<Tagged> word{Tagged{0, 0}};
    Tagged expected{0, 0};
    const bool exchanged = word.compare_exchange_weak(expected, {1, 1});
    assert(exchanged);
    std::thread([&word] { word.store({2, 2}); }).join();
}
HEDDLE_BROKEN_TEST(WeakOneOfTheCompilersFailsWithoutCause, assertion) {
    int word = 0;
    int expected = 0;
    const bool exchanged = __atomic_compare_exchange_n(&word, &expected, 1, true, __ATOMIC_SEQ_CST, __ATOMIC_RELAXED);
    assert(exchanged);
    std::thread([&word] { __atomic_store_n(&word, 2, __ATOMIC_SEQ_CST); }).join();
}
/// What it has found is what it expected.
HEDDLE_TEST(WeakOneSaysWhatItHasFound) {
    std::atomic<int> word{3};
    int expected = 3;
    if (!word.compare_exchange_weak(expected, 1)) assert(word == 3);
    assert(expected == 3);
    std::thread([&word] { word = 2; }).join();
}
HEDDLE_TEST(StrongOnesDoNotFail) {
    std::atomic<int> word{0};
    std::atomic<Tagged> pair{Tagged{0, 0}};
    int plain = 0;
    int expected = 0;
    Tagged both{0, 0};
    int one = 1;
    assert(word.compare_exchange_strong(expected, 1));
    assert(pair.compare_exchange_strong(both, {1, 1}));
    assert(__atomic_compare_exchange_n(&plain, &expected, 1, false, __ATOMIC_SEQ_CST, __ATOMIC_RELAXED));
    int two = 2;
    assert(__atomic_compare_exchange(&plain, &one, &two, false, __ATOMIC_SEQ_CST, __ATOMIC_RELAXED));
    assert(__sync_bool_compare_and_swap(&plain, 2, 3));
    assert(__sync_val_compare_and_swap(&plain, 3, 4) == 3);
    assert(!__sync_bool_compare_and_swap(&plain, 2, 5));
    assert(__sync_val_compare_and_swap(&plain, 2, 5) == 4);
    std::thread([&plain] { __atomic_store_n(&plain, 5, __ATOMIC_SEQ_CST); }).join();
}

}  // namespace
