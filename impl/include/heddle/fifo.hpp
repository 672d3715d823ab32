// First in, first out: the order of a Queue.
//
// ```cpp
// heddle::Fifo<int> items;
// items.push(1);
// items.push(2);
// EXPECT_EQ(items.pop(), 1);
// EXPECT_EQ(items.size(), 1U);
// ```
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

    /// Adds `item`. Requires: no other call is under way. Returns: nothing. Errors: what making a T, throws, and
    /// std::bad_alloc; then nothing has changed. Visibility: none. Source: none.
    template <class U>
    void push(U&& item);

    /// Requires: it is not empty; no other call is under way. Returns: the oldest item, which is in it no longer.
    /// Errors: what moving a T throws; then nothing has changed. Visibility: none. Source: none.
    T pop() {
        return detail::take_out(first(), [this] { remove_first(); });
    }

    /// Requires: no call that changes it is under way. Returns: how many items there are. Errors: none. Visibility:
    /// none. Source: none.
    std::size_t size() const noexcept { return size_; }

    /// Drops every item. Requires: no other call is under way. Returns: nothing. Errors: none. Visibility: none.
    /// Source: none.
    void clear() noexcept {
        while (size_ != 0) remove_first();
    }

  private:
    static constexpr std::size_t chunk_bytes = 512;
    static constexpr std::uint16_t chunk_items = sizeof(T) < chunk_bytes ? chunk_bytes / sizeof(T) : 1;

    // NOLINTBEGIN(modernize-use-equals-default): such ones are deleted, where T has its own
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
    // NOLINTEND(modernize-use-equals-default)

    T& first() noexcept {
        if constexpr (has_slot)
            if (begins_in_slot_) return slot_.item;
        return oldest_->items[begin_];
    }

    // Out of line, so that a push with room in its chunk stays short.
    template <class U>
    [[gnu::noinline]] void push_to_new_chunk(U&& item);

    void remove_first() noexcept;

    [[gnu::noinline]] void leave_chunk() noexcept;

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

#include <heddle/fifo.inl>
