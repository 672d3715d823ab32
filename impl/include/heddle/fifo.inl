// The bodies of fifo.hpp.
#pragma once

#include <heddle/fifo.hpp>

namespace heddle {

template <class T>
template <class U>
inline void Fifo<T>::push(U&& item) {
    if constexpr (has_slot) {
        if (size_ == 0) {
            std::construct_at(&slot_.item, std::forward<U>(item));
            begins_in_slot_ = true;
            size_ = 1;
            return;
        }
    }
    if (end_ == chunk_items) return push_to_new_chunk(std::forward<U>(item));
    std::construct_at(&newest_->items[end_], std::forward<U>(item));
    ++end_;
    ++size_;
}

template <class T>
template <class U>
void Fifo<T>::push_to_new_chunk(U&& item) {
    if (spare_ == nullptr) spare_ = new Chunk;
    std::construct_at(&spare_->items[0], std::forward<U>(item));
    Chunk* const chunk = std::exchange(spare_, nullptr);
    (oldest_ == nullptr ? oldest_ : newest_->next) = chunk;
    newest_ = chunk;
    end_ = 1;
    ++size_;
}

template <class T>
inline void Fifo<T>::remove_first() noexcept {
    std::destroy_at(&first());
    --size_;
    if (std::exchange(begins_in_slot_, false)) return;
    ++begin_;
    if (size_ == 0) begin_ = end_ = 0;
    else if (begin_ == chunk_items) leave_chunk();
}

template <class T>
void Fifo<T>::leave_chunk() noexcept {
    Chunk* const left = std::exchange(oldest_, oldest_->next);
    delete std::exchange(spare_, left);
    begin_ = 0;
}

}  // namespace heddle
