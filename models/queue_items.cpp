// Queue and RingQueue: what becomes of items and of the memory that they lie in.
#include <cstddef>
#include <optional>
#include <utility>

#include <heddle/checker/model.hpp>
#include <heddle/queue.hpp>
#include <heddle/ring_queue.hpp>

namespace heddle::models {

// Each item is counted while it lives. The third slot is the last one, so that positions go round.
template <Platform P, template <Platform, class> class AnyQueue>
struct LivesOfItems {
    static constexpr auto claim = "an item is destroyed once, when it was got or its queue ends";
    static constexpr auto invariants = "INV-LIFE";
    static constexpr int threads = 1;
    static constexpr unsigned spurious_wakeups = 0;
    static constexpr bool locks_by_specification = true;
    struct Item {
        Item(LivesOfItems& counts, int number) : home(counts), value(number) { ++home.alive; }
        Item(Item&& other) noexcept : Item(other.home, std::exchange(other.value, 0)) {}
        Item& operator=(Item&&) = delete;
        ~Item() { --home.alive; }
        LivesOfItems& home;
        int value;
    };
    int alive = 0;
    std::optional<AnyQueue<P, Item>> queue;

    void thread(int) {
        queue.emplace(3);
        for (const int number : {1, 2, 3}) queue->put(Item(*this, number));
        for (const int number : {1, 2}) check(queue->get().value == number, "items come in order");
        check(alive == 1, "those that were got are gone");
        for (const int number : {4, 5}) queue->put(Item(*this, number));
        check(queue->get().value == 3, "items come in order");
        check(alive == 2, "the others wait");
        queue.reset();
        check(alive == 0, "those that were left are gone");
    }
};

template <Platform P, class T>
struct RingOf : BasicRingQueue<P, T> {
    using BasicRingQueue<P, T>::BasicRingQueue;
};
template <Platform P>
struct RingQueueDestroysItsItems : LivesOfItems<P, RingOf> {};
HEDDLE_MODEL(RingQueueDestroysItsItems);

template <Platform P, class T>
struct QueueOf : BasicQueue<P, T> {
    using BasicQueue<P, T>::BasicQueue;
};
template <Platform P>
struct QueueDestroysItsItems : LivesOfItems<P, QueueOf> {};
HEDDLE_MODEL(QueueDestroysItsItems);

// Leaves what it holds.
template <Platform P, class T>
struct OutlivedByItems : BasicRingQueue<P, T> {
    using BasicRingQueue<P, T>::BasicRingQueue;
    ~OutlivedByItems() {
        // NOLINTNEXTLINE(bugprone-unhandled-exception-at-new): without memory for it there is no model either
        while (!this->empty()) new T(this->get());
    }
};
template <Platform P>
struct RingQueueLeavesItsItems : LivesOfItems<P, OutlivedByItems> {
    static constexpr auto breaks = "INV-LIFE";
    static constexpr auto fails_at = "those that were left are gone";
};
HEDDLE_BROKEN_MODEL(RingQueueLeavesItsItems, failure::assertion);

// Two of these fill a chunk of memory.
struct Large {
    int value;
    std::byte rest[196];
};
template <Platform P, class Discipline = Fifo<Large>>
struct ManyLargeItems {
    static constexpr auto claim = "a Queue gives large items in order, and its memory back when it ends";
    static constexpr auto invariants = "INV-LIFE INV-Q-PPFIFO";
    static constexpr int threads = 1;
    static constexpr unsigned spurious_wakeups = 0;
    static constexpr bool locks_by_specification = true;
    BasicQueue<P, Large, Discipline> queue;
    int last_put = 0;
    int last_got = 0;

    // More chunks than one become free before one is needed, and all of them before a last one.
    void thread(int) {
        put(7);
        get(6);
        put(3);
        get(4);
        put(3);
        get(2);
    }
    void put(int items) {
        for (int n = 0; n != items; ++n) queue.put(Large{.value = ++last_put, .rest = {}});
    }
    void get(int items) {
        for (int n = 0; n != items; ++n) check(queue.get_nowait().value == ++last_got, "items come in order");
    }
};

template <Platform P>
struct QueueFreesItsMemory : ManyLargeItems<P> {};
HEDDLE_MODEL(QueueFreesItsMemory);

// Keeps each item by itself, and for ever.
class FreesNothing {
  public:
    void push(const Large& item) {
        Node*& end = first_ == nullptr ? first_ : last_->next;
        last_ = end = new Node{.item = item};
        ++size_;
    }
    Large pop() { return --size_, std::exchange(first_, first_->next)->item; }
    std::size_t size() const { return size_; }
    void clear() { first_ = nullptr; }

  private:
    struct Node {
        Large item;
        Node* next = nullptr;
    };
    Node* first_ = nullptr;
    Node* last_ = nullptr;
    std::size_t size_ = 0;
};
template <Platform P>
struct QueueFreesNothing : ManyLargeItems<P, FreesNothing> {
    static constexpr auto breaks = "INV-LIFE";
};
HEDDLE_BROKEN_MODEL(QueueFreesNothing, failure::leak);

}  // namespace heddle::models
