// Threads that differ in nothing but their number: of the executions that differ in nothing else, one is explored.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "events.hpp"

namespace heddle::engine::exhaustive {

/// By thread, another one.
using Renaming = std::array<std::uint16_t, most_threads + 1>;

/// Which threads are alike: some that follow each other are a group, and the groups follow each other from thread 1 on.
class Alike {
  public:
    /// `groups`: how many threads each has. Requires: all of them together are no more than most_threads.
    explicit Alike(const std::vector<int>& groups);

    /// The thread before that one in its group; 0 if there is none.
    unsigned before(unsigned thread) const { return before_[thread]; }
    /// The thread after that one in its group; 0 if there is none.
    unsigned after(unsigned thread) const { return after_[thread]; }
    bool is_in_group(unsigned thread) const { return before_[thread] != 0 || after_[thread] != 0; }

    /// How many ways there are to give the threads of each group their numbers.
    std::uint64_t permutations() const;
    /// One of those ways, and for all numbers in turn all of them. Requires: number < permutations().
    Renaming permutation(std::uint64_t number) const;

  private:
    std::array<std::uint8_t, most_threads + 1> before_{};
    std::array<std::uint8_t, most_threads + 1> after_{};
    std::vector<unsigned> sizes_;
};

/// Whether two threads have done the same in their first `count` events, and have found the same: then, if they are alike,
/// nothing in the graph tells them apart that far. A write always does, since it has a place of its own. Requires: both have
/// as many events.
bool have_same_past(const Events& events, unsigned one, unsigned other, std::size_t count);

/// The event of a thread before in the group that is to the other's past what `id` is to the same past of its thread; none
/// if there is no such thread, or it has not come as far. `id` itself is not looked at.
EventId counterpart_before(const Events& events, const Alike& alike, EventId id);
/// Likewise, of a thread after it in the group.
EventId counterpart_after(const Events& events, const Alike& alike, EventId id);

/// The first thread of the group that has the same past as this one, as far as that has come, and no next event yet. It is to
/// go on first: a thread's next event depends on its counterpart's.
unsigned first_with_same_past(const Events& events, const Alike& alike, unsigned thread);

/// In how many of the ways to give alike threads their numbers a graph is another one. Requires: its threads have ended.
std::uint64_t stands_for(const Events& events, const Alike& alike);

/// Whether two threads do the same with those events, whatever comes of it.
bool do_the_same(const Label& one, const Label& other);

}  // namespace heddle::engine::exhaustive
