// SimpleQueue: an unbounded FIFO queue whose items may use it.
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
    void put(U&& item) {
        auto node = std::make_unique<Node>(std::forward<U>(item));
        const std::scoped_lock guard(lock_);
        append(node.release());
        not_empty_.notify_one();
    }
    template <class U = T>
    requires std::constructible_from<T, U&&>
    void put_nowait(U&& item) { put(std::forward<U>(item)); }

    /// Takes the oldest item, waiting for one if `block`, for at most `timeout` (nullopt: for ever; zero: one try).
    /// Requires: nothing. Returns: the item.
    /// Errors: if `block`, ValueError for a negative or NaN time-out and OverflowError above timeout_max, even with an
    /// item; Empty if none comes in time; whatever moving T throws, and then the item is the oldest again.
    /// Visibility: the put() of the item happens-before the return. Source: Python 3.13 SimpleQueue.get.
    T get(bool block = true, const std::optional<Seconds>& timeout = std::nullopt) {
        Deadline deadline = Deadline::never();
        if (block) {
            detail::refuse_nan_and_negative(timeout);
            deadline = detail::deadline_after<P>(timeout);
        }
        std::unique_ptr<Node> node = wait_for_first(block, deadline);
        try {
            return T(std::move(node->item));
        } catch (...) {
            const std::scoped_lock guard(lock_);
            prepend(node.release());
            not_empty_.notify_one();
            throw;
        }
    }

    /// get(false).
    T get_nowait() { return get(false); }

    /// The number of queued items at some instant during the call. Errors: none. Visibility: none promised.
    [[nodiscard]] std::size_t qsize() const {
        const std::scoped_lock guard(lock_);
        touched_.read();
        return size_;
    }

    /// Whether no item was queued at some instant during the call. Errors: none. Visibility: none promised.
    [[nodiscard]] bool empty() const { return qsize() == 0; }

  private:
    struct Node {
        template <class U>
        explicit Node(U&& value) : item(std::forward<U>(value)) {}
        T item;
        Node* next = nullptr;
    };

    std::unique_ptr<Node> wait_for_first(bool block, Deadline deadline) {
        const std::scoped_lock guard(lock_);
        for (bool in_time = block; is_empty() && in_time;) in_time = not_empty_.wait(lock_, deadline);
        if (is_empty()) throw Empty();
        return std::unique_ptr<Node>(take_first());
    }

    // What follows requires lock_.
    bool is_empty() const {
        touched_.read();
        return first_ == nullptr;
    }
    void append(Node* node) {
        touched_.write();
        (first_ == nullptr ? first_ : last_->next) = node;
        last_ = node;
        ++size_;
    }
    void prepend(Node* node) {
        touched_.write();
        if (first_ == nullptr) last_ = node;
        node->next = std::exchange(first_, node);
        ++size_;
    }
    Node* take_first() {
        touched_.write();
        if (first_ == nullptr) return nullptr;
        --size_;
        return std::exchange(first_, first_->next);
    }

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
