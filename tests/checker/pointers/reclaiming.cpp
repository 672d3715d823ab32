// Objects that end: nobody may be left who has the pointer, and locks whose waiters are nodes.
#include "pointers.hpp"

namespace heddle::pointers {

/// The last owner deletes: what the other one did must come first.
template <Platform P, std::memory_order order>
struct CountedWith : Structure<P> {
    struct Object {
        typename P::template plain<int> data{0, "data"};
        typename P::template atomic<int> owners{2, "owners"};
    };
    typename P::template atomic<Object*> object{new Object, "object"};
    void thread(int index) {
        Object* const mine = object.load(relaxed);
        if (index == 0) mine->data.write(1);
        if (mine->owners.fetch_sub(1, order) == 1) delete mine;
    }
};
HEDDLE_POINTER_MODEL(Counted, use_after_free, relaxed, acq_rel);

/// A reader announces what it uses; who retires looks at that. Each stores, and then looks at what the other one stores: an
/// announcement that only releases may come after the look.
template <Platform P, std::memory_order order>
struct HazardWith : Structure<P> {
    using typename Structure<P>::Node;
    typename Structure<P>::Pointer shared{new Node(1), "shared"};
    typename Structure<P>::Pointer hazard{nullptr, "hazard"};
    Node* kept = nullptr;
    void thread(int index) {
        if (index == 0) {
            Node* const mine = shared.load(relaxed);
            hazard.store(mine, order);
            if (shared.load(seq_cst) == mine && mine != nullptr) mine->data.read();
            hazard.store(nullptr, release);
        } else {
            Node* const retired = shared.exchange(nullptr, seq_cst);
            if (hazard.load(seq_cst) != retired) delete retired;
            else kept = retired;
        }
    }
    void after() { delete kept; }
};
HEDDLE_POINTER_MODEL(Hazard, use_after_free, release, seq_cst);

/// A reader that says when it has done; the writer waits for that before it frees.
template <Platform P, std::memory_order order>
struct QuiescentWith : Structure<P> {
    using typename Structure<P>::Node;
    typename Structure<P>::Pointer shared{new Node(1), "shared"};
    typename P::template atomic<bool> done{false, "done"};
    void thread(int index) {
        if (index == 0) {
            if (Node* const mine = shared.load(acquire)) mine->data.read();
            done.store(true, order);
        } else {
            Node* const retired = shared.exchange(nullptr, acq_rel);
            while (!done.load(acquire)) P::yield();
            delete retired;
        }
    }
};
HEDDLE_POINTER_MODEL(Quiescent, use_after_free, relaxed, release);

/// A queue of waiters (Mellor-Crummey and Scott): the holder hands the lock to the node behind its own.
template <Platform P, std::memory_order order>
struct McsLockWith : Structure<P> {
    struct Waiter {
        typename P::template atomic<Waiter*> next{nullptr, "next"};
        typename P::template atomic<bool> granted{false, "granted"};
    };
    Waiter waiters[2];
    typename P::template atomic<Waiter*> tail{nullptr, "tail"};
    typename P::template plain<int> data{0, "data"};
    void thread(int index) {
        Waiter& mine = waiters[index];
        if (Waiter* const before = tail.exchange(&mine, acq_rel)) {
            before->next.store(&mine, release);
            while (!mine.granted.load(acquire)) P::yield();
        }
        data.write(index);
        Waiter* self = &mine;
        if (tail.compare_exchange_strong(self, nullptr, release, relaxed)) return;
        Waiter* next = nullptr;
        while ((next = mine.next.load(acquire)) == nullptr) P::yield();
        next->granted.store(true, order);
    }
};
HEDDLE_POINTER_MODEL(McsLock, data_race, relaxed, release);

/// The other queue (Craig; Landin and Hagersten): a thread waits for the node before its own.
template <Platform P, std::memory_order order>
struct ClhLockWith : Structure<P> {
    struct Waiter {
        typename P::template atomic<bool> held{true, "held"};
    };
    Waiter waiters[2];
    typename P::template atomic<Waiter*> tail{nullptr, "tail"};
    typename P::template plain<int> data{0, "data"};
    void thread(int index) {
        Waiter& mine = waiters[index];
        if (Waiter* const before = tail.exchange(&mine, acq_rel))
            while (before->held.load(order)) P::yield();
        data.write(index);
        mine.held.store(false, release);
    }
};
HEDDLE_POINTER_MODEL(ClhLock, data_race, relaxed, acquire);

/// A pointer that is locked by its lowest bit.
template <Platform P, std::memory_order order>
struct LockedPointerWith : Structure<P> {
    using typename Structure<P>::Node;
    Node node{0};
    typename P::template atomic<std::uintptr_t> word{reinterpret_cast<std::uintptr_t>(&node), "word"};
    void thread(int index) {
        while ((word.fetch_or(1, acquire) & 1) != 0) P::yield();
        node.data.write(index);
        word.store(reinterpret_cast<std::uintptr_t>(&node), order);
    }
};
HEDDLE_POINTER_MODEL(LockedPointer, data_race, relaxed, release);

/// A slot in which two threads exchange what they have.
template <Platform P, std::memory_order order>
struct ExchangerWith : Kept<P> {
    using typename Kept<P>::Node;
    typename Kept<P>::Pointer slot{nullptr, "slot"};
    void thread(int index) {
        Node* const mine = this->make(index);
        Node* other = nullptr;
        if (slot.compare_exchange_strong(other, mine, release, order)) return;
        other->data.write(7);
    }
};
HEDDLE_POINTER_MODEL(Exchanger, data_race, relaxed, acquire);

/// Memory that is freed to a list and taken from there.
template <Platform P, std::memory_order order>
struct FreeListWith : Structure<P> {
    using typename Structure<P>::Node;
    Node node{0};
    typename Structure<P>::Pointer free{nullptr, "free"};
    void thread(int index) {
        if (index == 0) {
            node.data.write(1);
            free.store(&node, order);
        } else if (Node* const mine = free.exchange(nullptr, acquire)) {
            mine->data.write(2);
        }
    }
};
HEDDLE_POINTER_MODEL(FreeList, data_race, relaxed, release);

/// A task with its argument, taken by whoever comes first.
template <Platform P, std::memory_order order>
struct StealWith : Kept<P, 3> {
    using typename Kept<P, 3>::Node;
    typename Kept<P, 3>::Pointer task{nullptr, "task"};
    void thread(int index) {
        if (index == 0) return task.store(this->make(0), order);
        Node* mine = task.load(acquire);
        if (mine != nullptr && task.compare_exchange_strong(mine, nullptr, relaxed, relaxed)) mine->data.write(index);
    }
};
HEDDLE_POINTER_MODEL(Steal, data_race, relaxed, release);

}  // namespace heddle::pointers
