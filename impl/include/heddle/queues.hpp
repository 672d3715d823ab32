// LifoQueue and PriorityQueue: Queue with other orders.
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
    template <class U>
    void push(U&& item) {
        items_.push_back(std::forward<U>(item));
    }
    T pop() {
        return detail::take_out(items_.back(), [this] { items_.pop_back(); });
    }
    std::size_t size() const noexcept { return items_.size(); }
    void clear() noexcept { items_.clear(); }

  private:
    std::vector<T> items_;
};

/// Least first, by `Less`; the order of equal ones is open. A comparison that throws changes nothing (docs/decisions/0004-semantics.md, D3).
/// Requires: moving a T does not throw; comparing does not change what it compares.
template <class T, class Less = std::less<T>>
class LeastFirst {
  public:
    explicit LeastFirst(Less less = {}) : less_(std::move(less)) {}

    template <class U>
    void push(U&& item) {
        items_.push_back(std::forward<U>(item));
        try {
            rise();
        } catch (...) {
            items_.pop_back();
            throw;
        }
    }

    T pop() {
        Path path;
        const std::size_t length = path_of_gap(path);
        return detail::take_out(items_.front(), [&] { close_gap(path, length); });
    }

    std::size_t size() const noexcept { return items_.size(); }
    void clear() noexcept { items_.clear(); }

  private:
    // A binary heap: no item is less than its parent. Both ways through it compare first and move afterwards.
    using Path = std::array<std::size_t, std::numeric_limits<std::size_t>::digits>;
    static constexpr std::size_t parent_of(std::size_t at) { return (at - 1) / 2; }

    void rise() {
        const std::size_t last = items_.size() - 1;
        std::size_t to = last;
        while (to != 0 && less_(items_[last], items_[parent_of(to)])) to = parent_of(to);
        if (to == last) return;
        T item = std::move(items_[last]);
        for (std::size_t at = last; at != to; at = parent_of(at)) items_[at] = std::move(items_[parent_of(at)]);
        items_[to] = std::move(item);
    }

    // Where the gap that the first item leaves goes, until the last item fits into it.
    std::size_t path_of_gap(Path& path) const {
        const std::size_t last = items_.size() - 1;
        std::size_t length = 0;
        for (std::size_t at = 0; 2 * at + 1 < last;) {
            std::size_t child = 2 * at + 1;
            if (child + 1 < last && less_(items_[child + 1], items_[child])) ++child;
            if (!less_(items_[child], items_[last])) break;
            path[length++] = child;
            at = child;
        }
        return length;
    }

    void close_gap(const Path& path, std::size_t length) {
        std::size_t gap = 0;
        for (std::size_t n = 0; n != length; ++n) {
            items_[gap] = std::move(items_[path[n]]);
            gap = path[n];
        }
        if (gap != items_.size() - 1) items_[gap] = std::move(items_.back());
        items_.pop_back();
    }

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
