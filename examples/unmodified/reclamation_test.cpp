// Memory that is given back while others may still read it: hazard pointers and epochs, and what happens without.
#include <array>
#include <atomic>
#include <cassert>
#include <cstddef>
#include <thread>

#include <heddle/unmodified.hpp>

namespace {

constexpr auto relaxed = std::memory_order_relaxed;
constexpr auto acquire = std::memory_order_acquire;
constexpr auto release = std::memory_order_release;
constexpr auto acq_rel = std::memory_order_acq_rel;
constexpr auto seq_cst = std::memory_order_seq_cst;

// ---- Michael: Hazard Pointers, on Treiber's stack

enum class HazardFault { none, no_hazard, not_validated, weak_orders };

template <HazardFault fault>
class Stack {
  public:
    ~Stack() {
        while (Node* const node = head_.load(relaxed)) {
            head_.store(node->next, relaxed);
            delete node;
        }
        for (Node* const node : retired_) delete node;
    }
    void push(int value) {
        auto* const node = new Node{value, head_.load(relaxed)};
        while (!head_.compare_exchange_weak(node->next, node, release, relaxed)) {
        }
    }
    bool pop(std::size_t self) {
        Node* node = nullptr;
        do {
            node = protect(self);
            if (node == nullptr) return false;
        } while (!head_.compare_exchange_strong(node, node->next, seq_cst, relaxed));
        hazards_[self].store(nullptr, release);
        retire(node, self);
        return true;
    }

  private:
    struct Node {
        int value;
        Node* next;
    };
    static constexpr auto publishing = fault == HazardFault::weak_orders ? release : seq_cst;
    static constexpr auto validating = fault == HazardFault::weak_orders ? acquire : seq_cst;

    Node* protect(std::size_t self) {
        for (;;) {
            Node* const node = head_.load(acquire);
            if (node == nullptr || fault == HazardFault::no_hazard) return node;
            hazards_[self].store(node, publishing);
            if (fault == HazardFault::not_validated || head_.load(validating) == node) return node;
        }
    }
    void retire(Node* node, std::size_t self) {
        for (const auto& hazard : hazards_)
            if (hazard.load(seq_cst) == node) {
                retired_[self] = node;
                return;
            }
        delete node;
    }

    std::atomic<Node*> head_{nullptr};
    std::array<std::atomic<Node*>, 2> hazards_{};
    std::array<Node*, 2> retired_{};
};

template <HazardFault fault>
void pop_in_two_threads() {
    Stack<fault> stack;
    stack.push(1), stack.push(2);
    std::thread first([&] { stack.pop(0); }), second([&] { stack.pop(1); });
    first.join(), second.join();
}
HEDDLE_TEST(StackWithHazardPointers) { pop_in_two_threads<HazardFault::none>(); }
HEDDLE_BROKEN_TEST(StackWithoutHazardPointers, use_after_free) { pop_in_two_threads<HazardFault::no_hazard>(); }
HEDDLE_BROKEN_TEST(HazardPointerThatIsNotValidated, use_after_free) {
    pop_in_two_threads<HazardFault::not_validated>();
}
HEDDLE_BROKEN_TEST(HazardPointerThatIsSeenTooLate, use_after_free) { pop_in_two_threads<HazardFault::weak_orders>(); }

// ---- read, copy, update, with an epoch for each reader

enum class EpochFault { none, no_wait, no_fence };

template <EpochFault fault>
class Epochs {
  public:
    void enter(std::size_t reader) {
        readers_[reader].store(epoch_.load(relaxed), release);
        if (fault != EpochFault::no_fence) std::atomic_thread_fence(seq_cst);
    }
    void leave(std::size_t reader) { readers_[reader].store(outside, release); }
    /// Waits until all that read now have left.
    void synchronize() {
        if (fault == EpochFault::no_wait) return;
        const unsigned next = epoch_.fetch_add(1, seq_cst) + 1;
        std::atomic_thread_fence(seq_cst);
        for (const auto& reader : readers_)
            for (unsigned since = 0; (since = reader.load(acquire)) != outside && since < next;)
                std::this_thread::yield();
    }

  private:
    static constexpr unsigned outside = 0;
    std::atomic<unsigned> epoch_{1};
    std::array<std::atomic<unsigned>, 2> readers_{};
};

template <EpochFault fault>
void replace_while_two_read() {
    Epochs<fault> epochs;
    std::atomic<int*> shared{new int(1)};
    const auto read = [&](std::size_t reader) {
        epochs.enter(reader);
        assert(*shared.load(acquire) > 0);
        epochs.leave(reader);
    };
    std::thread first(read, 0), second(read, 1);
    const int* const old = shared.exchange(new int(2), acq_rel);
    epochs.synchronize();
    delete old;
    first.join(), second.join();
    delete shared.load(relaxed);
}
HEDDLE_TEST(EpochsKeepWhatIsRead) { replace_while_two_read<EpochFault::none>(); }
HEDDLE_BROKEN_TEST(WriterThatDoesNotWait, use_after_free) { replace_while_two_read<EpochFault::no_wait>(); }
HEDDLE_BROKEN_TEST(ReaderWhoseEpochIsSeenTooLate, use_after_free) { replace_while_two_read<EpochFault::no_fence>(); }

}  // namespace
