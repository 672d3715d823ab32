// The waiters of a futex, oldest first, packed into one value: four bits each, their number in the highest four.
#pragma once

#include <cstdint>

namespace heddle::engine::exhaustive {

constexpr unsigned waiters_in(std::uint64_t queue) { return static_cast<unsigned>(queue >> 60); }
constexpr unsigned waiter_at(std::uint64_t queue, unsigned at) { return (queue >> (4 * at)) & 15U; }

constexpr std::uint64_t with_waiter(std::uint64_t queue, unsigned thread) {
    const std::uint64_t count = waiters_in(queue);
    const std::uint64_t threads = (queue << 4 >> 4) | (std::uint64_t{thread} << (4 * count));
    return threads | ((count + 1) << 60);
}

constexpr bool has_waiter(std::uint64_t queue, unsigned thread) {
    for (unsigned at = 0; at != waiters_in(queue); ++at)
        if (waiter_at(queue, at) == thread) return true;
    return false;
}

constexpr std::uint64_t without_oldest(std::uint64_t queue) {
    const std::uint64_t count = waiters_in(queue);
    return count == 0 ? queue : ((queue << 4 >> 8) | ((count - 1) << 60));
}

constexpr std::uint64_t without_waiter(std::uint64_t queue, unsigned thread) {
    std::uint64_t result = 0;
    for (unsigned at = 0; at != waiters_in(queue); ++at)
        if (waiter_at(queue, at) != thread) result = with_waiter(result, waiter_at(queue, at));
    return result;
}

/// The same of threads with other numbers: `to` has each one's.
template <class Renaming>
constexpr std::uint64_t with_waiters_renamed(std::uint64_t queue, const Renaming& to) {
    std::uint64_t result = 0;
    for (unsigned at = 0; at != waiters_in(queue); ++at) result = with_waiter(result, to[waiter_at(queue, at)]);
    return result;
}

static_assert(without_oldest(with_waiter(with_waiter(0, 3), 5)) == with_waiter(0, 5));
static_assert(without_waiter(with_waiter(with_waiter(0, 3), 5), 5) == with_waiter(0, 3));

}  // namespace heddle::engine::exhaustive
