// What the exhaustive engine makes of memory.
#include <gtest/gtest.h>
#include <malloc.h>

#include <array>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <heddle/checker/model.hpp>

#include "explore.hpp"

namespace heddle::tests {
namespace {

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
    const Verdict verdict = explore_on("exhaustive", "StackOfNodes");
    EXPECT_EQ(verdict.outcome, Outcome::exhausted) << verdict.message << report_of(verdict);
    EXPECT_GT(verdict.executions + verdict.blocked, 10U);  // the latter follow addresses, too
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
    const Verdict verdict = explore_on("exhaustive", "FreesWhatIsRead");
    EXPECT_EQ(verdict.kind, FailureKind::use_after_free) << verdict.message;
    EXPECT_NE(report_of(verdict).find("destroys 'node' while another may still use it"), std::string::npos)
        << report_of(verdict);
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
    EXPECT_EQ(explore_on("exhaustive", "FreesPlainDataThatIsRead").kind, FailureKind::use_after_free);
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
    EXPECT_EQ(explore_on("exhaustive", "LastOwnerFrees").outcome, Outcome::exhausted);
    EXPECT_EQ(explore_on("exhaustive", "LastOwnerFreesUnordered").kind, FailureKind::use_after_free);
    EXPECT_EQ(explore_on("exhaustive", "LastSharedPtrFrees").outcome, Outcome::exhausted);
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
    EXPECT_EQ(explore_on("exhaustive", "UntaggedStackFrees").kind, FailureKind::double_free);
    const Verdict tagged = explore_on("exhaustive", "TaggedStackFrees");
    EXPECT_EQ(tagged.outcome, Outcome::exhausted) << tagged.message << report_of(tagged);
}

// While a load waits for the store that it reads from, the other thread constructs so many objects that the table of all
// of them moves, and leaves memory that goes back to the system.
template <Platform P>
struct LooksWhileOthersConstruct {
    static constexpr auto claim = "a flag is never seen (it is)";
    static constexpr int threads = 2;
    static constexpr std::size_t many = 10'000;
    typename P::template atomic<int> flag{0, "flag"};
    std::vector<std::unique_ptr<typename P::template plain<int>>> made;

    LooksWhileOthersConstruct() { construct(); }
    void construct() {
        for (std::size_t count = 0; count != many; ++count)
            made.push_back(std::make_unique<typename P::template plain<int>>(0));
    }
    void thread(int index) {
        if (index == 0) {
            check(flag.load(std::memory_order_acquire) == 0, "the flag is down");
        } else {
            construct();
            flag.store(1, std::memory_order_release);
        }
    }
};
TEST(ExhaustiveEngine, replays_a_thread_that_waits_while_others_construct) {
    const engine::Program program = checker::program_of<LooksWhileOthersConstruct<checker::CheckingPlatform>>(2);
    const engine::Engine& exhaustive = engine_named("exhaustive");
    const engine::Exploration found = exhaustive.explore(program, {});
    ASSERT_TRUE(found.replay) << found.message;
    engine::Exploration again;  // by a thread of its own, and so by a run of its own: its tables grow anew
    std::thread([&] { again = exhaustive.explore(program, {.replay = found.replay}); }).join();
    EXPECT_EQ(again.kind, FailureKind::assertion) << again.message;
}

// Runs that are cut off, since a turn was in vain, end where an exception is handled.
template <Platform P>
struct TriesAgainInAHandler {
    static constexpr auto claim = "what is handled while a thread tries again is given back";
    static constexpr int threads = 2;
    using Large = std::array<char, 400>;
    typename P::template atomic<int> word{0, "word"};
    void thread(int) {
        try {
            throw Large{};
        } catch (const Large&) {
            for (int n = 0; n != 3; ++n) {
                int seen = word.load(std::memory_order_relaxed);
                while (!word.compare_exchange_weak(seen, seen + 1, std::memory_order_relaxed)) {
                }
            }
        }
    }
    void after() { check(word.load(std::memory_order_relaxed) == 6, "each thread has added three"); }
};
HEDDLE_MODEL(TriesAgainInAHandler);

TEST(ExhaustiveEngine, keeps_no_exception_of_a_run_that_was_cut_off) {
    explore_on("exhaustive", "TriesAgainInAHandler");  // what the engine itself keeps it has then
    const std::size_t before = mallinfo2().uordblks;
    const Verdict verdict = explore_on("exhaustive", "TriesAgainInAHandler");
    const std::size_t after = mallinfo2().uordblks;
    EXPECT_EQ(verdict.outcome, Outcome::exhausted) << verdict.message << report_of(verdict);
    EXPECT_GT(verdict.blocked, 10U);
    EXPECT_LT(after, before + verdict.blocked * 400);
}

}  // namespace
}  // namespace heddle::tests
