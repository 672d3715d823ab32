#include "alike.hpp"

#include <algorithm>
#include <numeric>

namespace heddle::engine::exhaustive {

namespace {

std::uint64_t factorial(std::uint64_t count) {
    std::uint64_t product = 1;
    for (; count > 1; --count) product *= count;
    return product;
}

/// Whether a thread has found the same with an event as another one, and goes on in the same way.
bool are_same(const Event& one, const Event& other) {
    if (one.kind != other.kind) return false;
    switch (one.kind) {
        case EventKind::read:
            return one.location == other.location && one.reads_from == other.reads_from && one.chosen == other.chosen &&
                   one.modification == other.modification;
        case EventKind::fence:
            return one.order == other.order && one.is_queue == other.is_queue;
        case EventKind::begin:
            return one.reads_from == other.reads_from;
        case EventKind::choice:
            return one.options == other.options && one.value == other.value;
        default:
            return false;
    }
}

}  // namespace

Alike::Alike(const std::vector<int>& groups) {
    unsigned first = 1;
    for (const int size : groups) {
        const auto end = first + static_cast<unsigned>(size);
        for (unsigned thread = first; thread + 1 < end; ++thread) {
            after_[thread] = static_cast<std::uint8_t>(thread + 1);
            before_[thread + 1] = static_cast<std::uint8_t>(thread);
        }
        sizes_.push_back(static_cast<unsigned>(size));
        first = end;
    }
}

std::uint64_t Alike::permutations() const {
    std::uint64_t product = 1;
    for (const unsigned size : sizes_) product *= factorial(size);
    return product;
}

Renaming Alike::permutation(std::uint64_t number) const {
    Renaming to{};
    std::iota(to.begin(), to.end(), std::uint16_t{0});
    unsigned first = 1;
    for (const unsigned size : sizes_) {
        std::vector<std::uint16_t> left(size);
        std::iota(left.begin(), left.end(), static_cast<std::uint16_t>(first));
        for (unsigned thread = first; !left.empty(); ++thread) {
            const auto which = static_cast<std::ptrdiff_t>(number % left.size());
            number /= left.size();
            to[thread] = left[static_cast<std::size_t>(which)];
            left.erase(left.begin() + which);
        }
        first += size;
    }
    return to;
}

bool have_same_past(const Events& events, unsigned one, unsigned other, std::size_t count) {
    for (std::size_t index = 0; index != count; ++index)
        if (!are_same(events[event_id(one, index)], events[event_id(other, index)])) return false;
    return true;
}

EventId counterpart_before(const Events& events, const Alike& alike, EventId id) {
    for (unsigned other = alike.before(id.thread); other != 0; other = alike.before(other))
        if (events.size(other) > id.index && have_same_past(events, other, id.thread, id.index))
            return event_id(other, id.index);
    return {};
}

EventId counterpart_after(const Events& events, const Alike& alike, EventId id) {
    for (unsigned other = alike.after(id.thread); other != 0; other = alike.after(other))
        if (events.size(other) > id.index && have_same_past(events, other, id.thread, id.index))
            return event_id(other, id.index);
    return {};
}

unsigned first_with_same_past(const Events& events, const Alike& alike, unsigned thread) {
    const std::size_t count = events.size(thread);
    unsigned first = thread;
    for (unsigned other = alike.before(thread); other != 0; other = alike.before(other))
        if (events.size(other) == count && have_same_past(events, other, thread, count)) first = other;
    return first;
}

std::uint64_t stands_for(const Events& events, const Alike& alike) {
    std::uint64_t same = 1;
    unsigned ranks = 1;  // of the threads with the same past that come together
    for (unsigned thread = 1; thread <= most_threads; ++thread) {
        const unsigned before = alike.before(thread);
        const bool is_same = before != 0 && events.size(before) == events.size(thread) &&
                             have_same_past(events, before, thread, events.size(thread));
        ranks = is_same ? ranks + 1 : 1;
        same *= ranks;
    }
    return alike.permutations() / same;
}

bool do_the_same(const Label& one, const Label& other) {
    const auto is_read = [](const Label& label) {
        return label.kind == EventKind::read || label.kind == EventKind::modify;
    };
    if (is_read(one) != is_read(other) || one.location != other.location) return false;
    if (!is_read(one))
        return one.kind == other.kind && one.order == other.order && one.is_queue == other.is_queue &&
               one.options == other.options && (one.kind == EventKind::choice || one.value == other.value);
    Modification mine = one.modification;
    Modification theirs = other.modification;
    if (mine.is_of_a_waiter() && theirs.is_of_a_waiter()) mine.operand = theirs.operand = 0;
    return mine == theirs && (mine.kind != Modification::Kind::none || one.order == other.order);
}

}  // namespace heddle::engine::exhaustive
