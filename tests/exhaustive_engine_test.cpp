// What the exhaustive engine makes of memory and of loops that wait.
#include <gtest/gtest.h>

#include <array>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

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

// As many threads as the engine takes, each of which waits: one wakes them all, whoever has come to wait by then.
template <Platform P, int count>
struct ManyThreads {
    static constexpr auto claim = "so many threads come to their end";
    static constexpr int threads = count;
    typename P::template atomic<FutexWord> gate{1, "gate"};
    void thread(int) { P::wait(gate, 0, Deadline::never()); }
};
template <Platform P>
struct FifteenThreads : ManyThreads<P, 15> {};
HEDDLE_MODEL(FifteenThreads);
template <Platform P>
struct SixteenThreads : ManyThreads<P, 16> {};
HEDDLE_MODEL(SixteenThreads);

TEST(ExhaustiveEngine, takes_sixteen_threads_with_the_first_one) {
    EXPECT_EQ(explore("FifteenThreads").outcome, Outcome::exhausted);
    EXPECT_EQ(explore("FifteenThreads").executions, 1U);
    const Verdict refused = explore("SixteenThreads");
    EXPECT_EQ(refused.outcome, Outcome::misuse);
    EXPECT_EQ(refused.kind, FailureKind::too_big);
    EXPECT_EQ(refused.message, "the model has 16 threads; the exhaustive engine takes 1 to 15");
}

template <Platform P>
struct FifteenSleepers {
    static constexpr auto claim = "fifteen threads may sleep on one word (until somebody wakes them)";
    static constexpr int threads = 15;
    typename P::template atomic<FutexWord> gate{0, "gate"};
    void thread(int) {
        while (P::wait(gate, 0, Deadline::never()) != WaitResult::woken) continue;
    }
};
HEDDLE_BROKEN_MODEL(FifteenSleepers, failure::deadlock);

TEST(ExhaustiveEngine, has_room_for_all_of_them_in_one_queue) {
    const Verdict verdict = explore("FifteenSleepers");
    EXPECT_TRUE(verdict.met()) << verdict.message;
    EXPECT_NE(verdict.counterexample.find("thread 14 waits"), std::string::npos) << verdict.counterexample;
}

template <Platform P>
struct TooManySteps {
    static constexpr auto claim = "a thread takes any number of steps (so many that no engine follows)";
    static constexpr int threads = 1;
    typename P::template atomic<int> word{0, "word"};
    void thread(int) {
        for (int n = 0; n != 300; ++n) word.store(n, std::memory_order_relaxed);
    }
};
HEDDLE_BROKEN_MODEL(TooManySteps, failure::too_big);

template <Platform P>
struct TooMuchMemory {
    static constexpr auto claim = "a thread allocates any amount of memory (so much that no engine keeps it)";
    static constexpr int threads = 1;
    void thread(int) {
        for (int n = 0; n != 100; ++n) std::vector<char>(1 << 20);
    }
};
HEDDLE_BROKEN_MODEL(TooMuchMemory, failure::too_big);

TEST(ExhaustiveEngine, says_which_limit_a_model_exceeds) {
    const Verdict steps = explore("TooManySteps");
    EXPECT_TRUE(steps.met()) << steps.counterexample;
    EXPECT_EQ(steps.message, "a thread did not end within 250 events");
    const Verdict memory = explore("TooMuchMemory");
    EXPECT_TRUE(memory.met()) << memory.counterexample;
    EXPECT_EQ(memory.message, "a thread of the model allocates more than 64 MiB in one execution");
}

// More than the smaller sets of seq_cst events have room for. A fence asks for their order at once.
template <Platform P>
struct ManySeqCst {
    static constexpr auto claim = "any number of seq_cst events has an order";
    static constexpr int threads = 3;
    typename P::template atomic<int> words[3] = {
        typename P::template atomic<int>(0), typename P::template atomic<int>(0), typename P::template atomic<int>(0)};
    void thread(int index) {
        for (int n = 0; n != 100; ++n) words[index].store(n, std::memory_order_seq_cst);
        P::fence(std::memory_order_seq_cst);
    }
    void after() { check(words[2].load(std::memory_order_seq_cst) == 99); }
};
HEDDLE_MODEL(ManySeqCst);

TEST(ExhaustiveEngine, orders_any_number_of_seq_cst_events) {
    const Verdict verdict = explore("ManySeqCst");
    EXPECT_EQ(verdict.outcome, Outcome::exhausted) << verdict.message << verdict.counterexample;
    EXPECT_EQ(verdict.executions, 1U);
}

// In the order in which the threads begin, the reader is done before the other one frees.
template <Platform P>
struct FreesWhatIsRead {
    static constexpr auto claim = "what was taken off a list may be freed while others read it (it may not)";
    static constexpr int threads = 2;
    using Node = typename P::template atomic<int>;
    typename P::template atomic<Node*> top{new Node(1, "node"), "top"};
    void thread(int index) {
        if (index == 1) delete top.exchange(nullptr, std::memory_order_acq_rel);
        else if (const Node* const node = top.load(std::memory_order_acquire)) node->load(std::memory_order_relaxed);
    }
};
HEDDLE_BROKEN_MODEL(FreesWhatIsRead, failure::use_after_free);

TEST(ExhaustiveEngine, finds_a_use_after_free_in_whichever_order_the_threads_run) {
    const Verdict verdict = explore("FreesWhatIsRead");
    EXPECT_EQ(verdict.kind, FailureKind::use_after_free) << verdict.message;
    EXPECT_NE(verdict.counterexample.find("destroys 'node' while another may still use it"), std::string::npos)
        << verdict.counterexample;
}

// Plain data has no steps of its own; its accesses count as uses all the same.
template <Platform P>
struct FreesPlainDataThatIsRead {
    static constexpr auto claim = "plain data may be freed while another thread reads it (it may not)";
    static constexpr int threads = 2;
    using Data = typename P::template plain<int>;
    std::unique_ptr<Data> data = std::make_unique<Data>(1, "data");
    Data* shared = data.get();
    void thread(int index) {
        if (index == 0) shared->read();
        else data.reset();
    }
};
HEDDLE_BROKEN_MODEL(FreesPlainDataThatIsRead, failure::use_after_free);

TEST(ExhaustiveEngine, counts_an_access_to_plain_data_as_a_use) {
    EXPECT_EQ(explore("FreesPlainDataThatIsRead").kind, FailureKind::use_after_free);
}

// Two owners of one object; the last one frees it.
template <Platform P, std::memory_order OfTheDrop>
struct CountsItsOwners {
    static constexpr int threads = 2;
    struct Shared {
        typename P::template atomic<int> owners{2, "owners"};
        typename P::template atomic<int> value{0, "value"};
    };
    Shared* shared = new Shared;
    void thread(int) {
        shared->value.fetch_add(1, std::memory_order_relaxed);
        if (shared->owners.fetch_sub(1, OfTheDrop) == 1) delete shared;
    }
};
template <Platform P>
struct LastOwnerFrees : CountsItsOwners<P, std::memory_order_acq_rel> {
    static constexpr auto claim = "the last owner may free what all have used";
};
HEDDLE_MODEL(LastOwnerFrees);
template <Platform P>
struct LastOwnerFreesUnordered : CountsItsOwners<P, std::memory_order_relaxed> {
    static constexpr auto claim = "counting owners may be relaxed (it may not)";
};
HEDDLE_BROKEN_MODEL(LastOwnerFreesUnordered, failure::use_after_free);

// The counter is the standard library's, which no engine sees.
template <Platform P>
struct LastSharedPtrFrees {
    static constexpr auto claim = "the last shared_ptr may free what all have used";
    static constexpr int threads = 2;
    using Word = typename P::template atomic<int>;
    std::shared_ptr<Word> first = P::template make_shared<Word>(0, "word");
    std::shared_ptr<Word> second = first;
    void thread(int index) {
        auto& mine = index == 0 ? first : second;
        mine->fetch_add(1, std::memory_order_relaxed);
        mine.reset();
    }
};
HEDDLE_MODEL(LastSharedPtrFrees);

TEST(ExhaustiveEngine, knows_when_a_counter_of_owners_orders_the_end_of_an_object) {
    EXPECT_EQ(explore("LastOwnerFrees").outcome, Outcome::exhausted);
    EXPECT_EQ(explore("LastOwnerFreesUnordered").kind, FailureKind::use_after_free);
    EXPECT_EQ(explore("LastSharedPtrFrees").outcome, Outcome::exhausted);
}

// A stack that frees at once what it pops. A thread that was about to pop a node may find its address on the top again:
// another node by now, with another one below. `tagged`: each change has a number, which the comparison sees.
template <Platform P, bool tagged>
struct StackThatFrees {
    static constexpr int threads = 2;
    struct Node {
        Node* below;
    };
    static constexpr int tag_shift = 48;  // addresses are shorter
    typename P::template atomic<std::uint64_t> top{0, "top"};

    static Node* node_of(std::uint64_t top) {
        return reinterpret_cast<Node*>(top & ((std::uint64_t{1} << tag_shift) - 1));
    }
    static std::uint64_t after(std::uint64_t before, Node* node) {
        const std::uint64_t tag = tagged ? (before >> tag_shift) + 1 : 0;
        return reinterpret_cast<std::uintptr_t>(node) | (tag << tag_shift);
    }

    StackThatFrees() {
        push(new Node{});
        push(new Node{});
    }
    void push(Node* node) {
        std::uint64_t before = top.load(std::memory_order_relaxed);
        do node->below = node_of(before);
        while (!top.compare_exchange_strong(before, after(before, node), std::memory_order_release,
                                            std::memory_order_relaxed));
    }
    bool pop() {
        std::uint64_t before = top.load(std::memory_order_acquire);
        while (node_of(before) != nullptr) {
            Node* const node = node_of(before);
            if (!top.compare_exchange_strong(before, after(before, node->below), std::memory_order_acquire,
                                             std::memory_order_acquire))
                continue;
            delete node;
            return true;
        }
        return false;
    }
    void thread(int index) {
        pop();
        if (index == 0) return;
        pop();
        push(new Node{});
    }
    void after() {
        while (pop()) {
        }
    }
};
template <Platform P>
struct UntaggedStackFrees : StackThatFrees<P, false> {
    static constexpr auto claim = "an address that is still on the top is the same node (it need not be)";
};
HEDDLE_BROKEN_MODEL(UntaggedStackFrees, failure::double_free);
template <Platform P>
struct TaggedStackFrees : StackThatFrees<P, true> {
    static constexpr auto claim = "a top with the same number is the same node";
};
HEDDLE_MODEL(TaggedStackFrees);

TEST(ExhaustiveEngine, hands_memory_out_again) {
    EXPECT_EQ(explore("UntaggedStackFrees").kind, FailureKind::double_free);
    const Verdict tagged = explore("TaggedStackFrees");
    EXPECT_EQ(tagged.outcome, Outcome::exhausted) << tagged.message << tagged.counterexample;
}

}  // namespace
}  // namespace heddle::checker
