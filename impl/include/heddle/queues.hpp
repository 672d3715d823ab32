// LifoQueue and PriorityQueue: Queue with other orders.
//
// ```cpp
// heddle::PriorityQueue<int> least;
// heddle::LifoQueue<int> latest;
// for (const int item : {2, 1, 3}) least.put(item), latest.put(item);
// EXPECT_EQ(least.get(), 1);
// EXPECT_EQ(latest.get(), 3);
// ```
#pragma once

#include <array>
#include <cstddef>
#include <exception>
#include <functional>
#include <limits>
#include <utility>
#include <vector>

#include <heddle/queue.hpp>

namespace heddle {

/// Last in, first out.
template <class T>
class Lifo {
  public:
    /// Adds `item`. Requires: no other call is under way. Returns: nothing. Errors: what making a T, throws, and
    /// std::bad_alloc; then nothing has changed. Visibility: none. Source: none.
    template <class U>
    void push(U&& item) {
        items_.push_back(std::forward<U>(item));
    }
    /// Requires: it is not empty; no other call is under way. Returns: the latest item, which is in it no longer.
    /// Errors: what moving a T throws; then nothing has changed. Visibility: none. Source: none.
    T pop() {
        return detail::take_out(items_.back(), [this] { items_.pop_back(); });
    }
    /// Requires: no call that changes it is under way. Returns: how many items there are. Errors: none. Visibility:
    /// none. Source: none.
    std::size_t size() const noexcept { return items_.size(); }
    /// Drops every item. Requires: no other call is under way. Returns: nothing. Errors: none. Visibility: none.
    /// Source: none.
    void clear() noexcept { items_.clear(); }

  private:
    std::vector<T> items_;
};

/// Least first, by `Less`; the order of equal ones is open. A comparison that throws changes nothing (docs/decisions/0004-semantics.md, D3).
/// Requires: moving a T does not throw; comparing does not change what it compares.
template <class T, class Less = std::less<T>>
class LeastFirst {
  public:
    /// Requires: nothing. Returns: an empty one that compares by `less`. Errors: what moving a Less throws.
    /// Visibility: none. Source: none.
    explicit LeastFirst(Less less = {}) : less_(std::move(less)) {}

    /// Adds `item`. Requires: no other call is under way. Returns: nothing. Errors: what making a T, or comparing,
    /// throws, and std::bad_alloc; then nothing has changed. Visibility: none. Source: none.
    template <class U>
    void push(U&& item);

    /// Requires: it is not empty; no other call is under way. Returns: the least item, which is in it no longer.
    /// Errors: what comparing throws; then nothing has changed. Visibility: none. Source: none.
    T pop();

    /// Requires: no call that changes it is under way. Returns: how many items there are. Errors: none. Visibility:
    /// none. Source: none.
    std::size_t size() const noexcept { return items_.size(); }
    /// Drops every item. Requires: no other call is under way. Returns: nothing. Errors: none. Visibility: none.
    /// Source: none.
    void clear() noexcept { items_.clear(); }

  private:
    // A binary heap: no item is less than its parent. Both ways through it compare first and move afterwards.
    using Path = std::array<std::size_t, std::numeric_limits<std::size_t>::digits>;
    static constexpr std::size_t parent_of(std::size_t at) { return (at - 1) / 2; }

    void rise();

    // Where the gap that the first item leaves goes, until the last item fits into it.
    std::size_t path_of_gap(Path& path) const;

    void close_gap(const Path& path, std::size_t length);

    [[no_unique_address]] Less less_;
    std::vector<T> items_;
};

/// A Queue that gives the latest item first. Source: Python 3.13 queue.LifoQueue.
template <Platform P, class T>
using BasicLifoQueue = BasicQueue<P, T, Lifo<T>>;
template <class T>
using LifoQueue = BasicLifoQueue<StdPlatform, T>;

/// A Queue that gives the least item first, by `Less`. Source: Python 3.13 queue.PriorityQueue.
template <Platform P, class T, class Less = std::less<T>>
using BasicPriorityQueue = BasicQueue<P, T, LeastFirst<T, Less>>;
template <class T, class Less = std::less<T>>
using PriorityQueue = BasicPriorityQueue<StdPlatform, T, Less>;

}  // namespace heddle

#include <heddle/queues.inl>
