// Values with which reads of loops that wait come to nothing.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

#include "exhaustive/graph/clock.hpp"

namespace heddle::engine::exhaustive {

/// Of the latest such read of each thread, in one run: a thread that looks again has seen nothing else in between, so what
/// it could not go on with then it cannot go on with now.
class DeadEnds {
  public:
    void clear() {
        if (!any_) return;
        for (Read& read : reads_) read.values.clear();
        any_ = false;
    }

    void add(EventId id, std::uint64_t value) {
        Read& read = reads_[id.thread];
        if (read.index != id.index) read.values.clear();
        read.index = id.index;
        if (!contains(id, value)) read.values.push_back(value);
        any_ = true;
    }

    bool contains(EventId id, std::uint64_t value) const {
        if (!any_) return false;
        const Read& read = reads_[id.thread];
        return read.index == id.index && std::find(read.values.begin(), read.values.end(), value) != read.values.end();
    }

  private:
    struct Read {
        std::uint16_t index = EventId::none;
        std::vector<std::uint64_t> values;
    };

    std::array<Read, most_threads + 1> reads_;
    bool any_ = false;
};

}  // namespace heddle::engine::exhaustive
