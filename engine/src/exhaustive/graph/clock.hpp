// Who an event is, and which events something knows.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <compare>
#include <cstdint>

namespace heddle::engine::exhaustive {

/// Beside the first one. A futex queue packs its waiters into one value, four bits each.
inline constexpr unsigned most_threads = 15;

inline constexpr unsigned most_events_of_a_thread = 250;  ///< so that a clock counts in bytes: 16 of them are one join

struct EventId {
    std::uint16_t thread = none;
    std::uint16_t index = none;
    static constexpr std::uint16_t none = 0xffff;
    bool exists() const { return thread != none; }
    auto operator<=>(const EventId&) const = default;
    bool operator==(const EventId& other) const {  // both at once: it is asked more often than anything else
        return std::bit_cast<std::uint32_t>(*this) == std::bit_cast<std::uint32_t>(other);
    }
};

inline EventId event_id(unsigned thread, std::size_t index) {
    return {static_cast<std::uint16_t>(thread), static_cast<std::uint16_t>(index)};
}

/// For each thread, how many of its events are known.
class Clock {
  public:
    /// Knows so many events of one thread. To join this is faster than to set one count: a processor waits long for a load
    /// of 16 bytes one of which it has just stored.
    static Clock of(unsigned thread, unsigned count) {
        Clock clock;
        for (std::uint8_t t = 0; t != clock.known_.size(); ++t)
            clock.known_[t] =
                t == static_cast<std::uint8_t>(thread) ? static_cast<std::uint8_t>(count) : std::uint8_t{0};
        return clock;
    }
    unsigned operator[](unsigned thread) const { return known_[thread]; }
    void join(const Clock& other) {
        const auto mine = std::bit_cast<AtOnce>(known_);
        const auto theirs = std::bit_cast<AtOnce>(other.known_);
        known_ = std::bit_cast<Counts>(mine < theirs ? theirs : mine);
    }
    bool knows(EventId id) const { return id.index < known_[id.thread]; }
    /// Knows so many events of one thread at least.
    void raise(unsigned thread, unsigned count) {
        if (known_[thread] < count) known_[thread] = static_cast<std::uint8_t>(count);
    }
    /// The same of threads with other numbers: `to` has each one's.
    void rename(const std::array<std::uint16_t, most_threads + 1>& to) {
        const Counts known = known_;
        for (std::size_t thread = 0; thread != known.size(); ++thread) known_[to[thread]] = known[thread];
    }
    const std::uint8_t* bytes() const { return known_.data(); }

  private:
    using Counts = std::array<std::uint8_t, most_threads + 1>;
    using AtOnce [[gnu::vector_size(sizeof(Counts))]] =
        std::uint8_t;  // left to itself, a compiler takes one after the other
    alignas(16) Counts known_{};
};

}  // namespace heddle::engine::exhaustive
