// The bodies of queues.hpp.
#pragma once

#include <heddle/queues.hpp>

namespace heddle {

template <class T, class Less>
template <class U>
inline void LeastFirst<T, Less>::push(U&& item) {
    items_.push_back(std::forward<U>(item));
    try {
        rise();
    } catch (...) {
        items_.pop_back();
        throw;
    }
}

template <class T, class Less>
inline T LeastFirst<T, Less>::pop() {
    Path path;
    const std::size_t length = path_of_gap(path);
    return detail::take_out(items_.front(), [&] { close_gap(path, length); });
}

template <class T, class Less>
inline void LeastFirst<T, Less>::rise() {
    const std::size_t last = items_.size() - 1;
    std::size_t to = last;
    while (to != 0 && less_(items_[last], items_[parent_of(to)])) to = parent_of(to);
    if (to == last) return;
    T item = std::move(items_[last]);
    for (std::size_t at = last; at != to; at = parent_of(at)) items_[at] = std::move(items_[parent_of(at)]);
    items_[to] = std::move(item);
}

template <class T, class Less>
inline std::size_t LeastFirst<T, Less>::path_of_gap(Path& path) const {
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

template <class T, class Less>
inline void LeastFirst<T, Less>::close_gap(const Path& path, std::size_t length) {
    std::size_t gap = 0;
    for (std::size_t n = 0; n != length; ++n) {
        items_[gap] = std::move(items_[path[n]]);
        gap = path[n];
    }
    if (gap != items_.size() - 1) items_[gap] = std::move(items_.back());
    items_.pop_back();
}

}  // namespace heddle
