// First in, first out: the order of a Queue.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <type_traits>
#include <utility>

#include <heddle/detail/cache_line.hpp>
#include <heddle/detail/take_out.hpp>

namespace heddle {

/// Items in the order in which they came. They lie in chunks, so that none has to be moved when more come; a small item that
/// finds the queue empty lies beside its size instead, so that a hand-over through one slot moves no further cache line.
template <class T>
class Fifo {
  public:
    Fifo() = default;
    Fifo(const Fifo&) = delete;
    Fifo& operator=(const Fifo&) = delete;
    ~Fifo() {
        clear();
        delete newest_;
        delete spare_;
    }

    template <class U>
    void push(U&& item) {
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

    T pop() {
        return detail::take_out(first(), [this] { remove_first(); });
    }

    std::size_t size() const noexcept { return size_; }

    void clear() noexcept {
        while (size_ != 0) remove_first();
    }

  private:
    static constexpr std::size_t chunk_bytes = 512;
    static constexpr std::uint16_t chunk_items = sizeof(T) < chunk_bytes ? chunk_bytes / sizeof(T) : 1;

    struct Chunk {
        Chunk() {}
        Chunk(const Chunk&) = delete;
        Chunk& operator=(const Chunk&) = delete;
        ~Chunk() {}

        Chunk* next = nullptr;  ///< the next newer one; read only if there is one
        union {
            T items[chunk_items];  ///< those between begin_ and end_ live
        };
    };

    static constexpr bool has_slot = sizeof(T) <= detail::cache_line / 2;  // the rest is what else a Queue changes

    struct NoSlot {};
    union Slot {
        Slot() {}
        Slot(const Slot&) = delete;
        Slot& operator=(const Slot&) = delete;
        ~Slot() {}

        T item;  ///< lives while begins_in_slot_
    };

    T& first() noexcept {
        if constexpr (has_slot)
            if (begins_in_slot_) return slot_.item;
        return oldest_->items[begin_];
    }

    // Out of line, so that a push with room in its chunk stays short.
    template <class U>
    [[gnu::noinline]] void push_to_new_chunk(U&& item) {
        if (spare_ == nullptr) spare_ = new Chunk;
        std::construct_at(&spare_->items[0], std::forward<U>(item));
        Chunk* const chunk = std::exchange(spare_, nullptr);
        (oldest_ == nullptr ? oldest_ : newest_->next) = chunk;
        newest_ = chunk;
        end_ = 1;
        ++size_;
    }

    void remove_first() noexcept {
        std::destroy_at(&first());
        --size_;
        if (std::exchange(begins_in_slot_, false)) return;
        ++begin_;
        if (size_ == 0) begin_ = end_ = 0;
        else if (begin_ == chunk_items) leave_chunk();
    }

    [[gnu::noinline]] void leave_chunk() noexcept {
        Chunk* const left = std::exchange(oldest_, oldest_->next);
        delete std::exchange(spare_, left);
        begin_ = 0;
    }

    std::size_t size_ = 0;
    std::uint16_t begin_ = 0;          // the first item, in the oldest chunk
    std::uint16_t end_ = chunk_items;  // behind the last one, in the newest chunk; without a chunk there is no room
    bool begins_in_slot_ = false;      // an item in the slot is older than those in chunks
    [[no_unique_address]] std::conditional_t<has_slot, Slot, NoSlot> slot_;
    Chunk* oldest_ = nullptr;
    Chunk* newest_ = nullptr;
    Chunk* spare_ = nullptr;  // for the next one that is needed
};

}  // namespace heddle
