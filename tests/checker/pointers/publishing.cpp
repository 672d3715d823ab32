// Objects that are handed over by a pointer: who finds it must find what was made.
#include <utility>

#include "pointers.hpp"

namespace heddle::pointers {

template <Platform P, std::memory_order order>
struct PublishWith : Kept<P> {
    typename Kept<P>::Pointer shared{nullptr, "shared"};
    void thread(int index) {
        if (index == 0) shared.store(this->make(0), order);
        else if (auto* const found = shared.load(acquire)) found->data.read();
    }
};
HEDDLE_POINTER_MODEL(Publish, data_race, relaxed, release);

template <Platform P, std::memory_order order>
struct SubscribeWith : Kept<P> {
    typename Kept<P>::Pointer shared{nullptr, "shared"};
    void thread(int index) {
        if (index == 0) shared.store(this->make(0), release);
        else if (auto* const found = shared.load(order)) found->next.load(relaxed);
    }
};
HEDDLE_POINTER_MODEL(Subscribe, uninitialised_read, relaxed, acquire);

/// Whoever finds nothing makes it; who comes too late throws its own away.
template <Platform P, std::memory_order order>
struct LazyWith : Structure<P> {
    using typename Structure<P>::Node;
    typename Structure<P>::Pointer instance{nullptr, "instance"};
    void thread(int index) {
        Node* found = instance.load(acquire);
        if (found == nullptr) {
            auto* const mine = new Node(index);
            if (instance.compare_exchange_strong(found, mine, order, acquire)) found = mine;
            else delete mine;
        }
        found->data.read();
    }
    void after() { delete instance.load(relaxed); }
};
HEDDLE_POINTER_MODEL(Lazy, data_race, relaxed, release);

template <Platform P, std::memory_order order>
struct StackPushWith : Kept<P> {
    typename Kept<P>::Pointer head{nullptr, "head"};
    void thread(int index) {
        if (index == 0) {
            auto* const node = this->make(0);
            auto* top = head.load(relaxed);
            do node->next.store(top, relaxed);
            while (!head.compare_exchange_weak(top, node, order, relaxed));
        } else if (auto* const top = head.load(acquire)) {
            top->data.read();
        }
    }
};
HEDDLE_POINTER_MODEL(StackPush, data_race, relaxed, release);

template <Platform P, std::memory_order order>
struct StackPopWith : Kept<P> {
    typename Kept<P>::Pointer head{nullptr, "head"};
    void thread(int index) {
        if (index == 0) {
            head.store(this->make(0), release);
        } else if (auto* top = head.load(relaxed)) {
            if (head.compare_exchange_strong(top, nullptr, order, relaxed)) top->data.write(9);
        }
    }
};
HEDDLE_POINTER_MODEL(StackPop, data_race, relaxed, acquire);

/// All nodes are taken at once.
template <Platform P, std::memory_order order>
struct PopAllWith : Kept<P, 3> {
    typename Kept<P, 3>::Pointer head{nullptr, "head"};
    void thread(int index) {
        if (index == 2) {
            for (auto* at = head.exchange(nullptr, order); at != nullptr; at = at->next.load(relaxed)) at->data.read();
            return;
        }
        auto* const node = this->make(index);
        auto* top = head.load(relaxed);
        do node->next.store(top, relaxed);
        while (!head.compare_exchange_strong(top, node, release, relaxed));
    }
};
HEDDLE_POINTER_MODEL(PopAll, data_race, relaxed, acquire);

template <Platform P, std::memory_order order>
struct MailboxWith : Kept<P> {
    typename Kept<P>::Pointer box{nullptr, "box"};
    void thread(int index) {
        if (auto* const other = box.exchange(this->make(index), order)) other->data.write(0);
    }
};
HEDDLE_POINTER_MODEL(Mailbox, data_race, release, acq_rel);

/// A queue of one producer: a node is linked to the one before it.
template <Platform P, std::memory_order order>
struct LinkWith : Kept<P> {
    using typename Kept<P>::Node;
    Node first{0};
    void thread(int index) {
        if (index == 0) first.next.store(this->make(0), order);
        else if (auto* const next = first.next.load(acquire)) next->data.write(2);
    }
};
HEDDLE_POINTER_MODEL(Link, data_race, relaxed, release);

/// A queue of several producers (Vyukov): the tail is exchanged, then the node before is linked.
template <Platform P, std::memory_order order>
struct ProducersWith : Kept<P, 3> {
    using typename Kept<P, 3>::Node;
    Node first{0};
    typename Kept<P, 3>::Pointer tail{&first, "tail"};
    void thread(int index) {
        if (index == 2) {
            if (auto* const next = first.next.load(acquire)) next->data.read();
            return;
        }
        auto* const node = this->make(index);
        auto* const before = tail.exchange(node, order);
        before->data.read();
        before->next.store(node, release);
    }
};
HEDDLE_POINTER_MODEL(Producers, data_race, relaxed, acq_rel);

/// Behind a node that was not handed over completely another one is linked.
template <Platform P, std::memory_order order>
struct AppendWith : Kept<P> {
    using typename Kept<P>::Node;
    typename Kept<P>::Pointer tail{nullptr, "tail"};
    void thread(int index) {
        auto* const node = this->make(index);
        if (auto* const before = tail.exchange(node, order)) before->next.store(node, release);
    }
};
HEDDLE_POINTER_MODEL(Append, uninitialised_read, relaxed, acq_rel);

/// Two buffers: the writer fills the one that nobody reads, and turns the pointer.
template <Platform P, std::memory_order order>
struct TwoBuffersWith : Structure<P> {
    using typename Structure<P>::Node;
    Node buffers[2] = {Node(0), Node(0)};
    typename Structure<P>::Pointer current{&buffers[0], "current"};
    void thread(int index) {
        if (index == 0) {
            buffers[1].data.write(1);
            current.store(&buffers[1], order);
        } else {
            current.load(acquire)->data.read();
        }
    }
};
HEDDLE_POINTER_MODEL(TwoBuffers, data_race, relaxed, release);

/// A future: the result is where the pointer says, and who waits is woken.
template <Platform P, std::memory_order order>
struct FutureWith : Kept<P> {
    typename Kept<P>::Pointer result{nullptr, "result"};
    void thread(int index) {
        if (index == 0) {
            result.store(this->make(0), release);
            result.notify_one();
        } else {
            result.wait(nullptr, order);
            result.load(relaxed)->data.read();
        }
    }
};
HEDDLE_POINTER_MODEL(Future, data_race, relaxed, acquire);

/// A tag in the lowest bit says that the node is filled.
template <Platform P, std::memory_order order>
struct TaggedWith : Structure<P> {
    using typename Structure<P>::Node;
    Node node{0};
    typename Structure<P>::template atomic<std::uintptr_t> tagged{reinterpret_cast<std::uintptr_t>(&node), "tagged"};
    void thread(int index) {
        if (index == 0) {
            node.data.write(1);
            tagged.fetch_or(1, order);
        } else if (const auto seen = tagged.load(acquire); (seen & 1) != 0) {
            // NOLINTNEXTLINE(performance-no-int-to-ptr): the pointer without its tag
            reinterpret_cast<Node*>(seen & ~std::uintptr_t{1})->data.read();
        }
    }
};
HEDDLE_POINTER_MODEL(Tagged, data_race, relaxed, release);

}  // namespace heddle::pointers
