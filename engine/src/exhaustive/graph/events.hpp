// The events of each thread, in program order, and all of them in the order of addition.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>
#include <vector>

#include "event.hpp"

namespace heddle::engine::exhaustive {

class Events {
  public:
    /// How many events a thread has; none, if there is no such thread.
    std::size_t size(unsigned thread) const { return sizes_[thread]; }
    std::size_t size() const { return order_.size(); }
    Event& operator[](EventId id) { return events_[id.thread][id.index]; }
    const Event& operator[](EventId id) const { return events_[id.thread][id.index]; }

    /// How many events a thread has up to its latest seq_cst one. Requires: its last event has its clocks.
    unsigned seq_csts(unsigned thread) const {
        return sizes_[thread] == 0 ? 0 : events_[thread][sizes_[thread] - 1U].seq_csts;
    }

    /// Every event, in the order of addition.
    const std::vector<EventId>& order() const { return order_; }

    /// What a thread knows before its event `id`, which is not its first.
    const Event& before(EventId id) const { return events_[id.thread][id.index - 1U]; }

    /// The last event of a thread that is known; null if there is none.
    const Event* last_known(unsigned thread, const Clock& known) const {
        const unsigned count = std::min<unsigned>(known[thread], sizes_[thread]);  // see learn()
        return count == 0 ? nullptr : &events_[thread][count - 1];
    }

    /// One more than the number of the last thread that has events.
    unsigned threads() const {
        unsigned threads = most_threads + 1;
        while (threads != 0 && sizes_[threads - 1] == 0) --threads;
        return threads;
    }

    /// Begins anew, in the memory that it has.
    void clear() {
        sizes_ = {};
        order_.clear();
        next_stamp_ = 0;
    }

    /// Adds an event at the end of a thread; it has no clocks yet.
    EventId append(unsigned thread, const Label& label);

    /// A read goes on to write, now.
    void become_modify(Event& read, std::uint64_t value) {
        read.kind = EventKind::modify;
        read.value = value;
        read.written = next_stamp_++;
    }

    /// Removes the event that was added last.
    void remove_last() {
        --sizes_[order_.back().thread];
        order_.pop_back();
    }

    /// Of each thread the first so many events.
    using Part = std::array<std::uint16_t, most_threads + 1>;
    /// The part of `last`, what it depends on, and everything added before the stamp `end`.
    Part part_of(std::uint32_t end, EventId last) const;
    Part whole() const { return sizes_; }
    bool contains(EventId id) const { return id.index < sizes_[id.thread]; }
    /// Becomes that part of others, or of itself, in the memory that it has.
    void assign(const Events& other, const Part& part);
    /// Each thread gets the number that `to` has for it.
    void rename(const std::array<std::uint16_t, most_threads + 1>& to);

  private:
    static constexpr std::size_t usual_events = 16;  // of a thread: room for as many from the start

    std::array<std::vector<Event>, most_threads + 1> events_;  // of each thread the first of sizes_
    std::array<std::uint16_t, most_threads + 1> sizes_{};
    std::vector<EventId> order_;
    std::uint32_t next_stamp_ = 0;
};

/// Those of some events that are there still, in the memory that `to` has. They may be the same.
inline void keep_of(const Events& events, const std::vector<EventId>& from, std::vector<EventId>& to) {
    if (to.size() < from.size()) to.resize(from.size());
    to.erase(std::copy_if(from.begin(), from.end(), to.begin(), [&events](EventId id) { return events.contains(id); }),
             to.end());
}

// Inlined, so that a label is stored once, field by field, where it belongs. A copy of what was just stored in pieces would
// have to wait for it.
[[gnu::always_inline]] inline EventId Events::append(unsigned thread, const Label& label) {
    const EventId id{static_cast<std::uint16_t>(thread), sizes_[thread]++};
    auto& events = events_[thread];
    if (events.size() < sizes_[thread]) {
        if (events.empty()) events.reserve(usual_events);
        events.emplace_back();
    }
    Event& event = events[id.index];
    static_cast<Label&>(event) = label;
    event.stamp = event.written = next_stamp_++;
    event.value_read = 0;
    event.chosen = 0;
    event.overtook = false;
    event.has_revisited = false;
    event.point = 0;
    order_.push_back(id);
    return id;
}

inline Events::Part Events::part_of(std::uint32_t end, EventId last) const {
    Part part{};
    const Clock& prefix = (*this)[last].prefix;
    for (unsigned thread = 0; thread != events_.size(); ++thread) {
        unsigned count = prefix[thread];
        while (count != sizes_[thread] && events_[thread][count].stamp < end) ++count;
        part[thread] = static_cast<std::uint16_t>(count);
    }
    return part;
}

inline void Events::rename(const std::array<std::uint16_t, most_threads + 1>& to) {
    auto events = std::move(events_);
    const auto sizes = sizes_;
    for (std::size_t thread = 0; thread != sizes.size(); ++thread) {
        events_[to[thread]] = std::move(events[thread]);
        sizes_[to[thread]] = sizes[thread];
    }
    for (EventId& id : order_) id.thread = to[id.thread];
    for (const EventId id : order_) exhaustive::rename((*this)[id], to);
}

inline void Events::assign(const Events& other, const Part& part) {
    if (this != &other) {
        next_stamp_ = other.next_stamp_;
        for (unsigned thread = 0; thread != events_.size(); ++thread) {
            const auto& from = other.events_[thread];
            auto& to = events_[thread];
            if (to.size() < part[thread]) to.resize(from.size());
            std::copy_n(from.begin(), part[thread], to.begin());
        }
    }
    sizes_ = part;
    keep_of(*this, other.order_, order_);
}

}  // namespace heddle::engine::exhaustive
