#pragma once

#include <heddle/checker/model.hpp>

namespace heddle::fixtures {

// Holds with weaker orders, too.
template <Platform P>
struct OrdersTooMuch {
    static constexpr auto claim = "a counter loses no step";
    static constexpr int threads = 2;
    typename P::template atomic<int> count{0, "count"};

    void thread(int) { count.fetch_add(1, std::memory_order_acq_rel); }
    void after() { check(count.load(std::memory_order_relaxed) == 2, "both are counted"); }
};
HEDDLE_MODEL(OrdersTooMuch);

}  // namespace heddle::fixtures
