// What the exhaustive engine makes of memory and of loops that wait.
#include <gtest/gtest.h>

#include <array>
#include <stdexcept>
#include <string>

#include <heddle/checker/engine.hpp>
#include <heddle/checker/model.hpp>

namespace heddle::checker {
namespace {

// Explores the only registered model of that name.
Verdict explore(std::string_view name) {
    for (const Engine* const engine : engines())
        for (const Model& model : registered_models())
            if (engine->name() == "exhaustive" && model.name == name) return check_model(model, *engine, {});
    throw std::runtime_error("no model " + std::string(name));
}

// A stack of nodes that are allocated in one execution after the other: the exhaustive engine compares the pointers that
// an atomic holds with those of the execution before.
template <Platform P>
struct StackOfNodes {
    static constexpr auto claim = "two pushes and two pops leave an empty stack";
    static constexpr int threads = 2;
    struct Node {
        explicit Node(Node* below) : next(below) {}
        Node* next;
    };
    typename P::template atomic<Node*> top{nullptr, "top"};
    std::array<Node*, 2> popped{};

    void thread(int index) {
        auto* const node = new Node(top.load(std::memory_order_relaxed));
        while (!top.compare_exchange_strong(node->next, node, std::memory_order_release, std::memory_order_relaxed)) {
        }
        Node* taken = top.load(std::memory_order_acquire);
        while (!top.compare_exchange_strong(taken, taken->next, std::memory_order_acquire, std::memory_order_acquire)) {
        }
        popped[static_cast<std::size_t>(index)] = taken;
    }
    void after() {
        check(popped[0] != popped[1] && top.load(std::memory_order_relaxed) == nullptr, "each node was popped once");
        for (Node* const node : popped) delete node;
    }
};
HEDDLE_MODEL(StackOfNodes);

TEST(ExhaustiveEngine, finds_each_pointer_at_the_same_address_in_every_execution) {
    const Verdict verdict = explore("StackOfNodes");
    EXPECT_EQ(verdict.outcome, Outcome::exhausted) << verdict.message << verdict.counterexample;
    EXPECT_GT(verdict.executions, 10U);
}

// A loop that waits is explored to its end, however its turn is made.
template <Platform P>
struct WaitsInLoops {
    static constexpr auto claim = "loops that yield until another thread has written come to an end";
    static constexpr int threads = 3;
    typename P::template atomic<int> both{0, "both"};
    typename P::template atomic<int> either[2]{typename P::template atomic<int>(0, "first"),
                                               typename P::template atomic<int>(0, "second")};
    void thread(int index) {
        if (index != 0) {
            either[index - 1].store(1, std::memory_order_release);
            while (both.load(std::memory_order_acquire) == 0) P::yield();
            return;
        }
        for (;;) {
            const int first = either[0].load(std::memory_order_acquire);
            P::fence(std::memory_order_seq_cst);
            if (first != 0 && either[1].load(std::memory_order_acquire) != 0) break;
            P::yield();
        }
        both.store(1, std::memory_order_release);
    }
};
HEDDLE_MODEL(WaitsInLoops);

TEST(ExhaustiveEngine, explores_loops_that_wait_to_their_end) {
    const Verdict verdict = explore("WaitsInLoops");
    EXPECT_EQ(verdict.outcome, Outcome::exhausted) << verdict.message << verdict.counterexample;
    EXPECT_EQ(verdict.executions, 1U);  // who reads from whom is settled
}

// A loop that yields and is no waiting: each turn writes. It is bounded, and what is cut is counted.
template <Platform P>
struct WritesInLoops {
    static constexpr auto claim = "a loop that writes in each turn comes to an end";
    static constexpr int threads = 2;
    typename P::template atomic<int> turns{0, "turns"};
    void thread(int) {
        while (turns.fetch_add(1, std::memory_order_relaxed) < 4) P::yield();
    }
};
HEDDLE_MODEL(WritesInLoops);

TEST(ExhaustiveEngine, counts_what_it_cuts_off_a_loop_that_writes) {
    const Verdict verdict = explore("WritesInLoops");
    EXPECT_EQ(verdict.outcome, Outcome::exhausted) << verdict.message << verdict.counterexample;
    EXPECT_GT(verdict.executions, 0U);
    EXPECT_GT(verdict.blocked, 0U);
}

// Nobody is left to write what the loop waits for, once the flag is back: not a bound that was met, but a failure.
template <Platform P>
struct WaitsInVain {
    static constexpr auto claim = "a flag that is set is seen (it need not be, if it is reset)";
    static constexpr int threads = 2;
    typename P::template atomic<int> flag{0, "flag"};
    void thread(int index) {
        if (index == 0) {
            flag.store(1, std::memory_order_relaxed);
            flag.store(0, std::memory_order_relaxed);
        } else {
            while (flag.load(std::memory_order_relaxed) == 0) P::yield();
        }
    }
};
HEDDLE_BROKEN_MODEL(WaitsInVain, failure::livelock);

TEST(ExhaustiveEngine, says_which_loop_waits_in_vain) {
    const Verdict verdict = explore("WaitsInVain");
    EXPECT_TRUE(verdict.met()) << verdict.message << verdict.counterexample;
    EXPECT_NE(verdict.counterexample.find("thread 1 spins  at tests/exhaustive_engine_test.cpp"), std::string::npos)
        << verdict.counterexample;
}

}  // namespace
}  // namespace heddle::checker
