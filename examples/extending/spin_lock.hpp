// A spin lock of one's own, written against a Platform so that the code that ships is the code that is checked.
#pragma once

#include <heddle/platform/platform.hpp>
#include <heddle/platform/std_platform.hpp>

namespace mine {

template <heddle::Platform P>
class BasicSpinLock {
  public:
    void lock() {
        // Acquire: synchronizes-with the release in unlock.
        while (held_.exchange(true, std::memory_order_acquire)) P::yield();
    }
    bool try_lock() {
        // Acquire: as in lock.
        return !held_.exchange(true, std::memory_order_acquire);
    }
    void unlock() {
        // Release: synchronizes-with the acquire in lock and try_lock.
        held_.store(false, std::memory_order_release);
    }

  private:
    typename P::template atomic<bool> held_{false, "SpinLock.held"};
};

using SpinLock = BasicSpinLock<heddle::StdPlatform>;

}  // namespace mine
