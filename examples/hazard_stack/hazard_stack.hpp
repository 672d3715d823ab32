// A stack without a lock whose nodes are freed as soon as nobody can be looking at them.
// Sources: Treiber, IBM RJ 5118, 1986 (the stack); Michael, IEEE TPDS 15(6), 2004 (hazard pointers).
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <optional>
#include <vector>

#include <heddle/platform/platform.hpp>
#include <heddle/platform/std_platform.hpp>

namespace mine {

/// A stack of numbers for `threads` threads, which have numbers of their own. It may be destroyed when nobody uses it.
template <heddle::Platform P, std::size_t threads>
class BasicHazardStack {
  public:
    BasicHazardStack() = default;
    BasicHazardStack(const BasicHazardStack&) = delete;
    BasicHazardStack& operator=(const BasicHazardStack&) = delete;
    ~BasicHazardStack() {
        while (pop(0)) {
        }
        for (const Own& own : own_)
            for (Node* const node : own.retired) delete node;
    }

    void push(int value) {
        // Relaxed: the compare-exchange decides.
        auto* const node = new Node(value, head_.load(std::memory_order_relaxed));
        Node* top = node->next.read();
        // Release on success: synchronizes-with the load in protect. Relaxed on failure: it is tried again.
        while (!head_.compare_exchange_weak(top, node, std::memory_order_release, std::memory_order_relaxed))
            node->next.write(top);
    }

    /// Returns: the number on top; nullopt if the stack is empty. `me`: the number of the calling thread.
    std::optional<int> pop(std::size_t me) {
        Node* top = protect(me);
        // Seq_cst: the total order of this and the four accesses in protect and is_in_use: whoever still finds the node on top
        // has its hazard seen by who takes it off. Relaxed on failure: protect looks again.
        while (top != nullptr && !head_.compare_exchange_weak(top, top->next.read(), std::memory_order_seq_cst,
                                                              std::memory_order_relaxed))
            top = protect(me);
        std::optional<int> value;
        if (top != nullptr) value = top->value.read();
        // Release: synchronizes-with the load in is_in_use, after which the node may be freed.
        own_[me].hazard.store(nullptr, std::memory_order_release);
        if (top != nullptr) retire(me, top);
        return value;
    }

  private:
    struct Node {
        Node(int its_value, Node* its_next) : value(its_value, "value"), next(its_next, "next") {}
        typename P::template plain<int> value;
        typename P::template plain<Node*> next;
    };

    /// What belongs to one thread.
    struct Own {
        typename P::template atomic<Node*> hazard{nullptr, "hazard"};  // nobody may free this node
        std::vector<Node*> retired;                                    // off the stack, but others may look at them
    };

    /// Returns: the node on top, which nobody frees until the hazard of `me` changes; null if there is none.
    Node* protect(std::size_t me) {
        // Relaxed: the load below decides.
        Node* top = head_.load(std::memory_order_relaxed);
        while (top != nullptr) {
            // Seq_cst, twice: of the total order that pop explains. The load is an acquire, too: synchronizes-with the release
            // in push.
            own_[me].hazard.store(top, std::memory_order_seq_cst);
            Node* const still = head_.load(std::memory_order_seq_cst);
            if (still == top) break;
            top = still;
        }
        return top;
    }

    bool is_in_use(Node* node, std::size_t me) const {
        for (std::size_t other = 0; other != threads; ++other)
            // Seq_cst: of the total order that pop explains; as an acquire it synchronizes-with the release in pop.
            if (other != me && own_[other].hazard.load(std::memory_order_seq_cst) == node) return true;
        return false;
    }

    void retire(std::size_t me, Node* node) {
        auto& retired = own_[me].retired;
        retired.push_back(node);
        std::erase_if(retired, [&](Node* old) {
            if (is_in_use(old, me)) return false;
            delete old;
            return true;
        });
    }

    typename P::template atomic<Node*> head_{nullptr, "head"};
    std::array<Own, threads> own_;
};

template <std::size_t threads>
using HazardStack = BasicHazardStack<heddle::StdPlatform, threads>;

}  // namespace mine
