// First in, first out: the order of a Queue.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>

#include <heddle/detail/take_out.hpp>

namespace heddle {

/// Items in the order in which they came. They lie in chunks, so that none has to be moved when more come; one that runs
/// empty begins its chunk anew, so that a queue which is mostly empty keeps to the same cache line.
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
        if (end_ == chunk_items) return push_to_new_chunk(std::forward<U>(item));
        std::construct_at(&newest_->items[end_], std::forward<U>(item));
        ++end_;
        ++size_;
    }

    T pop() {
        return detail::take_out(oldest_->items[begin_], [this] { remove_first(); });
    }

    std::size_t size() const noexcept { return size_; }

    void clear() noexcept {
        while (size_ != 0) remove_first();
    }

  private:
    static constexpr std::size_t chunk_bytes = 512;
    static constexpr std::uint32_t chunk_items = sizeof(T) < chunk_bytes ? chunk_bytes / sizeof(T) : 1;

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
        std::destroy_at(&oldest_->items[begin_]);
        ++begin_;
        --size_;
        if (size_ == 0) begin_ = end_ = 0;
        else if (begin_ == chunk_items) leave_chunk();
    }

    [[gnu::noinline]] void leave_chunk() noexcept {
        Chunk* const left = std::exchange(oldest_, oldest_->next);
        delete std::exchange(spare_, left);
        begin_ = 0;
    }

    Chunk* oldest_ = nullptr;
    Chunk* newest_ = nullptr;
    Chunk* spare_ = nullptr;           // for the next one that is needed
    std::uint32_t begin_ = 0;          // the first item, in the oldest chunk
    std::uint32_t end_ = chunk_items;  // behind the last one, in the newest chunk; without a chunk there is no room
    std::size_t size_ = 0;
};

}  // namespace heddle
