// The bodies of simple_queue.hpp.
#pragma once

#include <heddle/simple_queue.hpp>

namespace heddle {

template <Platform P, class T>
template <class U>
requires std::constructible_from<T, U&&>
inline void BasicSimpleQueue<P, T>::put(U&& item) {
    auto node = std::make_unique<Node>(std::forward<U>(item));
    const std::scoped_lock guard(lock_);
    append(node.release());
    not_empty_.notify_one();
}

template <Platform P, class T>
inline T BasicSimpleQueue<P, T>::get(bool block, const std::optional<Seconds>& timeout) {
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

template <Platform P, class T>
inline auto BasicSimpleQueue<P, T>::wait_for_first(bool block, Deadline deadline) -> std::unique_ptr<Node> {
    const std::scoped_lock guard(lock_);
    for (bool in_time = block; is_empty() && in_time;) in_time = not_empty_.wait(lock_, deadline);
    if (is_empty()) throw Empty();
    return std::unique_ptr<Node>(take_first());
}

template <Platform P, class T>
inline void BasicSimpleQueue<P, T>::append(Node* node) {
    touched_.write();
    (first_ == nullptr ? first_ : last_->next) = node;
    last_ = node;
    ++size_;
}

template <Platform P, class T>
inline void BasicSimpleQueue<P, T>::prepend(Node* node) {
    touched_.write();
    if (first_ == nullptr) last_ = node;
    node->next = std::exchange(first_, node);
    ++size_;
}

template <Platform P, class T>
inline auto BasicSimpleQueue<P, T>::take_first() -> Node* {
    touched_.write();
    if (first_ == nullptr) return nullptr;
    --size_;
    return std::exchange(first_, first_->next);
}

}  // namespace heddle
