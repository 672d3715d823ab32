// Memory that is freed, and handed out again.
#include <memory>

#include <heddle/checker/model.hpp>

namespace heddle::cases {

/// A stack that frees its nodes: a pop that sleeps between its two looks at the head takes it for unchanged when another
/// node lies at the same address (ABA).
template <Platform P>
class NaiveStack {
  public:
    struct Node {
        int value = 0;
        Node* next = nullptr;
    };
    void push(Node* node) {
        node->next = head_.load(std::memory_order_relaxed);
        while (!head_.compare_exchange_strong(node->next, node, std::memory_order_release, std::memory_order_relaxed))
            continue;
    }
    /// A node to be freed by the caller; null if the stack is empty.
    Node* pop() {
        Node* top = head_.load(std::memory_order_acquire);
        while (top != nullptr &&
               !head_.compare_exchange_strong(top, top->next, std::memory_order_acquire, std::memory_order_acquire))
            continue;
        return top;
    }

  private:
    typename P::template atomic<Node*> head_{nullptr, "head"};
};

/// Thread 1 empties the stack, keeps one node and frees the other one, which thread 2 gets.
template <Platform P, bool handed_on>
struct Stack {
    static constexpr auto claim = "no node is popped twice";
    static constexpr int threads = 3;
    static constexpr bool hands_memory_on = handed_on;
    static constexpr auto search = checker::context_bound(1);
    using Node = typename NaiveStack<P>::Node;
    NaiveStack<P> stack;
    typename P::template atomic<Node*> kept{nullptr, "kept"};

    Stack() {
        stack.push(new Node{1});
        stack.push(new Node{2});
    }
    void thread(int index) {
        if (index == 0) {
            Node* const mine = stack.pop();
            delete mine;
        } else if (index == 1) {
            Node* const first = stack.pop();
            Node* const second = stack.pop();
            kept.store(second, std::memory_order_release);
            delete first;
        } else {
            stack.push(new Node{3});
        }
    }
    void after() {
        const std::unique_ptr<Node> mine(kept.load(std::memory_order_relaxed));
        while (Node* const left = stack.pop()) {
            check(left != mine.get(), "a node was popped that is in the stack");
            delete left;
        }
    }
};
HEDDLE_MODEL_OF(StackWithMemoryOfItsOwn, Stack, false);
HEDDLE_BROKEN_MODEL_OF(StackWithMemoryHandedOn, failure::assertion, Stack, true);

template <Platform P>
struct HandedOnMemoryIsNew {
    static constexpr auto claim = "an object in memory that another thread has freed is an object like any other";
    static constexpr int threads = 2;
    static constexpr bool hands_memory_on = true;
    struct Object {
        typename P::template atomic<int> value{0, "value"};
    };
    void thread(int index) {
        const auto mine = std::make_unique<Object>();
        check(mine->value.exchange(index, std::memory_order_relaxed) == 0);
    }
};
HEDDLE_MODEL(HandedOnMemoryIsNew);

}  // namespace heddle::cases
