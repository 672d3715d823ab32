// The places that are written to: their coherence orders, and who only reads.
#pragma once

#include <cstdint>
#include <vector>

#include "event.hpp"

namespace heddle::engine::exhaustive {

struct Location {
    std::vector<EventId> coherence;  ///< oldest first; the first is the construction
    std::vector<EventId> readers;    ///< those that only read; a read-modify-write follows what it has read
    unsigned stores = 0;             ///< writes in the coherence order that are neither the construction nor read first
    std::uint64_t initial = 0;       ///< what the construction leaves there
};

/// In the order of their beginning. They end in the reverse order, and their memory is used again.
class Locations {
  public:
    Location& operator[](LocationId location) { return locations_[location]; }
    const Location& operator[](LocationId location) const { return locations_[location]; }
    std::size_t size() const { return count_; }

    /// One more, without writes.
    Location& add() {
        Location& fresh = add_used();
        fresh.coherence.clear();
        fresh.readers.clear();
        fresh.stores = 0;
        fresh.initial = 0;
        return fresh;
    }
    /// One more, with what was there the last time: the caller overwrites all of it.
    Location& add_used() {
        if (count_ == locations_.size()) locations_.emplace_back().coherence.reserve(usual_writes);
        return locations_[count_++];
    }
    void shrink(std::size_t count) { count_ = count; }

  private:
    static constexpr std::size_t usual_writes = 16;  // of a location: room for as many from the start

    std::vector<Location> locations_;  // the first count_; what follows is memory to be used again
    std::size_t count_ = 0;
};

}  // namespace heddle::engine::exhaustive
