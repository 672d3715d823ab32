// SimpleQueue: an unbounded FIFO queue whose items may use it.
//
// ```cpp
// heddle::SimpleQueue<int> queue;
// heddle::Thread producer([&] { queue.put(42); });
// producer.start();
// EXPECT_EQ(queue.get(true, std::chrono::seconds(10)), 42);
// producer.join();
// ```
#pragma once

#include <concepts>
#include <cstddef>
#include <exception>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

#include <heddle/detail/wait_point.hpp>
#include <heddle/errors.hpp>
#include <heddle/lock.hpp>
#include <heddle/timeout.hpp>

namespace heddle {

/// An unbounded FIFO queue without tasks or shutdown. No code of T runs while its lock is held, so a copy, move or
/// destructor of an item may use the same queue.
/// It may be destroyed in any state, but not during a call by another thread. Source: Python 3.13 queue.SimpleQueue.
template <Platform P, class T>
class BasicSimpleQueue {
  public:
    BasicSimpleQueue() = default;
    BasicSimpleQueue(const BasicSimpleQueue&) = delete;
    BasicSimpleQueue& operator=(const BasicSimpleQueue&) = delete;
    ~BasicSimpleQueue() {
        while (const std::unique_ptr<Node> node{take_first()}) {
        }
    }

    /// Adds `item`. Never waits. Requires: nothing. Returns: nothing.
    /// Errors: std::bad_alloc, and whatever copying or moving T throws; then nothing has changed.
    /// Visibility: happens-before the get() that returns the item. Source: Python 3.13 SimpleQueue.put.
    template <class U = T>
    requires std::constructible_from<T, U&&>
    void put(U&& item);
    /// As put().
    template <class U = T>
    requires std::constructible_from<T, U&&>
    void put_nowait(U&& item) { put(std::forward<U>(item)); }

    /// Takes the oldest item, waiting for one if `block`, for at most `timeout` (nullopt: for ever; zero: one try).
    /// Requires: nothing. Returns: the item.
    /// Errors: if `block`, ValueError for a negative or NaN time-out and OverflowError above timeout_max, even with an
    /// item; Empty if none comes in time; whatever moving T throws, and then the item is the oldest again.
    /// Visibility: the put() of the item happens-before the return. Source: Python 3.13 SimpleQueue.get.
    T get(bool block = true, const std::optional<Seconds>& timeout = std::nullopt);

    /// As get(false).
    T get_nowait() { return get(false); }

    /// Requires: nothing. Returns: the number of queued items at some instant during the call. Errors: none.
    /// Visibility: none promised. Source: Python 3.13 SimpleQueue.qsize.
    [[nodiscard]] std::size_t qsize() const {
        const std::scoped_lock guard(lock_);
        touched_.read();
        return size_;
    }

    /// Requires: nothing. Returns: whether no item was queued at some instant during the call. Errors: none.
    /// Visibility: none promised. Source: Python 3.13 SimpleQueue.empty.
    [[nodiscard]] bool empty() const { return qsize() == 0; }

  private:
    struct Node {
        template <class U>  // NOLINTNEXTLINE(bugprone-forwarding-reference-overload): nobody copies a node
        explicit Node(U&& value) : item(std::forward<U>(value)) {}
        T item;
        Node* next = nullptr;
    };

    std::unique_ptr<Node> wait_for_first(bool block, Deadline deadline);

    // What follows requires lock_.
    bool is_empty() const {
        touched_.read();
        return first_ == nullptr;
    }
    void append(Node* node);
    void prepend(Node* node);
    Node* take_first();

    mutable BasicLock<P> lock_;
    detail::WaitPoint<P> not_empty_{"SimpleQueue.not_empty"};
    [[no_unique_address]] typename P::region touched_{"SimpleQueue.items"};  // stands for the nodes
    Node* first_ = nullptr;
    Node* last_ = nullptr;
    std::size_t size_ = 0;
};

/// The SimpleQueue of programs.
template <class T>
using SimpleQueue = BasicSimpleQueue<StdPlatform, T>;

}  // namespace heddle

#include <heddle/simple_queue.inl>
