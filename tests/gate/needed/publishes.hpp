#pragma once

#include <heddle/checker/model.hpp>

namespace heddle::fixtures {

// Holds, and needs each of its orders.
template <Platform P>
struct Publishes {
    static constexpr auto claim =
        "what was written before a release store is there after the acquire load that reads it";
    static constexpr int threads = 2;
    typename P::template plain<int> data{0, "data"};
    typename P::template atomic<int> ready{0, "ready"};

    void thread(int index) {
        if (index == 0) {
            data.write(1);
            ready.store(1, std::memory_order_release);
        } else if (ready.load(std::memory_order_acquire) == 1) {
            check(data.read() == 1, "it is there");
        }
    }
};
HEDDLE_MODEL(Publishes);

}  // namespace heddle::fixtures
