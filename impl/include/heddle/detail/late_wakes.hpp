// Wakes that come after a lock is given back.
#pragma once

#include <array>
#include <cstddef>

#include <heddle/platform/platform.hpp>

namespace heddle::detail {

/// Threads that are chosen under a lock, and woken when this ends: declared before the guard, after the lock is free. Who is
/// woken may run at once where the waking thread does, which has to wait for that; with the lock held both would wait.
/// `room`: more than so many are woken in part before.
template <Platform P, std::size_t room>
class LateWakes {
  public:
    LateWakes() = default;
    LateWakes(const LateWakes&) = delete;
    LateWakes& operator=(const LateWakes&) = delete;
    ~LateWakes() {
        if (count_ != 0) wake();
    }

    void add(typename P::futex_key sleeper) {
        if (count_ == room) wake();
        sleepers_[count_++] = sleeper;
    }

  private:
    void wake() {
        for (std::size_t n = 0; n != count_; ++n) P::wake_one(sleepers_[n]);
        count_ = 0;
    }

    std::array<typename P::futex_key, room> sleepers_;
    std::size_t count_ = 0;
};

}  // namespace heddle::detail
