// Textbook structures that keep pointers in atomics, each with one order that a program may get wrong.
#pragma once

#include <heddle/checker/model.hpp>

/// The program is built as it was when it failed, as a broken twin or unexpectedly, and with the order that it needs.
#if defined(HEDDLE_POINTERS_FIXED)
#    define HEDDLE_POINTER_MODEL(Name, kind, wrong, right) HEDDLE_MODEL_OF(Name, Name##With, std::memory_order_##right)
#elif defined(HEDDLE_POINTERS_RED)
#    define HEDDLE_POINTER_MODEL(Name, kind, wrong, right) HEDDLE_MODEL_OF(Name, Name##With, std::memory_order_##wrong)
#else
#    define HEDDLE_POINTER_MODEL(Name, kind, wrong, right) \
        HEDDLE_BROKEN_MODEL_OF(Name, ::heddle::failure::kind, Name##With, std::memory_order_##wrong)
#endif

namespace heddle::pointers {

inline constexpr auto relaxed = std::memory_order_relaxed;
inline constexpr auto acquire = std::memory_order_acquire;
inline constexpr auto release = std::memory_order_release;
inline constexpr auto acq_rel = std::memory_order_acq_rel;
inline constexpr auto seq_cst = std::memory_order_seq_cst;

template <Platform P>
struct Node {
    explicit Node(int value) : data(value, "data") {}
    typename P::template plain<int> data;
    typename P::template atomic<Node*> next{nullptr, "next"};
};

template <Platform P, int count = 2>
struct Structure {
    static constexpr auto claim = "what a pointer leads to is complete, and lives";
    static constexpr int threads = count;
    using Node = pointers::Node<P>;
    using Pointer = typename P::template atomic<Node*>;
    template <class T>
    using atomic = typename P::template atomic<T>;
    template <class T>
    using plain = typename P::template plain<T>;
};

/// One that owns the nodes, which its threads have made.
template <Platform P, int count = 2>
struct Kept : Structure<P, count> {
    using typename Structure<P, count>::Node;
    Node* nodes[count] = {};
    Node* make(int index) { return nodes[index] = new Node(index + 1); }
    Kept() = default;
    Kept(const Kept&) = delete;
    Kept& operator=(const Kept&) = delete;
    ~Kept() {
        for (Node* const node : nodes) delete node;
    }
};

}  // namespace heddle::pointers
