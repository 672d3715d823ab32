#include "counter.hpp"

#include <mutex>

void Counter::add() {
    const std::lock_guard guard(mutex_);
    ++count_;
}

void Counter::add_in_a_hurry() { ++count_; }
