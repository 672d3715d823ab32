#include "counter.hpp"

#include <cassert>
#include <thread>

#include <heddle/unmodified.hpp>

HEDDLE_TEST(CounterCounts) {
    Counter counter;
    std::thread other([&] { counter.add(); });
    counter.add();
    other.join();
    assert(counter.count() == 2);
}

HEDDLE_BROKEN_TEST(CounterInAHurryRaces, data_race) {
    Counter counter;
    std::thread other([&] { counter.add_in_a_hurry(); });
    counter.add();
    other.join();
}
